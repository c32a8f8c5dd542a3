"""What each path of a pair carried meanwhile, from counters that begin anew with each device."""

from __future__ import annotations

from hyperv_net.journal.entry import Role
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.journal.entry import Carried, Entry


class Path(NamedTuple):
    """Packets over one path."""

    received: int = 0
    sent: int = 0


class Packets(NamedTuple):
    """Packets over both."""

    synthetic: Path
    vf: Path


def counted(entries: Sequence[Entry]) -> Packets | None:
    """What was carried between the first of a pair's entries and the last; None where one is none.

    The counter of a VF goes with it, so that what it carried since it was last looked at is lost.
    """
    if len(entries) < 2:
        return None
    sums = dict.fromkeys(Role, Path())
    before = {one.role: one for one in entries[0].carried}
    for entry in entries[1:]:
        now = {one.role: one for one in entry.carried}
        for role, one in now.items():
            more = _since(before.get(role), one)
            sums[role] = Path(sums[role].received + more.received, sums[role].sent + more.sent)
        before = now
    return Packets(sums[Role.SYNTHETIC], sums[Role.VF])


def _since(before: Carried | None, now: Carried) -> Path:
    """What a NIC has carried since; all that it has where it is another one, or counts anew."""
    is_same = (
        before is not None
        and before.nic == now.nic
        and before.received <= now.received
        and before.sent <= now.sent
    )
    if before is None or not is_same:
        return Path(now.received, now.sent)
    return Path(now.received - before.received, now.sent - before.sent)
