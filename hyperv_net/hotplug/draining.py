"""`drain` and `undrain`: pairs chosen by name, moved, and what came of it."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Inventory, Mode
from hyperv_net.hotplug.decide.drain import (
    begun,
    drain_of,
    ended,
    going_on,
    is_drained,
    obstacle,
    vf_to_drain,
)
from hyperv_net.hotplug.decide.situation import carrying, situation
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.hotplug.wanted import WantedPair
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

    `settle` takes the steps that are left.
    """

    read: Callable[[], ActualState]
    keep_drains: Callable[[tuple[Drain, ...]], None]
    settle: Callable[[], Outcome]


class Result(NamedTuple):
    """What became of one pair, as a sentence."""

    text: str
    failed: bool = False


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
    machine: Machine, wanted: Wanted, pairs: Sequence[WantedPair], now: str
) -> list[Result]:
    """Move the traffic of `pairs` to their synthetic NICs; one that fails is left as it was.

    `now` is the time, RFC 3339 in UTC.
    """
    before = machine.read()
    drains = begun(before, wanted, {pair.mac for pair in pairs}, now)
    if drains != before.drains:
        machine.keep_drains(drains)
    outcome = machine.settle()
    after = machine.read()
    results = [_drained(pair, before, after, outcome) for pair in pairs]
    failed = {pair.mac for pair, result in zip(pairs, results) if result.failed}
    undone = ended(after, failed)
    if undone != after.drains:
        machine.keep_drains(undone)
        machine.settle()
    return results


def undrain_pairs(
    machine: Machine, wanted: Wanted, pairs: Sequence[WantedPair], now: str = ""
) -> list[Result]:
    """Put the traffic of `pairs` back where it was; no time is recorded."""
    before = machine.read()
    drains = ended(before, {pair.mac for pair in pairs})
    if drains != before.drains:
        machine.keep_drains(drains)
    outcome = machine.settle()
    after = machine.read()
    return [_undrained(pair, before, after, outcome) for pair in pairs]


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
    actual: ActualState, wanted: Wanted, pairs: Sequence[WantedPair]
) -> tuple[Step, ...]:
    """The steps that an undrain would begin with."""
    return _steps(actual, wanted, ended(actual, {pair.mac for pair in pairs}))


def _steps(actual: ActualState, wanted: Wanted, drains: tuple[Drain, ...]) -> tuple[Step, ...]:
    from hyperv_net.hotplug.decide.steps import steps

    then = actual._replace(drains=drains)
    return steps(then._replace(drains=going_on(then, wanted)), wanted)


def _drained(pair: WantedPair, before: ActualState, after: ActualState, outcome: Outcome) -> Result:
    label, vf = _label(pair, after), vf_to_drain(pair, after)
    if is_drained(pair, after):
        to = _carrier(pair, after)
        was = drain_of(pair, before)
        if was is not None and was.phase is not Phase.ENDING:
            return Result(f"{label}: drained already, {to} carries the traffic")
        came_from = _carrier(pair, before)
        if came_from == to:
            return Result(f"{label}: {to} carries the traffic already, and keeps it")
        return Result(f"{label}: traffic moved from {came_from} to {to}")
    if vf is None:
        return Result(f"{label}: nothing to move, its VF is away")
    reason = obstacle(pair, before) or _failure(pair, outcome) or "it was moved back at once"
    return Result(f"{label}: cannot be drained: {reason}", failed=True)


def _undrained(
    pair: WantedPair, before: ActualState, after: ActualState, outcome: Outcome
) -> Result:
    label = _label(pair, after)
    if drain_of(pair, before) is None:
        return Result(f"{label}: not drained")
    if drain_of(pair, after) is not None:
        reason = _failure(pair, outcome) or situation(pair, after).obstacle or "steps are left"
        return Result(f"{label}: cannot be undrained: {reason}", failed=True)
    came_from, to = _carrier(pair, before), _carrier(pair, after)
    if came_from == to:
        return Result(f"{label}: drained no more, {to} carries the traffic")
    return Result(f"{label}: traffic moved from {came_from} to {to}")


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
