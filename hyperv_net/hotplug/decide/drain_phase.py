"""When a drain begins, who still wants it, and when it is over.

A pair is drained as long as somebody owns its drain.  A person's part ends when the VF
has left and one has come back, and where the VF was set down also when anybody has set it up:
the migration is over then.  An event's lasts until that is over.  The VF that comes back
meanwhile is drained as the one before it was, and one that anybody sets up is set down again.
"""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.hotplug.decide.drain import (
    bond_back,
    bond_moved,
    drained_vf,
    is_bond,
    names_vf,
    obstacle,
    vf_to_drain,
)
from hyperv_net.hotplug.decide.situation import is_in, situation
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.owners import MOST_OWNERS, PERSON
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from hyperv_net.hotplug.decide.situation import Situation
    from hyperv_net.hotplug.look.state import ActualState, Link
    from hyperv_net.hotplug.wanted import Wanted, WantedPair


def begun(
    actual: ActualState, wanted: Wanted, macs: Collection[str], now: str, owner: str = PERSON
) -> tuple[Drain, ...]:
    """The drains with one of `owner` for each of the pairs `macs` that has no obstacle.

    A pair without a VF gets none of a person's, which its return would end, but one of an
    event's, so that the VF that comes is drained.  A second call keeps what the first one found,
    and of MOST_OWNERS that a pair has no other is added.
    """
    drains = {drain.mac: drain for drain in going_on(actual, wanted)}
    for pair in wanted.pairs:
        vf = vf_to_drain(pair, actual)
        is_none = vf is None and owner == PERSON
        if pair.mac not in macs or is_none or obstacle(pair, actual):
            continue
        before = drains.get(pair.mac)
        if before is None or before.phase is Phase.ENDING:
            drains[pair.mac] = _owned(_new(pair, vf, before, actual, now), owner, actual)
        elif owner not in before.owners and len(before.owners) < MOST_OWNERS:
            drains[pair.mac] = _owned(before, owner, actual)
    return tuple(drains.values())


def _new(
    pair: WantedPair, vf: Link | None, before: Drain | None, actual: ActualState, now: str
) -> Drain:
    """A drain of the VF, or of the one to come; `before` is one that was not undone yet."""
    aggregate = situation(pair, actual).aggregate
    return Drain(
        mac=pair.mac,
        vf=vf.ifindex if vf is not None else 0,
        vf_name=vf.nic.name if vf is not None else "",
        # The bond holds what the drain before it put there.
        reselect=before.reselect if before else (aggregate.reselect if aggregate else None) or "",
        was_active=vf is not None
        and (
            (before is not None and before.was_active and names_vf(before, vf))
            or (aggregate is not None and aggregate.active == vf.nic.name)
        ),
        since=now,
        owners=(),
        uptime=actual.uptime,
    )


def _owned(drain: Drain, owner: str, actual: ActualState) -> Drain:
    """The drain with one owner more."""
    event_uptime = drain.event_uptime if owner == PERSON else actual.uptime
    return drain._replace(owners=(*drain.owners, owner), event_uptime=event_uptime)


def ended(
    actual: ActualState, macs: Collection[str], owner: str | None = PERSON
) -> tuple[Drain, ...]:
    """The drains without `owner` (None: without any) in those of the pairs `macs`.

    One that nobody owns any more is to be undone.
    """
    return tuple(_without(drain, owner) if drain.mac in macs else drain for drain in actual.drains)


def _without(drain: Drain, owner: str | None) -> Drain:
    left = tuple(one for one in drain.owners if owner is not None and one != owner)
    if left:
        return drain._replace(owners=left)
    return drain._replace(owners=(), phase=Phase.ENDING)


def of_persons(drain: Drain) -> Drain:
    """The drain without any event."""
    if PERSON in drain.owners:
        return drain._replace(owners=(PERSON,))
    return _without(drain, None)


def going_on(actual: ActualState, wanted: Wanted) -> tuple[Drain, ...]:
    """The drains as they stand now: what is done moved on, what is over left out.

    This alone decides when a drain ends; the steps follow from the phase.
    """
    pairs = {pair.mac: pair for pair in wanted.pairs}
    found = (
        _phase(drain, pairs[drain.mac], actual) for drain in actual.drains if drain.mac in pairs
    )
    return tuple(drain for drain in found if drain is not None)


def _phase(drain: Drain, pair: WantedPair, actual: ActualState) -> Drain | None:
    here = situation(pair, actual)
    if not is_bond(pair, here, actual):
        # What is in no bond on Linux is the kernel's.
        return _phase_of_vf(drain, here, is_kernels=actual.system is System.LINUX)
    if here.aggregate is None:
        return drain
    if drain.phase is Phase.ENDING:
        is_back = not drain.reselect or here.aggregate.reselect in (None, drain.reselect)
        return None if is_back and not bond_back(drain, pair, here, actual) else drain
    vfs = here.card.vfs
    if vfs and drained_vf(drain, here) is None:
        drain = _of_returned(drain, vfs[0])
        if drain.phase is Phase.ENDING:
            return drain
    return drain if bond_moved(pair, here, actual) else drain._replace(phase=Phase.HELD)


def _phase_of_vf(drain: Drain, here: Situation, *, is_kernels: bool) -> Drain | None:
    vfs = here.card.vfs
    if not vfs:
        # There is nothing to be undone where the VF is away.
        return None if drain.phase is Phase.ENDING else drain._replace(phase=Phase.AWAY)
    vf = drained_vf(drain, here)
    if vf is None or drain.phase is Phase.AWAY:
        return _set_down_again(drain, vfs[0], is_kernels=is_kernels)
    # A port that is not in its lagg came back under the same name.
    is_out = here.aggregate is not None and not is_in(vf, here.aggregate)
    if drain.phase is Phase.ENDING:
        return None if vf.is_up or is_out else drain
    if drain.phase is Phase.RETURNED:
        return drain._replace(phase=Phase.BEGUN) if vf.is_up else drain
    if drain.phase is Phase.BEGUN:
        return drain if vf.is_up or is_out else drain._replace(phase=Phase.HELD)
    return _set_down_again(drain, vf, is_kernels=False) if vf.is_up or is_out else drain


def _set_down_again(drain: Drain, vf: Link, *, is_kernels: bool) -> Drain | None:
    """The drain of a VF that has come back, or was set up by somebody; None where it is over.

    One that the kernel has not set up yet is set down when it has.
    """
    after = _of_returned(drain, vf)
    if after.phase is Phase.ENDING:
        return None
    return after._replace(phase=Phase.RETURNED) if is_kernels and not vf.is_up else after


def _of_returned(drain: Drain, vf: Link) -> Drain:
    """The drain after its VF has left and `vf` has come: a person's part is over."""
    after = _without(drain, PERSON)
    if after.phase is Phase.ENDING:
        return after
    return after._replace(vf=vf.ifindex, vf_name=vf.nic.name, phase=Phase.BEGUN)
