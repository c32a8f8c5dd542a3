"""Rounds of looking and stepping, until nothing is left to do or the bound is reached."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.drain_phase import going_on
from hyperv_net.hotplug.decide.receiving import is_moving
from hyperv_net.hotplug.decide.step import StepKind
from hyperv_net.hotplug.decide.steps import complete, obstacles, steps
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import ActualState, Drain
    from hyperv_net.hotplug.wanted import Wanted

#: A card that came with everything wrong about it takes two or three.
ROUNDS = 10

#: A device may change between the look and the step, so one failure is not believed.
ATTEMPTS = 2


class Failure(NamedTuple):
    """A step that failed, and what was said about it."""

    step: Step
    reason: str

    def __str__(self) -> str:
        """One line for the log."""
        return f"cannot {self.step}: {self.reason}"


class Outcome(NamedTuple):
    """The steps taken, those that failed for good, and what else is in the way of a pair.

    `settled` is false where the bound was reached with steps left, `moving`
    true where the kernel is about to send through a VF that has joined, or has come back
    to a pair of its own that is drained.
    """

    taken: tuple[Step, ...]
    failures: tuple[Failure, ...]
    obstacles: tuple[str, ...]
    settled: bool
    moving: bool = False


def converge(
    read: Callable[[], ActualState],
    wanted: Wanted,
    carry_out: Callable[[Step], None],
    remember: Callable[[frozenset[str]], None],
    expired: Callable[[], bool] = lambda: False,
    keep_drains: Callable[[tuple[Drain, ...]], None] = lambda drains: None,
    failed: tuple[Failure, ...] = (),
) -> Outcome:
    """Take steps until none is left; at most ROUNDS rounds, and none after `expired` says so.

    `read` gives the state with what is remembered in it, `carry_out` takes one
    step or raises HypervNetError, `remember` is given the aggregates that hold
    their synthetic NIC, and `keep_drains` the drains where they have changed,
    before any step that follows from that.  A failure ends its pair's round and leaves the
    others alone; a device whose step failed ATTEMPTS times is left down and
    not tried again in this run, nor are those of the failures in `failed`.
    """
    taken: list[Step] = []
    failures: dict[tuple[StepKind, str], list[Failure]] = {
        (one.step.kind, one.step.device): [one] * ATTEMPTS for one in failed
    }
    refused = _refused(failures)
    left: tuple[Step, ...] = ()
    for _ in range(ROUNDS):
        actual = read()._replace(refused=refused)
        remember(complete(actual, wanted))
        drains = going_on(actual, wanted)
        if drains != actual.drains:
            keep_drains(drains)
            actual = actual._replace(drains=drains)
        left = steps(actual, wanted)
        if not left or expired():
            break
        in_trouble: set[str] = set()
        for step in left:
            if step.mac in in_trouble or expired():
                continue
            failure = _attempt(step, carry_out)
            if failure is None:
                taken.append(step)
                continue
            in_trouble.add(step.mac)
            failures.setdefault((step.kind, step.device), []).append(failure)
        refused = _refused(failures)
    present = {link.nic.name for link in actual.links}
    last = (found[-1] for found in failures.values() if len(found) >= ATTEMPTS)
    return Outcome(
        tuple(taken),
        tuple(
            one for one in last if one.step.device in present or one.step.kind is StepKind.REBUILD
        ),
        obstacles(actual, wanted),
        settled=not left,
        moving=is_moving(actual, wanted),
    )


def _refused(failures: Mapping[tuple[StepKind, str], list[Failure]]) -> frozenset[str]:
    return frozenset(device for (_, device), found in failures.items() if len(found) >= ATTEMPTS)


def _attempt(step: Step, carry_out: Callable[[Step], None]) -> Failure | None:
    """Take a step; one that could leave a VF up outside its aggregate is followed by `down`."""
    try:
        carry_out(step)
    except HypervNetError as error:
        if step.kind is StepKind.JOIN:
            lower = step._replace(kind=StepKind.LOWER)
            try:
                carry_out(lower)
            except HypervNetError as second:
                return Failure(step, f"{error}; then cannot {lower}: {second}")
        return Failure(step, str(error))
    return None
