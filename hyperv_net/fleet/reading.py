"""A record from the line of a file, or from an object that an engine hands over.

What a line is, and what one that is no record is called, follows from its bytes alone, so that
it does not matter who split the file, and where.
"""

from __future__ import annotations

import hashlib
import json
import re

from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.model import LONGEST_ID, LONGEST_RECORD, Record
from hyperv_net.inventory.checked_json import Value, parse
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_REQUIRED = {"id", "inventory"}
_OPTIONAL = {"network_config", "target", "settings", "existing"}
#: What JSON passes over between values (RFC 8259, section 2), but for the end of a line.
_BLANK = b" \t\r"
_DIGEST = 16
RECORD = "record"
#: Objects and lists in each other; Python's own limit depends on who calls it.
_DEEPEST = 64
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
#: So much of a line shows that it is too long, whatever ends it.
ENOUGH = LONGEST_RECORD + len(b"\r\n") + 1
_HINT = "give each line an object with 'id', 'inventory' and 'network_config'"


class NoRecordError(HypervNetError):
    """What is wrong with what should be a record.

    `machine` is its id where that can be read, and None where it cannot.
    """

    def __init__(self, error: HypervNetError, machine: str | None) -> None:
        super().__init__(error.what, where=error.where, hint=error.hint)
        self.machine = machine


def line_of(line: str | bytes) -> bytes:
    """A line without its end, of one that is too long its beginning; nothing of one that is blank.

    It is the same of the line as far as ENOUGH.

    A text may have bytes in it that are no UTF-8, as Python's `surrogateescape` has them.
    """
    found = line if isinstance(line, bytes) else line.encode("utf-8", "surrogateescape")
    whole = found.removesuffix(b"\n").removesuffix(b"\r")[: LONGEST_RECORD + 1]
    return whole if len(whole) > LONGEST_RECORD or whole.strip(_BLANK) else b""


def name_of(line: bytes) -> str:
    """What a machine is called whose line has no id that can be read, the same for each such."""
    return f"line-{hashlib.sha256(line).hexdigest()[:_DIGEST]}"


def record_of_line(line: bytes, where: str = RECORD) -> Record:
    """The record that a line of JSON holds; `where` is what errors call it.

    Raises NoRecordError where it is none.
    """
    try:
        if len(line) > LONGEST_RECORD:
            raise HypervNetError(f"longer than {LONGEST_RECORD} bytes", where=where)
        text = line.decode("utf-8")
        if _is_too_deep(text):
            raise HypervNetError("nested too deeply", where=where)
        top = parse(text, where)
    except UnicodeDecodeError as error:
        told = HypervNetError(f"not UTF-8 at byte {error.start}", where=where)
        raise NoRecordError(told, None) from None
    except HypervNetError as error:
        # Its line is one of many, and `where` says which.
        column = 0 if isinstance(error.where, str) else error.where.column
        if column:
            error = HypervNetError(f"{error.what} at character {column}", where=where)
        raise NoRecordError(error, None) from None
    return _record(top)


def record_of(document: Mapping[str, Any], where: str = RECORD) -> Record:
    """The same of an object.  An inventory may be the object, or its text."""
    return _record(Value(dict(document), (), where))


def _record(top: Value) -> Record:
    try:
        return _checked(top)
    except HypervNetError as error:
        raise NoRecordError(error, _readable_id(top)) from None


def _checked(top: Value) -> Record:
    try:
        fields = top.only(_REQUIRED, _OPTIONAL)
    except HypervNetError as error:
        raise HypervNetError(error.what, where=error.where, hint=error.hint or _HINT) from None
    machine = fields["id"].checked(_id, f"a name of at most {LONGEST_ID} printable characters")
    inventory = fields["inventory"]
    text = inventory.plain if isinstance(inventory.plain, str) else json.dumps(inventory.plain)
    if _is_too_deep(text):
        raise inventory.error("nested too deeply")
    return Record(
        id=machine,
        inventory=text,
        network_config=fields["network_config"].text() if "network_config" in fields else None,
        target=fields["target"].text() if "target" in fields else None,
        settings={key: one.plain for key, one in _fields(fields, "settings").items()},
        existing={path: one.text() for path, one in _fields(fields, "existing").items()},
    )


def _is_too_deep(text: str) -> bool:
    """Whether a text of JSON has more in each other than any inventory has."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return False
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _readable_id(top: Value) -> str | None:
    found = top.plain.get("id") if isinstance(top.plain, dict) else None
    return _id(found) if isinstance(found, str) else None


def _fields(fields: Mapping[str, Value], key: str) -> dict[str, Value]:
    return fields[key].fields() if key in fields else {}


def is_id(text: str) -> bool:
    """Whether a machine may be called so."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable()


def _id(text: str) -> str | None:
    return text if is_id(text) else None
