"""A document without secrets, before it is drawn.

In what is drawn, and even in JSON, a value would be searched for among the words of the
document's own as well: a password `color` is in the style of a page, `settings` a key.  So it
is searched for in what may quote a file or another program, and nowhere else.
"""

from __future__ import annotations

import dataclasses

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.in_diffs import hidden_in_diff

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _Document = TypeVar("_Document")

#: Fields that have words of the program's own, and nothing that was read.
OWN_WORDS = frozenset(
    {
        *("schema", "version", "system", "level", "secrets", "counts", "basis"),
        *("severity", "fail_on", "rule", "action", "change", "purpose", "mode", "kind", "role"),
        *("event", "events", "actor", "step", "decided_by", "verb", "healthy", "happening"),
        *("time", "began", "since", "phase", "link", "state", "bus", "mac", "hardware_mac"),
    }
)

#: Fields that name something: a file, a key, a NIC.  Who names one after a secret tells it.
NAMES = frozenset(
    {
        *("file", "path", "name", "where", "root", "network_config", "inventory", "target"),
        *("key", "source", "to", "synthetic", "vf", "aggregate", "driver", "master", "nic"),
        *("primary", "active", "vf_name", "label", "relabel", "activate", "report"),
    }
)

#: Fields that are diffs, whose lines begin with marks.
_DIFFS = frozenset({"diff"})


def without_secrets(
    document: _Document, hide: Callable[[str], str], rename: Callable[[str], str] = str
) -> _Document:
    """The same document, in whose texts `hide` has hidden what is secret.

    It is made of dataclasses, records, dicts, lists and scalars; keys stay as they are, and of
    names no more is another than what `rename` makes of them.
    """
    hidden: _Document = _Hiding(hide, rename).hidden(document)
    return hidden


class _Hiding:
    """What is made of the texts of a document."""

    def __init__(self, hide: Callable[[str], str], rename: Callable[[str], str]) -> None:
        self._hide = hide
        self._rename = rename

    def hidden(self, value: Any) -> Any:
        return self._each(value, self._hide)

    def _each(self, value: Any, change: Callable[[str], str]) -> Any:
        if type(value) is str:
            return change(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
            return dataclasses.replace(value, **self._fields(fields, change))
        if isinstance(value, dict):
            return self._fields(value, change)
        if _is_record(value):
            fields = {name: getattr(value, name) for name in value._fields}
            return value._replace(**self._fields(fields, change))
        if isinstance(value, (tuple, list)):
            return type(value)(self._each(one, change) for one in value)
        return value

    def _fields(self, fields: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
        return {name: self._field(name, one, change) for name, one in fields.items()}

    def _field(self, name: str, value: Any, change: Callable[[str], str]) -> Any:
        if name in OWN_WORDS:
            return value
        if name in _DIFFS and type(value) is str:
            return hidden_in_diff(value, change)
        # What is more than a text has fields of its own, each of its kind.
        is_name = name in NAMES and _is_flat(value)
        return self._each(value, self._rename if is_name else change)


def _is_record(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _is_flat(value: Any) -> bool:
    """Whether it is a text, or a list of them and of numbers."""
    if isinstance(value, (tuple, list)) and not _is_record(value):
        return all(isinstance(one, (str, int)) for one in value)
    return isinstance(value, str)
