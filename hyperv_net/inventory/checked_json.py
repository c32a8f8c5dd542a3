"""JSON from outside, in which every value knows its place for the message about it."""

from __future__ import annotations

import json

from hyperv_net.errors import HypervNetError, of_file
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum
    from typing import Any, TypeVar

    from hyperv_net.tree import Key, Path

    Choice = TypeVar("Choice", bound=Enum)

_LONGEST_SHOWN = 60
_MOST_DIGITS = 20


class _TwiceError(ValueError):
    """An object of the file has two values for one key."""


def parse(text: str, source: str) -> Value:
    """The value that `text` holds; `source` names the file.

    Raises HypervNetError for text that is not JSON or has a key twice.
    """
    try:
        plain = json.loads(text, parse_int=_number, object_pairs_hook=_object)
    except RecursionError:
        raise of_file(source, "nested too deeply") from None
    except _TwiceError as error:
        raise of_file(source, str(error), "remove one of them") from None
    except json.JSONDecodeError as error:
        from hyperv_net.places import Place

        where = Place(source, line=error.lineno, column=error.colno)
        raise HypervNetError(f"not JSON: {error.msg}", where=where) from None
    return Value(plain, (), source)


def parse_bytes(data: bytes, source: str) -> Value:
    """The same of text in UTF-8, which may begin with a byte order mark (RFC 8259, 8.1)."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise of_file(source, f"not UTF-8 at byte {error.start}") from None
    return parse(text, source)


def _number(digits: str) -> int | float:
    # Longer numbers are no number of this file's; int() would take its time, or refuse.
    return int(digits) if len(digits) <= _MOST_DIGITS else float("inf")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _TwiceError(f"the key {shown(key)} stands twice in one object")
            seen.add(key)
    return fields


class Value(NamedTuple):
    """A value of the file and where it stands in it.

    The methods raise HypervNetError where the value is not what they return.
    """

    plain: Any
    path: Path
    source: str

    def error(self, what: str, hint: str = "") -> HypervNetError:
        """What is wrong with this value, to be raised."""
        from hyperv_net.places import Place

        return HypervNetError(what, where=Place(self.source, self.path), hint=hint)

    def _below(self, key: Key, plain: Any) -> Value:
        return Value(plain, (*self.path, key), self.source)

    def fields(self) -> dict[str, Value]:
        """The fields of an object that are not null."""
        if not isinstance(self.plain, dict):
            raise self.error(f"not an object: {shown(self.plain)}")
        return {k: self._below(k, v) for k, v in self.plain.items() if v is not None}

    def only(self, required: set[str], optional: set[str]) -> dict[str, Value]:
        """The same of an object that has all of `required`, and none but those and `optional`."""
        fields = self.fields()
        for key in sorted(required - fields.keys()):
            raise self.error(f"has no {key!r}")
        for key in sorted(fields.keys() - required - optional):
            raise fields[key].error("unknown key")
        return fields

    def elements(self) -> list[Value]:
        """The elements of a list."""
        if not isinstance(self.plain, list):
            raise self.error(f"not a list: {shown(self.plain)}")
        return [self._below(index, element) for index, element in enumerate(self.plain)]

    def text(self) -> str:
        """A text, whatever is in it."""
        if not isinstance(self.plain, str):
            raise self.error(f"not a text: {shown(self.plain)}")
        return self.plain

    def boolean(self) -> bool:
        """True or false, and no number."""
        if not isinstance(self.plain, bool):
            raise self.error(f"neither true nor false: {shown(self.plain)}")
        return self.plain

    def checked(self, check: Callable[[str], str | None], what: str) -> str:
        """A text in the form that `check` gives it; `what` is what it should have been."""
        found = check(self.text())
        if found is None:
            raise self.error(f"not {what}: {shown(self.plain)}")
        return found

    def one_of(self, choice: type[Choice]) -> Choice:
        """The member of `choice` that has this text for its value."""
        try:
            return choice(self.text())
        except ValueError:
            choices = ", ".join(str(one.value) for one in choice)
            raise self.error(f"{shown(self.plain)} is none of {choices}") from None


def shown(plain: Any) -> str:
    """A value as a message shows it: in ASCII, on one line and not too long."""
    if isinstance(plain, dict):
        return "an object"
    if isinstance(plain, list):
        return "a list"
    shown = json.dumps(plain)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
