"""The journal's lines: one JSON object an entry."""

from __future__ import annotations

import json
import re

from hyperv_net.inventory import identifiers
from hyperv_net.journal.entry import Carried, Entry, Happening, Role
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: Characters of an entry's text, and NICs whose packets it has, so that a line has an end.
_LONGEST_TEXT = 500
_MOST_NICS = 16

_LONGEST_LINE = 16 << 10
_LARGEST_COUNT = 2**64

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")
_NOT_BEFORE = re.compile(r"[0-9T:.Z+-]{0,40}\Z")
_OWNER = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_.:-]{0,191})?\Z")


class Told(NamedTuple):
    """The entries that a text tells of, in its order, and how many of its lines are none."""

    entries: tuple[Entry, ...] = ()
    damaged: int = 0


def line_of(entry: Entry) -> str:
    """The entry's line, with its end; of a text that is too long the beginning."""
    fields = entry._asdict()
    fields["happening"] = entry.happening.value
    fields["text"] = entry.text[:_LONGEST_TEXT]
    fields["carried"] = [
        {**one._asdict(), "role": one.role.value} for one in entry.carried[:_MOST_NICS]
    ]
    kept = {name: value for name, value in fields.items() if value}
    return json.dumps(kept, separators=(",", ":")) + "\n"


def told(lines: Iterable[str]) -> Told:
    """What the lines tell; an empty one is no line."""
    entries, damaged = [], 0
    for line in lines:
        if not line.strip():
            continue
        entry = entry_of(line)
        if entry is None:
            damaged += 1
        else:
            entries.append(entry)
    return Told(tuple(entries), damaged)


def entry_of(line: str) -> Entry | None:
    """The entry that a line tells of; None where it is damaged, or nothing of this version's."""
    if len(line) > _LONGEST_LINE:
        return None
    try:
        return checked(json.loads(line))
    except (ValueError, RecursionError):
        return None


def checked(plain: Any) -> Entry:
    """The entry that a value from outside is.  Raises ValueError where it is none."""
    if not isinstance(plain, dict):
        raise ValueError("not an object")
    carried = plain.get("carried", [])
    if not isinstance(carried, list) or len(carried) > _MOST_NICS:
        raise ValueError("carried")
    mac = _text(plain, "mac")
    if mac and identifiers.mac(mac) != mac:
        raise ValueError("mac")
    return Entry(
        time=_text(plain, "time", _TIME),
        happening=Happening(_text(plain, "happening")),
        text=_text(plain, "text")[:_LONGEST_TEXT],
        mac=mac,
        owner=_text(plain, "owner", _OWNER),
        not_before=_text(plain, "not_before", _NOT_BEFORE),
        carried=tuple(map(_carried, carried)),
        label=_label(plain),
    )


def _carried(plain: Any) -> Carried:
    if not isinstance(plain, dict) or not is_interface_name(_text(plain, "nic")):
        raise ValueError("nic")
    role = Role(_text(plain, "role"))
    return Carried(plain["nic"], role, _count(plain, "received"), _count(plain, "sent"))


def _label(plain: dict[str, Any]) -> str:
    label = _text(plain, "label")
    if label and not is_interface_name(label):
        raise ValueError("label")
    return label


def _text(plain: dict[str, Any], key: str, pattern: re.Pattern[str] | None = None) -> str:
    value = plain.get(key)
    if value is None:
        value = ""
    if not isinstance(value, str) or (pattern is not None and not pattern.match(value)):
        raise ValueError(key)
    return value


def _count(plain: dict[str, Any], key: str) -> int:
    value = plain.get(key)
    if type(value) is not int or not 0 <= value < _LARGEST_COUNT:
        raise ValueError(key)
    return value
