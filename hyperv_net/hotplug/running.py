"""One run of `reconcile` on the machine it runs on.

Nothing is imported here that a run with nothing to do can do without: this is
started at every event of a VF.
"""

from __future__ import annotations

import time

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError, of_file
from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.act.converge import converge
from hyperv_net.hotplug.decide.drain import drained_pairs
from hyperv_net.hotplug.kept.drains import keep_drains, owning_events, read_drains
from hyperv_net.hotplug.kept.wanted import read_wanted
from hyperv_net.hotplug.kept.worker import (
    leave_news,
    remember_aggregates,
    seen_aggregates,
    work_alone,
)
from hyperv_net.hotplug.noticing import Noticing
from hyperv_net.hotplug.wanted import RUN_DIRECTORY, Wanted
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.turned_off import why_turned_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import ActualState

#: Seconds after which no further step is begun, however many events are waiting.
_SECONDS = 120

#: Seconds in which a VF that has joined is given its link.
_MOVE_SECONDS = 10


def wanted_here(root: str = "/") -> Wanted | None:
    """The wanted state of this machine; None where it was never configured, or is turned off.

    Raises HypervNetError where its file is not one, or is not believed (root/believing.py).
    """
    if why_turned_off(root):
        return None
    return read_wanted(root)


def kept_up_here(root: str = "/") -> Wanted | None:
    """What is kept up on this machine: what is wanted, or else the end of its drains.

    A machine whose pairs are the kernel's may be drained without having been configured.
    Raises HypervNetError as `wanted_here` does.
    """
    wanted = wanted_here(root)
    if wanted is not None or why_turned_off(root):
        return wanted
    nothing = Wanted(System.LINUX, target="")
    if not read_drains(_run_directory(nothing, root)):
        return None
    pairs = drained_pairs(reader(nothing, root)())
    return nothing._replace(pairs=pairs) if pairs else None


def reader(wanted: Wanted, root: str = "/", *, addresses: bool = True) -> Callable[[], ActualState]:
    """What reads the state of this machine; without `addresses` it starts fewer processes."""
    from hyperv_net.processes import output

    directory = _run_directory(wanted, root)
    if wanted.system is System.FREEBSD:
        from hyperv_net.hotplug.look.freebsd import dhcp_client_of, read_freebsd_state

        return lambda: read_freebsd_state(
            output, (lambda name: dhcp_client_of(name, output)) if addresses else None
        )._replace(
            seen=seen_aggregates(directory),
            drains=read_drains(directory),
            is_off=bool(why_turned_off(root)),
            uptime=time.monotonic(),
        )
    from hyperv_net.hotplug.look.linux import read_linux
    from hyperv_net.inventory.ethtool import permanent_address

    run = output if addresses else None
    return lambda: read_linux(root, run, permanent_address)._replace(
        seen=seen_aggregates(directory),
        drains=read_drains(directory),
        is_off=bool(why_turned_off(root)),
        uptime=time.monotonic(),
    )


def _run_directory(wanted: Wanted, root: str) -> str:
    return root.rstrip("/") + RUN_DIRECTORY[wanted.system]


def reconcile(wanted: Wanted, wait: float = 0, root: str = "/", *, confined: bool = False) -> int:
    """Take the steps, print and keep what was done; 1 where a pair is not as wanted.

    Where an aggregate is still being made, or a VF that has joined has no link
    yet, look again at each change of a device, for `wait` seconds at most (on
    Linux; elsewhere there is no waiting).  Of several callers at once one does
    the work for all, and the others return 0.  Where this process is `confined`, what
    it may not do is handed over.  At another root than `/`, which is for tests, there
    can be nothing to do.
    """
    directory = _run_directory(wanted, root)
    end = time.monotonic() + _SECONDS
    statuses: list[int] = []

    def work() -> None:
        if wait and wanted.system is System.LINUX:
            statuses.append(_until_made(wanted, root, end, wait, confined=confined))
        else:
            outcome = settle(wanted, directory, end, root, confined=confined)
            statuses.append(_report(outcome, directory, None))

    try:
        work_alone(directory, work)
    except OSError as error:
        raise of_file(error.filename or directory, f"{error.strerror}") from None
    return max(statuses, default=0)


def _until_made(wanted: Wanted, root: str, end: float, wait: float, *, confined: bool) -> int:
    directory = _run_directory(wanted, root)
    before = None
    if not _is_awaited(wanted, directory):
        before = settle(wanted, directory, end, root, patient=True, confined=confined)
        status = _report(before, directory, None)
        if not before.moving:
            return status
        wait = min(wait, _MOVE_SECONDS)
    from hyperv_net.hotplug.look.link_changes import link_changes

    until = min(end, time.monotonic() + wait)
    with link_changes() as changed:
        left = wait
        while True:
            outcome = settle(
                wanted, directory, end, root, before=before, patient=left > 0, confined=confined
            )
            status = _report(outcome, directory, before)
            if left <= 0 or not (outcome.moving or _is_awaited(wanted, directory)):
                return status
            before, left = outcome, until - time.monotonic()
            if left > 0 and not changed(left):
                left = 0


def _is_awaited(wanted: Wanted, directory: str) -> bool:
    """Whether an aggregate has not held its synthetic NIC since the machine booted."""
    aggregates = {pair.aggregate for pair in wanted.pairs if pair.mode is Mode.AGGREGATE}
    return not aggregates <= seen_aggregates(directory)


def settle(
    wanted: Wanted,
    directory: str,
    end: float,
    root: str = "/",
    *,
    before: Outcome | None = None,
    patient: bool = False,
    confined: bool = False,
) -> Outcome:
    """Take the steps and journal them; the caller has the worker's lock.

    None is begun after `end` (monotonic).

    What failed in the look `before` this one is not tried again, and is part of
    the outcome.  `patient` is whether another look follows, see ActualState, and `confined`
    as for `reconcile`.
    """
    if owning_events(directory):
        from hyperv_net.hotplug.kept.watched import let_go

        let_go(directory)
    read, noticing = reader(wanted, root), Noticing(wanted, root)

    def carry_out(step: Step) -> None:
        if root != "/":
            raise HypervNetError("only this machine can be changed", where=root)
        from hyperv_net.hotplug.act.means import confined_means, live_means

        means = confined_means() if confined else live_means()
        if wanted.system is System.FREEBSD:
            from hyperv_net.hotplug.act import freebsd

            freebsd.carry_out(step, wanted, means)
        else:
            from hyperv_net.hotplug.act import linux

            linux.carry_out(step, wanted, means)
        noticing.did(step)

    try:
        outcome = converge(
            lambda: noticing.saw(read())._replace(patient=patient),
            wanted,
            carry_out,
            lambda names: remember_aggregates(directory, names),
            lambda: time.monotonic() > end,
            lambda drains: keep_drains(directory, drains),
            before.failures if before is not None else (),
        )
        noticing.came_to(outcome)
    finally:
        noticing.keep()
    is_tuned = any(one.vf_tuning or one.synthetic_tuning for one in wanted.pairs)
    if root == "/" and is_tuned and not why_turned_off(root):
        return _tuned(outcome, read(), wanted)
    return outcome


def _tuned(outcome: Outcome, actual: ActualState, wanted: Wanted) -> Outcome:
    """The outcome with what became of the tuning: it comes last, and no pair fails for it."""
    from hyperv_net.hotplug.act.tuning import live_tools, tune_all
    from hyperv_net.processes import output

    done = tune_all(actual, wanted, live_tools(output))
    for line in done.changed:
        terminal.say(line)
    refused = (f"{one.mac}: {one}" for one in done.refused)
    return outcome._replace(obstacles=(*outcome.obstacles, *refused))


def settle_here(directory: str) -> None:
    """Take the steps that this machine needs, if it has pairs; the caller has the worker's lock."""
    wanted = kept_up_here()
    if wanted is not None:
        settle(wanted, directory, time.monotonic() + _SECONDS)


def _report(outcome: Outcome, directory: str, before: Outcome | None) -> int:
    """Print and keep an outcome; what is in the way or failed is said once."""
    from hyperv_net.hotplug.kept.last import Run, record, texts

    for step in outcome.taken:
        terminal.say(str(step))
        terminal.flush()
    said = (*before.obstacles, *before.failures) if before is not None else ()
    for trouble in (*outcome.obstacles, *outcome.failures):
        if trouble not in said:
            terminal.complain(f"hyperv-net: {trouble}")
    if not outcome.settled:
        terminal.complain("hyperv-net: stopped with steps left; the next event goes on")
    run = Run(
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        texts(outcome.taken),
        texts(outcome.failures),
        outcome.obstacles,
        outcome.settled,
    )
    try:
        record(directory, run)
    except OSError as error:
        terminal.complain(f"hyperv-net: {directory}: {error.strerror}")
    leave_news(directory)
    return int(bool(outcome.failures) or not outcome.settled)
