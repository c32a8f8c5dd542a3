"""What the last run saw of the pairs, and what it had told of, in the run directory."""

from __future__ import annotations

import json
from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.presence import Presence, PresentVf
from hyperv_net.hotplug.kept.whole import replace
from hyperv_net.inventory import identifiers
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import believing

if TYPE_CHECKING:
    from typing import Any

SCHEMA = "hyperv-net/noticed/1"
_FILE = "noticed.json"
_SIZE_LIMIT = 4 << 20


class Noticed(NamedTuple):
    """What was seen by the last run, and the failures that have been told and go on.

    `since` is when the first run of this boot looked, RFC 3339 in UTC.
    """

    since: str
    pairs: tuple[Presence, ...] = ()
    failures: tuple[str, ...] = ()


def keep_noticed(directory: str, noticed: Noticed) -> None:
    """Leave it for the next run; the directory exists.  Raises OSError."""
    pairs = [{**one._asdict(), "vfs": [vf._asdict() for vf in one.vfs]} for one in noticed.pairs]
    document = {"schema": SCHEMA, **noticed._asdict(), "pairs": pairs}
    replace(f"{directory}/{_FILE}", json.dumps(document) + "\n")


def read_noticed(directory: str) -> Noticed | None:
    """What was kept; None where there is nothing that is believed, or nothing of this version's."""
    with suppress(ValueError, KeyError, TypeError, RecursionError, HypervNetError):
        document = json.loads(believing.read(directory, _FILE, _SIZE_LIMIT) or b"")
        if document["schema"] == SCHEMA:
            return Noticed(
                _text(document["since"]),
                tuple(map(_presence, document["pairs"])),
                tuple(map(_text, document["failures"])),
            )
    return None


def _presence(plain: Any) -> Presence:
    if identifiers.mac(plain["mac"]) != plain["mac"]:
        raise ValueError("mac")
    return Presence(
        plain["mac"],
        _text(plain["label"]),
        tuple(
            PresentVf(_text(one["name"]), _number(one["ifindex"]), one["joined"] is True)
            for one in plain["vfs"]
        ),
        _text(plain["carrier"]),
        tuple(map(_text, plain["drained_by"])),
        _number(plain["moves"]),
        _number(plain.get("drain_moves", 0)),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("no number")
    return value
