"""`hyperv-net reconcile`: the running machine made to match its configuration."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from hyperv_net import files
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.state import ActualState
from hyperv_net.hotplug.wanted import PATHS, Wanted, from_json
from hyperv_net.model import System

# Emptied at each boot: tmpfs on Linux, /etc/rc.d/cleanvar on FreeBSD.
_RUN_DIRECTORY = {System.LINUX: "/run/hyperv-net", System.FREEBSD: "/var/run/hyperv-net"}

#: Seconds after which no further step is begun, however many events are waiting.
_SECONDS = 120


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root",
        metavar="DIR",
        help="look at a captured tree with sys/ instead of this machine; needs --dry-run",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the steps, take none")
    parser.epilog = "example:\n  hyperv-net reconcile --dry-run"


def run(args: argparse.Namespace) -> int:
    """Take the steps and print them; 1 where a pair is not as wanted because a step failed.

    A machine without a wanted state has nothing to be kept up, and that is no error.
    """
    root = Path(args.root or "/")
    is_live = os.path.realpath(root) == "/"
    if not root.is_dir():
        raise HypervNetError("not a directory", where=f"--root {args.root}")
    if not is_live and not args.dry_run:
        raise HypervNetError(
            "only this machine can be changed", where=f"--root {args.root}", hint="add --dry-run"
        )
    wanted = _wanted(root)
    if wanted is None:
        return 0
    directory = _RUN_DIRECTORY[wanted.system]
    read = _reader(root, wanted, directory if is_live else None)
    if args.dry_run:
        return _show(read(), wanted)
    import time

    from hyperv_net.hotplug.worker import work_alone

    end = time.monotonic() + _SECONDS
    statuses: list[int] = []
    work_alone(
        directory,
        lambda: statuses.append(_settle(read, wanted, directory, lambda: time.monotonic() > end)),
    )
    return max(statuses, default=0)


def _wanted(root: Path) -> Wanted | None:
    for path in PATHS.values():
        found = files.resolve_below(root, path)
        if found.exists():
            return from_json(files.read_text(found), str(found))
    return None


def _reader(root: Path, wanted: Wanted, directory: str | None) -> Callable[[], ActualState]:
    """What reads the state, of the running machine where it has a run directory."""
    from dataclasses import replace

    from hyperv_net.hotplug.carrying_out import run as run_command
    from hyperv_net.hotplug.worker import seen_aggregates

    if wanted.system is System.FREEBSD:
        from hyperv_net.hotplug.freebsd_actual import dhcp_client_of, read_freebsd_state

        if directory is None:
            raise HypervNetError(
                "a FreeBSD machine has no files that tell of its NICs", where=f"--root {root}"
            )
        return lambda: replace(
            read_freebsd_state(run_command, lambda name: dhcp_client_of(name, run_command)),
            seen=seen_aggregates(directory),
        )
    from hyperv_net.hotplug.actual import read_linux

    if directory is None:
        return lambda: read_linux(root)
    from hyperv_net.inventory.ethtool import permanent_address

    return lambda: replace(
        read_linux(root, run_command, permanent_address), seen=seen_aggregates(directory)
    )


def _show(actual: ActualState, wanted: Wanted) -> int:
    from hyperv_net.hotplug.reconcile import obstacles, steps

    for step in steps(actual, wanted):
        print(step)
    for obstacle in obstacles(actual, wanted):
        print(f"hyperv-net: {obstacle}", file=sys.stderr)
    return 0


def _settle(
    read: Callable[[], ActualState], wanted: Wanted, directory: str, expired: Callable[[], bool]
) -> int:
    from hyperv_net.hotplug.carrying_out import live_means
    from hyperv_net.hotplug.converge import converge
    from hyperv_net.hotplug.reconcile import Step
    from hyperv_net.hotplug.worker import remember_aggregates

    means = live_means()

    def carry_out(step: Step) -> None:
        if wanted.system is System.FREEBSD:
            from hyperv_net.hotplug import freebsd

            freebsd.carry_out(step, means)
        else:
            from hyperv_net.hotplug import linux

            linux.carry_out(step, wanted, means)

    outcome = converge(
        read,
        wanted,
        carry_out,
        lambda names: remember_aggregates(directory, names),
        expired,
    )
    for step in outcome.taken:
        print(step)
    for obstacle in outcome.obstacles:
        print(f"hyperv-net: {obstacle}", file=sys.stderr)
    for failure in outcome.failures:
        print(f"hyperv-net: {failure}", file=sys.stderr)
    if not outcome.settled:
        print("hyperv-net: stopped with steps left; the next event goes on", file=sys.stderr)
    return int(bool(outcome.failures) or not outcome.settled)
