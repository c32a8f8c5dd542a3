"""Through which members a bond receives: all of them while its traffic is about to move.

An active-backup bond drops what comes in through a backup.  After a move
frames come to the old member until the switch has learnt of the new one, and
they would be lost; with `all_slaves_active` they are taken (bonding.rst of
torvalds/linux).  It is on while no VF is a member, and during a drain's moves.
With two members it is turned off as soon as the move is made, or is not to be
waited for any longer: where both are on one switch each broadcast comes twice,
and a bridge above the bond would see its own guests' addresses come in.
"""

from __future__ import annotations

from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.decide.drain import KEEP, drain_of, keeps_its_active_member
from hyperv_net.hotplug.decide.situation import is_in, situation
from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.decide.situation import Situation
    from hyperv_net.hotplug.look.state import ActualState, Link
    from hyperv_net.hotplug.wanted import Wanted, WantedPair

_OPTION = "all_slaves_active"


def receiving_steps(pair: WantedPair, actual: ActualState) -> list[Step]:
    """What is left to do: what the configuration says, or else what the next move needs.

    A bond whose traffic need not go to the VF is left alone.
    """
    here = situation(pair, actual)
    if here.aggregate is None or here.aggregate.all_receive is None:
        return []
    name = here.aggregate.nic.name
    said = dict(pair.options).get(_OPTION)
    by_all = said == "1" if said is not None else _by_all(pair, here, actual)
    if by_all is None or name in actual.refused or here.aggregate.all_receive is by_all:
        return []
    kind = StepKind.RECEIVE_BY_ALL if by_all else StepKind.RECEIVE_BY_ACTIVE
    return [Step(kind, pair.mac, name, name)]


def _by_all(pair: WantedPair, here: Situation, actual: ActualState) -> bool | None:
    """Whether all members are to receive; None where that is to stay as it is."""
    if not pair.primary:
        return None
    if not _joined(here):
        return True
    drain = drain_of(pair, actual)
    if drain is not None:
        return drain.phase is Phase.BEGUN or (
            drain.phase is Phase.ENDING and not _is_carried_by_vf(here)
        )
    return None if actual.patient and _is_about_to_move(pair, actual) else False


def is_moving(actual: ActualState, wanted: Wanted) -> bool:
    """Whether the kernel is about to send through a VF that has joined a bond or has returned."""
    if actual.is_off:
        return False
    if any(drain.phase is Phase.RETURNED for drain in actual.drains):
        return True
    return actual.system is System.LINUX and any(
        _is_about_to_move(pair, actual) for pair in wanted.pairs if pair.mode is Mode.AGGREGATE
    )


def _is_about_to_move(pair: WantedPair, actual: ActualState) -> bool:
    here = situation(pair, actual)
    if here.aggregate is None or not pair.primary or keeps_its_active_member(pair, actual):
        return False
    if here.aggregate.reselect == KEEP:
        return False
    return any(vf.is_up for vf in _joined(here)) and not _is_carried_by_vf(here)


def _joined(here: Situation) -> list[Link]:
    """The VFs that are members."""
    return [vf for vf in here.card.vfs if here.aggregate is not None and is_in(vf, here.aggregate)]


def _is_carried_by_vf(here: Situation) -> bool:
    aggregate = here.aggregate
    return aggregate is not None and aggregate.active in [vf.nic.name for vf in here.card.vfs]
