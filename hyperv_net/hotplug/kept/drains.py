"""The drains of the moment, one file a pair, in the directory that each boot empties."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.inventory import identifiers, rooted
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "hyperv-net/drained/1"

_WORD = re.compile(r"[a-z]{0,16}\Z")
_TIME = re.compile(r"[0-9T:.Z+-]{0,40}\Z")


def read_drains(directory: str) -> tuple[Drain, ...]:
    """The drains that are recorded below `directory`, in the order of their MACs.

    A file that holds no record is passed over: whatever it was, it must not
    keep a VF from its aggregate.
    """
    try:
        names = sorted(os.listdir(f"{directory}/drained"))  # noqa: PTH208
    except OSError:
        return ()
    found = (_record(directory, name) for name in names if identifiers.mac(name) == name)
    return tuple(drain for drain in found if drain is not None)


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
    os.makedirs(f"{directory}/drained", mode=0o755, exist_ok=True)  # noqa: PTH103
    for drain in wanted.values():
        fields = {**drain._asdict(), "phase": drain.phase.value}
        _replace(
            f"{directory}/drained/{drain.mac}",
            json.dumps({"schema": SCHEMA, **fields}, indent=2) + "\n",
        )


def _replace(path: str, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    # One writer at a time holds the worker's lock, so the name need not be unique.
    descriptor = os.open(f"{path}.new", flags, 0o644)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
    os.replace(f"{path}.new", path)  # noqa: PTH105


def _record(directory: str, mac: str) -> Drain | None:
    import json

    try:
        document = json.loads(rooted.regular_text(f"{directory}/drained/{mac}") or "")
        fields = {key: document[key] for key in Drain._fields}
        drain = Drain(**{**fields, "phase": Phase(fields["phase"])})
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_sound = (
        document.get("schema") == SCHEMA
        and drain.mac == mac
        and isinstance(drain.vf, int)
        and isinstance(drain.was_active, bool)
        and all(isinstance(one, str) for one in (drain.vf_name, drain.reselect, drain.since))
        and is_interface_name(drain.vf_name)
        and _WORD.match(drain.reselect)
        and _TIME.match(drain.since)
    )
    return drain if is_sound else None
