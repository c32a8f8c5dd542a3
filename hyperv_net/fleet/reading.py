"""A record from the line of a file, or from an object that an engine hands over."""

from __future__ import annotations

import json

from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.model import LONGEST_ID, LONGEST_RECORD, Record
from hyperv_net.inventory.checked_json import Value, parse
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_REQUIRED = {"id", "inventory"}
_OPTIONAL = {"network_config", "target", "settings", "existing"}
_HINT = "give each line an object with 'id', 'inventory' and 'network_config'"


def record_of_line(line: str, where: str) -> Record:
    """The record that a line of JSON holds; `where` is what errors call it.

    Raises HypervNetError where it is none.
    """
    if len(line) > LONGEST_RECORD:
        raise HypervNetError(f"longer than {LONGEST_RECORD} characters", where=where)
    return _record(parse(line, where))


def record_of(document: Mapping[str, Any], where: str = "record") -> Record:
    """The same of an object.  An inventory may be the object, or its text."""
    return _record(Value(dict(document), (), where))


def _record(top: Value) -> Record:
    try:
        fields = top.only(_REQUIRED, _OPTIONAL)
    except HypervNetError as error:
        raise HypervNetError(error.what, where=error.where, hint=error.hint or _HINT) from None
    machine = fields["id"].checked(_id, f"a name of at most {LONGEST_ID} printable characters")
    inventory = fields["inventory"]
    text = inventory.plain if isinstance(inventory.plain, str) else json.dumps(inventory.plain)
    return Record(
        id=machine,
        inventory=text,
        network_config=fields["network_config"].text() if "network_config" in fields else None,
        target=fields["target"].text() if "target" in fields else None,
        settings={key: one.plain for key, one in _fields(fields, "settings").items()},
        existing={path: one.text() for path, one in _fields(fields, "existing").items()},
    )


def _fields(fields: Mapping[str, Value], key: str) -> dict[str, Value]:
    return fields[key].fields() if key in fields else {}


def _id(text: str) -> str | None:
    return text if 0 < len(text) <= LONGEST_ID and text.isprintable() else None
