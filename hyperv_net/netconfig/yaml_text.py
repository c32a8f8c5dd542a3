"""YAML and JSON text as a tree that remembers where each value stood.

PyYAML's events are read instead of its Python objects, for three reasons:
nothing in the text can make the program build a class, recurse without end or
fill the memory; the line of a mistake is known; and a MAC address such as
52:54:00:12:34:56, which YAML 1.1 takes for a number in base 60, stays text.
Otherwise plain values mean what yaml.safe_load makes of them, because that is
what cloud-init reads its configuration with.
"""

from __future__ import annotations

import re

import yaml

from hyperv_net import tree
from hyperv_net.errors import HypervNetError, joined, raise_together
from hyperv_net.netconfig.yaml_open import MERGE, MERGING, Open, way
from hyperv_net.netconfig.yaml_values import STANDARD_TAGS, TAG, implicit_tag, value_of
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.hidden import HIDDEN
from hyperv_net.secrets.names import is_secret_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Union

    _Plain = Union[dict[str, Any], list[Any], tree.Scalar]

MAX_TEXT = 4 * 1024 * 1024
"""Characters of one text; whoever reads a file refuses a larger one before reading it."""

MAX_DEPTH = 32
"""Mappings and lists within each other, once aliases are put in place."""

MAX_SIZE = 200_000
"""Keys and values once aliases are put in place; each 64 characters count as one more."""

_MAX_KEY = 256

_FORBIDDEN_IN_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_FORBIDDEN_IN_VALUE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

#: libyaml where PyYAML has it: netplan reads with that, and it takes tabs that pure Python refuses.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(
    text: str, source: str, contradictions: list[HypervNetError] | None = None
) -> tree.Node:
    """The one document in `text`; an empty text is null.

    `source` names the file in errors.  Raises HypervNetError for anything
    that is not one plain YAML document within the limits above: syntax
    errors, control characters, a key given two values or that is not text, tags
    of other types, aliases that grow without bounds.

    With `contradictions` an error for each key given two values is added to these instead, and
    the first one holds, for whoever has more to say of the file.
    """
    builder = _Builder(source)
    try:
        plain = builder.build(_checked(text, source))
        if contradictions is None:
            raise_together(builder.contradictions)
        else:
            contradictions += builder.contradictions
        return tree.from_plain(plain)
    except HypervNetError as error:
        raised = joined([error, *builder.contradictions])
        raised.texts = {source: text}
        raise raised from None


def at(source: str, mark: Any) -> Place:
    """Where a mark of PyYAML is."""
    return Place(source, line=mark.line + 1, column=mark.column + 1)


def has_aliases(text: str) -> bool:
    """Whether something in a text that `read_yaml` has read stands for another part of it."""
    return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, LOADER))


def _checked(text: str, source: str) -> str:
    if len(text) > MAX_TEXT:
        raise HypervNetError(f"longer than {MAX_TEXT} characters", where=Place(source))
    text = text[1:] if text.startswith("\ufeff") else text
    bad = _FORBIDDEN_IN_TEXT.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        raise HypervNetError(
            f"not text: the character U+{ord(bad[0]):04X} is not allowed",
            where=Place(source, line=line, column=column),
        )
    return text


class _Builder:
    """Puts the values of one text together from events, without recursion."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._mark: Any = yaml.Mark(source, 0, 0, 0, None, 0)
        self._open: list[Open] = []
        self._root: list[_Plain] = []
        self._size = 0
        self._anchors: dict[str, tuple[_Plain, int, int]] = {}
        self._plain: dict[str, tree.Scalar] = {}
        self.contradictions: list[HypervNetError] = []

    def build(self, text: str) -> _Plain:
        for event in self._events(text):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._start({}, event, "map")
            elif kind is yaml.SequenceStartEvent:
                self._start([], event, "seq")
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                self._alias(event.anchor)
            elif kind is yaml.DocumentStartEvent and self._root:
                raise self._error("a second document begins here", "keep one document a file")
        return self._root[0] if self._root else None

    def _events(self, text: str) -> Iterator[Any]:
        last: Any = None
        try:
            events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
            for event in events:
                self._mark = event.start_mark
                last = event
                yield event
        except yaml.YAMLError as error:
            # Only here, since nothing is unclosed where a machine boots.
            from hyperv_net.netconfig.yaml_unclosed import opening

            mark: Any = getattr(error, "problem_mark", None)
            self._mark = self._mark if mark is None else mark
            opened = opening(text, error, self._open, last)
            if opened is not None:
                raise opened.error(self._source) from None
            problem = getattr(error, "problem", None) or str(error)
            # PyYAML without libyaml quotes what may be a password that begins with '!'.
            told = re.sub(r"(?<=tag handle) .*", "", problem)
            raise self._error(f"not YAML: {told}") from None
        except (ValueError, OverflowError):
            raise self._error("not YAML: an escape or a directive is out of range") from None

    def _error(self, what: str, hint: str = "") -> HypervNetError:
        return HypervNetError(what, where=at(self._source, self._mark), hint=hint)

    def _scalar(self, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            parent.key, parent.at = self._key(event), event
            self._grow(1)
            return
        value = self._meaning(event)
        size = 1 + len(event.value) // 64
        self._grow(size)
        if event.anchor:
            self._anchors[event.anchor] = (value, size, 0)
        self._put(value)

    def _key(self, event: Any) -> str:
        if event.value == MERGE and event.implicit[0]:
            return MERGING
        value = self._meaning(event)
        text: str = event.value
        if not isinstance(value, str) and not (type(value) is int and str(value) == text):
            raise self._error(f"the key {self._quoted(text)} is not text", "put it in quotes")
        if len(text) > _MAX_KEY:
            raise self._error(f"a key is longer than {_MAX_KEY} characters")
        return text

    def _start(self, empty: dict[str, Any] | list[Any], event: Any, tag: str) -> None:
        if event.tag not in (None, "!", TAG + tag):
            raise self._tag_error(event.tag)
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            raise self._error("a key is a list or a mapping", "use text as the key")
        if len(self._open) == MAX_DEPTH:
            raise self._too_deep()
        self._anchors.pop(event.anchor, None)
        self._open.append(Open(empty, event, self._size))
        self._grow(1)

    def _end(self) -> None:
        done = self._open.pop()
        for base in done.merged:
            for key, value in base.items():
                done.value.setdefault(key, value)  # type: ignore[union-attr]
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._size - done.size_before, done.height)
        self._raise_height(done.height)
        self._put(done.value)

    def _alias(self, anchor: str) -> None:
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            raise self._error("a key is an alias", "use text as the key")
        if anchor not in self._anchors:
            named = self._quoted(f"*{anchor}")
            raise self._error(f"nothing complete is named by the alias {named}")
        value, size, height = self._anchors[anchor]
        self._grow(size)
        if len(self._open) + height > MAX_DEPTH:
            raise self._too_deep()
        self._raise_height(height)
        self._put(value)

    def _put(self, value: _Plain) -> None:
        if not self._open:
            self._root.append(value)
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
            return
        if parent.key == MERGING:
            parent.merged += self._bases(value)
        else:
            assert parent.key is not None
            first = parent.value.setdefault(parent.key, value)
            if type(first) is not type(value) or first != value:
                self._note_contradiction(parent.key, parent.at)
        parent.key = None

    def _note_contradiction(self, key: str, event: Any) -> None:
        """A key given twice must say the same twice: YAML readers keep the last in silence."""
        start, end = event.start_mark, event.end_mark
        numbers = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        what = f"the key {key[:40]!r} is there twice with different values"
        where = Place(self._source, way(self._open), *numbers)
        self.contradictions.append(HypervNetError(what, where=where, hint="keep one of them"))

    def _bases(self, value: _Plain) -> list[dict[str, Any]]:
        """What a merge key names: one mapping, or a list of them, the first being the strongest."""
        named = value if isinstance(value, list) else [value]
        bases = [base for base in named if isinstance(base, dict)]
        if len(bases) != len(named):
            raise self._error("'<<' takes a mapping or a list of mappings")
        return bases

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MAX_SIZE:
            raise self._error(f"more than {MAX_SIZE} values, aliases counted as often as used")

    def _raise_height(self, below: int) -> None:
        if self._open:
            self._open[-1].height = max(self._open[-1].height, below + 1)

    def _too_deep(self) -> HypervNetError:
        return self._error(f"nested deeper than {MAX_DEPTH} levels")

    def _tag_error(self, tag: str) -> HypervNetError:
        shown = self._quoted(tag.replace(TAG, "!!"))
        return self._error(f"values of the type {shown} are not read", "remove the tag")

    def _quoted(self, text: str) -> str:
        """A part of the text as an error quotes it: a password may begin as an alias does."""
        path = tuple(one.key for one in self._open if one.key is not None)
        return HIDDEN if is_secret_path(path) else repr(text[:40])

    def _meaning(self, event: Any) -> tree.Scalar:
        text: str = event.value
        plain = event.tag is None and event.implicit[0]
        if plain and text in self._plain:
            return self._plain[text]
        value = self._read_value(event, text)
        if plain:
            self._plain[text] = value
        return value

    def _read_value(self, event: Any, text: str) -> tree.Scalar:
        bad = _FORBIDDEN_IN_VALUE.search(text)
        if bad:
            raise self._error(f"a value has the control character U+{ord(bad[0]):04X}")
        if event.tag in (None, "!"):
            tag = implicit_tag(text) if event.implicit[0] else TAG + "str"
        elif event.tag in STANDARD_TAGS:
            tag = event.tag
        else:
            raise self._tag_error(event.tag)
        try:
            return value_of(tag, text)
        except ValueError:
            name = tag[len(TAG) :]
            raise self._error(f"not a usable {name}: {self._quoted(text)}") from None
