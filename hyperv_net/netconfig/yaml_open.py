"""The mappings and lists of a YAML text that are open while its events are read."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hyperv_net.tree import Path

MERGE = "<<"
MERGING = "\x00merge"  # no key of a text can be this: control characters are refused


class Open:
    """A mapping or list whose end has not been read yet."""

    __slots__ = ("anchor", "at", "begin", "height", "key", "merged", "size_before", "value")

    def __init__(self, value: dict[str, Any] | list[Any], begin: Any, size: int) -> None:
        self.value = value
        self.begin = begin  # the event that opened it
        self.anchor: str | None = begin.anchor
        self.size_before = size
        self.height = 1
        self.key: str | None = None
        self.at: Any = None  # the event of the key
        self.merged: list[dict[str, Any]] = []


def way(opened: Iterable[Open]) -> Path:
    """The way to the value that is read now, through all that is open."""
    return tuple(
        len(one.value) if one.key is None else one.key.replace(MERGING, MERGE) for one in opened
    )
