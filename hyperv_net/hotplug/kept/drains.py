"""The drains of the moment, one file a pair, in the directory that each boot empties."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.whole import replace
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name
from hyperv_net.owners import MOST_OWNERS, PERSON, is_owner
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing, locks

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "hyperv-net/drained/1"

#: Bytes of a record: MOST_OWNERS of the longest names, and what else is in it.
_LARGEST = 8192
# Compiled when there is a drain to read.
_WORD = r"[a-z]{0,16}\Z"
_TIME = r"[0-9T:.Z+-]{0,40}\Z"

#: Fields that records of earlier versions lack.
_TIMES = ("uptime", "event_uptime")
_ADDED = ("owners", *_TIMES)

#: Seconds that no machine is up for.
_LONGEST_BOOT = 1e10


def read_drains(directory: str) -> tuple[Drain, ...]:
    """The drains that are recorded below `directory`, in the order of their MACs.

    A file that holds no record, or none that is believed, is passed over: whatever it was,
    it must not keep a VF from its aggregate.
    """
    try:
        names = sorted(os.listdir(f"{directory}/drained"))  # noqa: PTH208
    except OSError:
        return ()
    found = (_record(directory, name) for name in names if identifiers.mac(name) == name)
    return tuple(drain for drain in found if drain is not None)


def owning_events(directory: str) -> list[str]:
    """The events that own drains below `directory`."""
    found = (owner for drain in read_drains(directory) for owner in drain.owners)
    return [owner for owner in dict.fromkeys(found) if owner != PERSON]


def are_events_to_be_ended(directory: str) -> bool:
    """Whether events own drains below `directory`, or the end of one is still to be done."""
    return bool(owning_events(directory) or ending(directory))


def ending(directory: str) -> list[str]:
    """The MACs of the pairs whose drain below `directory` nobody owns, and is to be undone."""
    return [one.mac for one in read_drains(directory) if one.phase is Phase.ENDING]


def keep_drains(directory: str, drains: Iterable[Drain]) -> None:
    """Make `drains` what is recorded.  Raises OSError."""
    import json

    wanted = {drain.mac: drain for drain in drains}
    for drain in read_drains(directory):
        if drain.mac not in wanted:
            with suppress(FileNotFoundError):
                os.unlink(f"{directory}/drained/{drain.mac}")  # noqa: PTH108
    if not wanted:
        return
    locks.own_folder(f"{directory}/drained", locks.READABLE)
    for drain in wanted.values():
        fields = {**drain._asdict(), "phase": drain.phase.value}
        replace(
            f"{directory}/drained/{drain.mac}",
            json.dumps({"schema": SCHEMA, **fields}, indent=2) + "\n",
        )


def _record(directory: str, mac: str) -> Drain | None:
    import json

    try:
        document = json.loads(believing.read(directory, f"drained/{mac}", _LARGEST) or b"")
        fields = {key: document[key] for key in Drain._fields if key not in _ADDED}
        phase = Phase(fields["phase"])
        # Those of before there were owners are a person's, and what is to be undone is nobody's.
        owners = document.get("owners", [PERSON]) if phase is not Phase.ENDING else ()
        times = {key: document.get(key, 0.0) for key in _TIMES}
        drain = Drain(**{**fields, **times, "phase": phase, "owners": tuple(owners)})
    except (ValueError, KeyError, TypeError, RecursionError, HypervNetError):
        return None
    is_sound = (
        document.get("schema") == SCHEMA
        and drain.mac == mac
        and isinstance(drain.vf, int)
        and isinstance(drain.was_active, bool)
        and all(isinstance(one, str) for one in (drain.vf_name, drain.reselect, drain.since))
        and (is_interface_name(drain.vf_name) or (drain.vf_name, drain.vf) == ("", 0))
        and re.match(_WORD, drain.reselect)
        and re.match(_TIME, drain.since)
        and all(type(one) in (int, float) and 0 <= one < _LONGEST_BOOT for one in times.values())
        and _are_sound(drain.owners, drain.phase)
    )
    return drain if is_sound else None


def _are_sound(owners: tuple[object, ...], phase: Phase) -> bool:
    if not all(isinstance(one, str) and is_owner(one) for one in owners):
        return False
    least = 0 if phase is Phase.ENDING else 1
    return least <= len(set(owners)) == len(owners) <= MOST_OWNERS
