"""Through which members a bond receives: all of them while its traffic may be about to move.

An active-backup bond drops what comes in through a backup.  After a move
frames come to the old member until the switch has learnt of the new one, and
they would be lost; with `all_slaves_active` they are taken (bonding.rst of
torvalds/linux).  As soon as the VF is active and is to stay so it is turned
off, since two NICs on one switch get each broadcast twice.
"""

from __future__ import annotations

from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.drain import keeps_its_active_member
from hyperv_net.hotplug.situation import Situation, is_in, situation
from hyperv_net.hotplug.state import ActualState
from hyperv_net.hotplug.step import Step, StepKind
from hyperv_net.hotplug.wanted import Wanted, WantedPair

_OPTION = "all_slaves_active"


def receiving_steps(pair: WantedPair, actual: ActualState) -> list[Step]:
    """What is left to do; nothing where the configuration itself says how the bond receives."""
    here = situation(pair, actual)
    if (
        here.aggregate is None
        or here.aggregate.all_receive is None
        or _OPTION in dict(pair.options)
    ):
        return []
    name = here.aggregate.nic.name
    by_all = keeps_its_active_member(pair, actual) or not _is_carried_by_vf(here)
    if name in actual.refused or here.aggregate.all_receive is by_all:
        return []
    kind = StepKind.RECEIVE_BY_ALL if by_all else StepKind.RECEIVE_BY_ACTIVE
    return [Step(kind, pair.mac, name, name)]


def is_moving(actual: ActualState, wanted: Wanted) -> bool:
    """Whether a VF has joined a bond and the kernel is about to send through it."""
    return actual.system is System.LINUX and any(
        _is_about_to_move(pair, actual) for pair in wanted.pairs if pair.mode is Mode.AGGREGATE
    )


def _is_about_to_move(pair: WantedPair, actual: ActualState) -> bool:
    here = situation(pair, actual)
    if here.aggregate is None or not pair.primary or keeps_its_active_member(pair, actual):
        return False
    joined = any(vf.is_up and is_in(vf, here.aggregate) for vf in here.card.vfs)
    return joined and not _is_carried_by_vf(here)


def _is_carried_by_vf(here: Situation) -> bool:
    aggregate = here.aggregate
    return aggregate is not None and aggregate.active in [vf.nic.name for vf in here.card.vfs]
