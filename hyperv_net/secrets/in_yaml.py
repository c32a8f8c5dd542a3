"""Where secrets stand in YAML and JSON: at the paths whose keys are of secrets.

The events are read and not the values, so that each scalar's place is known, whatever its
style, and a text that nobody has checked yet can ask for nothing: no alias is expanded.
"""

from __future__ import annotations

import re

import yaml

from hyperv_net.netconfig.yaml_text import LOADER, MAX_DEPTH
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.secrets.names import is_secret_path
from hyperv_net.secrets.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hyperv_net.tree import Path


class _Scalar(NamedTuple):
    """A scalar: the path of its keys, where it is, and the anchors that it is at or below."""

    path: Path
    place: Place
    anchors: tuple[str, ...]


class _Alias(NamedTuple):
    """A name for what stands elsewhere in the text, and where it is itself."""

    path: Path
    anchor: str
    anchors: tuple[str, ...]
    place: Place


class _Ahead(NamedTuple):
    """The name of an anchor or a tag ahead of a value: of a secret it may be the first word."""

    path: Path
    place: Place
    anchors: tuple[str, ...] = ()


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("anchors", "index", "is_mapping", "key")

    def __init__(self, is_mapping: bool, anchors: tuple[str, ...]) -> None:
        self.is_mapping = is_mapping
        self.anchors = anchors
        self.key: str | None = None
        self.index = 0


#: More than any text has that is read as a configuration.
_MAX_DEPTH = 2 * MAX_DEPTH

#: An anchor, or a tag that is none of YAML's own (`!!str`), which say nothing.
_PROPERTY = re.compile(r"(?<!\S)(?:&|!(?!!))(\S+)")

#: The key of a value whose key is no scalar.
_NO_KEY = "?"


def find(text: str) -> tuple[Place, ...] | None:
    """The places of secrets; None where the text is not YAML with a mapping at its top."""
    offset = 1 if text.startswith("\ufeff") else 0
    try:
        found = list(_Reader(text[offset:]).read())
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return None
    if not found:
        return None
    secret = _secret_anchors([one for one in found if isinstance(one, _Alias)])
    # An alias of what is nowhere is a secret that begins with `*`.
    named = {anchor for one in found for anchor in one.anchors}
    # An anchor that no alias names is a word of the secret, and so is any tag.
    asked = {one.anchor for one in found if isinstance(one, _Alias)}
    return tuple(
        one.place._replace(start=one.place.start + offset, end=one.place.end + offset)
        for one in found
        if one.place.end > one.place.start
        and not (isinstance(one, _Alias) and one.anchor in named)
        and not (isinstance(one, _Ahead) and one.place.value in asked)
        and (is_secret_path(one.path) or not secret.isdisjoint(one.anchors))
    )


def _secret_anchors(aliases: list[_Alias]) -> set[str]:
    """The anchors that a secret place names, also by way of others."""
    secret: set[str] = set()
    size = -1
    while size < len(secret):
        size = len(secret)
        for one in aliases:
            if is_secret_path(one.path) or not secret.isdisjoint(one.anchors):
                secret.add(one.anchor)
    return secret


class _Reader:
    """One pass over the events of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Open] = []

    def read(self) -> Iterator[_Scalar | _Alias | _Ahead]:
        """The values, what is ahead of them, and aliases; nothing but for a mapping at the top."""
        events: Iterator[Any] = yaml.parse(self._text, Loader=LOADER)
        for event in events:
            kind = type(event)
            if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if not self._open and kind is not yaml.MappingStartEvent:
                    return
                yield from self._ahead(event, self._path(), event.end_mark.index)
                self._start(event, is_mapping=kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._open.pop()
                self._value_is_done()
            elif kind is yaml.ScalarEvent:
                if not self._open:
                    return
                if self._awaits_key():
                    self._open[-1].key = event.value
                else:
                    path, anchors, place = self._path(), self._anchors(event), self._place(event)
                    yield _Scalar(path, place, anchors)
                    yield from self._ahead(event, path, place.start)
                    self._value_is_done()
            elif kind is yaml.AliasEvent:
                place = Place(event.start_mark.index, event.end_mark.index, event.anchor)
                yield _Alias(self._path(), event.anchor, self._open[-1].anchors, place)
                self._value_is_done()

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_mapping and self._open[-1].key is None

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        if len(self._open) == _MAX_DEPTH:
            raise ValueError("nested deeper than anything that is read")
        self._open.append(_Open(is_mapping, self._anchors(event)))

    def _value_is_done(self) -> None:
        if self._open:
            parent = self._open[-1]
            # What stands where a key should is one: its value comes next.
            parent.key = _NO_KEY if self._awaits_key() else None
            parent.index += 1

    def _path(self) -> Path:
        return tuple((one.key or _NO_KEY) if one.is_mapping else one.index for one in self._open)

    def _anchors(self, event: Any) -> tuple[str, ...]:
        above = self._open[-1].anchors if self._open else ()
        return (*above, event.anchor) if event.anchor else above

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            newline = self._text.find("\n", start, end)
            start = newline + 1 if newline >= 0 else end
        elif event.style in ("'", '"'):
            # The mark is ahead of a tag or an anchor, which end before the quote.
            start, end = self._text.index(event.style, start) + 1, end - 1
        elif event.value:
            start = self._after_properties(start, end)
        else:
            # A secret that begins with `&` or `!`, which is an anchor or a tag of nothing.
            return Place(start, end, self._text[start:end].strip("&! "))
        return Place(start, end, event.value)

    def _ahead(self, event: Any, path: Path, end: int) -> Iterator[_Ahead]:
        """The anchor and the tag of a value that begins at `end`."""
        for found in _PROPERTY.finditer(self._text, event.start_mark.index, end):
            yield _Ahead(path, Place(*found.span(1), found[1]))

    def _after_properties(self, start: int, end: int) -> int:
        """Where a plain scalar begins behind its tag and anchor."""
        while start < end and self._text[start] in "&!":
            while start < end and not self._text[start].isspace():
                start += 1
            while start < end and self._text[start].isspace():
                start += 1
        return start
