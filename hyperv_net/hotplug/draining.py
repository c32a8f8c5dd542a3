"""`drain` and `undrain`: pairs chosen by name, moved, and what came of it."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Inventory, Mode
from hyperv_net.hotplug.decide.drain import (
    drain_of,
    is_drained,
    left_to_kernel,
    obstacle,
    vf_to_drain,
)
from hyperv_net.hotplug.decide.drain_phase import begun, ended, going_on
from hyperv_net.hotplug.decide.situation import carrying, situation
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.hotplug.wanted import WantedPair
from hyperv_net.owners import PERSON, is_owner, whose
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import ActualState, Drain
    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.model import Settings


class Machine(NamedTuple):
    """How a machine is looked at and changed; the caller has it to itself meanwhile.

    `settle` takes the steps that are left.  `refused` is told of a pair that could not be drained,
    by its MAC, with what is in the way and for whom.
    """

    read: Callable[[], ActualState]
    keep_drains: Callable[[tuple[Drain, ...]], None]
    settle: Callable[[], Outcome]
    refused: Callable[[str, str, str], None] = lambda mac, text, owner: None


class Result(NamedTuple):
    """What became of one pair, as a sentence.

    `is_nothing` is whether an event's drain has nothing to do with it, now or later.
    """

    text: str
    failed: bool = False
    is_nothing: bool = False


def pairs_of_the_kernel(
    actual: ActualState, settings: Settings, kernel: str
) -> tuple[WantedPair, ...]:
    """The pairs that the kernel drives, for a machine that was never configured.

    `kernel` is its release, which tells where no VF is there.  A pair that is drained is one.
    """
    from hyperv_net.decision.modes import decide
    from hyperv_net.decision.pairing import find_pairs

    nics = tuple(link.nic for link in actual.links)
    inventory = Inventory(actual.system, kernel, nics, actual.vf_transparent, actual.vf_map)
    pairs = find_pairs(inventory, settings.synthetic_drivers, settings.pairs).pairs
    drained = {drain.mac for drain in actual.drains}
    return tuple(
        WantedPair(
            mac=one.pair.mac,
            mode=Mode.TRANSPARENT,
            synthetic=one.pair.synthetic.name,
            synthetic_drivers=(one.pair.synthetic.driver or "",),
        )
        for one in decide(pairs, inventory, settings).decisions
        if one.pair.synthetic is not None
        and (one.mode is Mode.TRANSPARENT or one.pair.mac in drained)
    )


def chosen(actual: ActualState, wanted: Wanted, names: Iterable[str]) -> tuple[WantedPair, ...]:
    """The pairs that `names` mean, all of them where there is none.

    A name is an aggregate's, a NIC's or a MAC.  Raises HypervNetError where
    one means no pair.
    """
    found = {name: _named(name, actual, wanted) for name in names}
    for name, pair in found.items():
        if pair is None:
            raise HypervNetError(
                "no pair goes by that name", where=name, hint="`hyperv-net status` lists the pairs"
            )
    return tuple(pair for pair in wanted.pairs if not found or pair in found.values())


def _named(name: str, actual: ActualState, wanted: Wanted) -> WantedPair | None:
    for pair in wanted.pairs:
        card = situation(pair, actual).card
        nics = [*card.vfs, *([card.synthetic] if card.synthetic else [])]
        if name in (pair.mac, pair.aggregate, pair.synthetic, *(one.nic.name for one in nics)):
            return pair
    return None


def drain_pairs(
    machine: Machine,
    wanted: Wanted,
    pairs: Sequence[WantedPair],
    now: str,
    owner: str = PERSON,
) -> list[Result]:
    """Move the traffic of `pairs` to their synthetic NICs for `owner`, see `is_owner`.

    It stays there as long as one of its owners is left.  A pair that fails is left as it was, and
    `owner` is none of it: an event's may be asked for again later, and as often as one likes.
    `now` is the time, RFC 3339 in UTC.  Raises HypervNetError for what is no owner.
    """
    _check(owner)
    before = machine.read()
    drains = begun(before, wanted, {pair.mac for pair in pairs}, now, owner)
    if drains != before.drains:
        machine.keep_drains(drains)
    outcome = machine.settle()
    after = machine.read()
    results = [_drained(pair, before, after, outcome, owner) for pair in pairs]
    had = {drain.mac for drain in before.drains if owner in drain.owners}
    failed = {
        pair.mac: result.text
        for pair, result in zip(pairs, results)
        if result.failed and pair.mac not in had
    }
    for mac, text in failed.items():
        machine.refused(mac, text, owner)
    undone = ended(after, failed, owner)
    if undone != after.drains:
        machine.keep_drains(undone)
        machine.settle()
    return results


def undrain_pairs(
    machine: Machine,
    wanted: Wanted,
    pairs: Sequence[WantedPair],
    now: str = "",
    owner: str | None = PERSON,
) -> list[Result]:
    """Put the traffic of `pairs` back to their VFs, as far as only `owner` keeps it away.

    With None whoever keeps it away does so no more.  That another still does is a failure to a
    person, who wants the traffic back, and none to an event, whose part is over.  No time is
    recorded.  Raises HypervNetError for what is no owner.
    """
    if owner is not None:
        _check(owner)
    before = machine.read()
    drains = ended(before, {pair.mac for pair in pairs}, owner)
    if drains != before.drains:
        machine.keep_drains(drains)
    outcome = machine.settle()
    after = machine.read()
    return [_undrained(pair, before, after, outcome, owner) for pair in pairs]


def _check(owner: str) -> None:
    if not is_owner(owner):
        raise HypervNetError(
            f"no drain can be owned by {owner!r}", hint="an event is named SOURCE:ID"
        )


def steps_to_drain(
    actual: ActualState, wanted: Wanted, pairs: Sequence[WantedPair]
) -> tuple[Step, ...]:
    """The steps that a drain would begin with."""
    return _steps(actual, wanted, begun(actual, wanted, {pair.mac for pair in pairs}, ""))


def foreseen(actual: ActualState, pairs: Sequence[WantedPair]) -> list[Result]:
    """What a drain of `pairs` would fail with, as far as it shows now."""
    return [
        Result(f"{_label(pair, actual)}: cannot be drained: {reason}", failed=True)
        for pair in pairs
        if vf_to_drain(pair, actual) is not None and not is_drained(pair, actual)
        for reason in (obstacle(pair, actual),)
        if reason
    ]


def steps_to_undrain(
    actual: ActualState,
    wanted: Wanted,
    pairs: Sequence[WantedPair],
    owner: str | None = PERSON,
) -> tuple[Step, ...]:
    """The steps that an undrain would begin with."""
    return _steps(actual, wanted, ended(actual, {pair.mac for pair in pairs}, owner))


def held(actual: ActualState, pairs: Sequence[WantedPair]) -> list[Result]:
    """Which of `pairs` would stay drained when a person undrains them."""
    macs = {pair.mac for pair in pairs}
    then = actual._replace(drains=ended(actual, macs))
    left = ((pair, drain_of(pair, then)) for pair in pairs)
    return [
        _still_drained(pair, drain, then, PERSON) for pair, drain in left if drain and drain.owners
    ]


def _steps(actual: ActualState, wanted: Wanted, drains: tuple[Drain, ...]) -> tuple[Step, ...]:
    from hyperv_net.hotplug.decide.steps import steps

    then = actual._replace(drains=drains)
    return steps(then._replace(drains=going_on(then, wanted)), wanted)


def _drained(
    pair: WantedPair, before: ActualState, after: ActualState, outcome: Outcome, owner: str
) -> Result:
    label, vf, drain = _label(pair, after), vf_to_drain(pair, after), drain_of(pair, after)
    # A person's part would end with the VF's return, so there is none while it is away.
    is_owned = owner == PERSON or (drain is not None and owner in drain.owners)
    if is_drained(pair, after) and is_owned:
        to = _carrier(pair, after)
        was = drain_of(pair, before)
        if was is not None and was.phase is not Phase.ENDING:
            others = whose(one for one in was.owners if one != owner)
            already = f"drained already for {others}" if others else "drained already"
            return Result(f"{label}: {already}, {to} carries the traffic")
        came_from = _carrier(pair, before)
        if came_from == to:
            return Result(f"{label}: {to} carries the traffic already, and keeps it")
        return Result(f"{label}: traffic moved from {came_from} to {to}")
    if vf is None and owner == PERSON:
        return Result(f"{label}: nothing to move, its VF is away")
    lasting = left_to_kernel(pair, before)
    if lasting and owner != PERSON:
        # A person, who waits for the traffic to be moved, is told that it is not.
        return Result(f"{label}: nothing to move: {lasting}", is_nothing=True)
    reason = obstacle(pair, before) or _failure(pair, outcome) or _why_not(drain, owner)
    return Result(f"{label}: cannot be drained: {reason}", failed=True)


def _why_not(drain: Drain | None, owner: str) -> str:
    if drain is not None and owner not in drain.owners:
        return f"it is drained for {len(drain.owners)} owners already, and no more are kept"
    return "it was moved back at once"


def _undrained(
    pair: WantedPair,
    before: ActualState,
    after: ActualState,
    outcome: Outcome,
    owner: str | None,
) -> Result:
    label, drain = _label(pair, after), drain_of(pair, after)
    if drain_of(pair, before) is None:
        return Result(f"{label}: not drained")
    if drain is not None and drain.owners:
        return _still_drained(pair, drain, after, owner)
    if drain is not None:
        reason = _failure(pair, outcome) or situation(pair, after).obstacle or "steps are left"
        return Result(f"{label}: cannot be undrained: {reason}", failed=True)
    came_from, to = _carrier(pair, before), _carrier(pair, after)
    if came_from == to:
        return Result(f"{label}: drained no more, {to} carries the traffic")
    return Result(f"{label}: traffic moved from {came_from} to {to}")


def _still_drained(
    pair: WantedPair, drain: Drain, actual: ActualState, owner: str | None
) -> Result:
    is_person = owner == PERSON
    hint = " (`hyperv-net undrain --all-owners` ends that too)" if is_person else ""
    text = f"still drained for {whose(drain.owners)}, {_carrier(pair, actual)} carries the traffic"
    return Result(f"{_label(pair, actual)}: {text}{hint}", failed=is_person)


def _failure(pair: WantedPair, outcome: Outcome) -> str:
    return next((str(one) for one in outcome.failures if one.step.mac == pair.mac), "")


def _label(pair: WantedPair, actual: ActualState) -> str:
    here = situation(pair, actual)
    if here.aggregate is not None:
        return here.aggregate.nic.name
    return here.card.synthetic.nic.name if here.card.synthetic else pair.synthetic


def _carrier(pair: WantedPair, actual: ActualState) -> str:
    link = carrying(situation(pair, actual))
    return link.nic.name if link is not None else "no NIC"
