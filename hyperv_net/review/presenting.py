"""A document without secrets, before it is drawn.

In what is drawn, and even in JSON, a value would be searched for among the words of the
document's own as well: a password `color` is in the style of a page, `settings` a key.
"""

from __future__ import annotations

import dataclasses

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _Document = TypeVar("_Document")

#: Fields that have words of the program's own, and nothing that was read.
OWN_WORDS = frozenset(
    {
        *("schema", "version", "system", "level", "secrets", "counts", "basis"),
        *("severity", "fail_on", "rule", "action", "change", "purpose", "mode", "kind", "role"),
        *("event", "events", "actor", "step", "decided_by"),
    }
)


def without_secrets(document: _Document, hide: Callable[[str], str]) -> _Document:
    """The same document, in whose texts `hide` has hidden what is secret.

    It is made of dataclasses, dicts, lists and scalars; keys stay as they are.
    """
    hidden: _Document = _hidden(document, hide)
    return hidden


def _hidden(value: Any, hide: Callable[[str], str]) -> Any:
    if type(value) is str:
        return hide(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return dataclasses.replace(value, **_fields(fields, hide))
    if isinstance(value, dict):
        return _fields(value, hide)
    if isinstance(value, (tuple, list)):
        return type(value)(_hidden(one, hide) for one in value)
    return value


def _fields(fields: dict[str, Any], hide: Callable[[str], str]) -> dict[str, Any]:
    return {name: one if name in OWN_WORDS else _hidden(one, hide) for name, one in fields.items()}
