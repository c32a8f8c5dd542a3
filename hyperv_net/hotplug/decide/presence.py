"""What a run sees of each pair that the next one compares with."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.hotplug.decide.drain import drain_of, is_drained, is_transparent
from hyperv_net.hotplug.decide.situation import carrying, is_in, situation
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted, WantedPair


class PresentVf(NamedTuple):
    """A VF that is there: its name, its interface index, and whether its pair has it joined."""

    name: str
    ifindex: int
    joined: bool


class Presence(NamedTuple):
    """A pair as it was seen.

    `label` is what a person calls it, `carrier` the NIC that its traffic goes through ('': none)
    and `drained_by` the owners of its drain, once that was seen to be done: their VF may come and
    go.  `moves` counts how often the traffic was seen to go through another NIC than before,
    since the machine booted, and `drain_moves` how often by a drain or its end, which is none of
    those.
    """

    mac: str
    label: str
    vfs: tuple[PresentVf, ...] = ()
    carrier: str = ""
    drained_by: tuple[str, ...] = ()
    moves: int = 0
    drain_moves: int = 0


def present(
    before: tuple[Presence, ...], actual: ActualState, wanted: Wanted
) -> tuple[Presence, ...]:
    """The pairs as they are now; what they were `before` tells how often their traffic moved."""
    known = {one.mac: one for one in before}
    found = []
    for pair in wanted.pairs:
        then = known.get(pair.mac)
        now = _present(pair, actual, was_drained=then is not None and bool(then.drained_by))
        if then is not None:
            has_moved = bool(then.carrier and now.carrier and then.carrier != now.carrier)
            # The record of a drain that is being undone is there until that is seen to be done.
            is_drains = bool(then.drained_by) or drain_of(pair, actual) is not None
            now = now._replace(
                moves=then.moves + (has_moved and not is_drains),
                drain_moves=then.drain_moves + (has_moved and is_drains),
            )
        found.append(now)
    return tuple(found)


def _present(pair: WantedPair, actual: ActualState, *, was_drained: bool) -> Presence:
    here = situation(pair, actual)
    aggregate, synthetic = here.aggregate, here.card.synthetic
    link = carrying(here)
    vfs = []
    for vf in here.card.vfs:
        if is_transparent(pair, here):
            # hn(4) shows no master for a VF that it drives.
            joined = vf.nic.master is not None or actual.system is not System.LINUX
        else:
            joined = aggregate is not None and is_in(vf, aggregate)
        vfs.append(PresentVf(vf.nic.name, vf.ifindex, joined))
    drain = drain_of(pair, actual)
    is_done = drain is not None and (was_drained or is_drained(pair, actual))
    return Presence(
        pair.mac,
        aggregate.nic.name if aggregate else synthetic.nic.name if synthetic else pair.synthetic,
        tuple(sorted(vfs)),
        link.nic.name if link is not None else "",
        drain.owners if drain is not None and is_done else (),
    )
