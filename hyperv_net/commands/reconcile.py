"""`hyperv-net reconcile`: the running machine made to match its configuration."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.wanted import find_wanted
from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.turned_off import why_turned_off

if TYPE_CHECKING:
    import argparse

    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root",
        metavar="DIR",
        help="look at a captured tree with sys/ instead of this machine; needs --dry-run",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the steps, take none")
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=float,
        default=0,
        help="how long to wait for an aggregate that is still being made (Linux; default: 0)",
    )
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
    wanted = find_wanted(root)
    if wanted is None and is_live:
        from hyperv_net.hotplug.running import kept_up_here

        wanted = kept_up_here()
    if wanted is None:
        return 0
    why = why_turned_off(args.root or "/")
    if why:
        terminal.say(f"hyperv-net is turned off, and nothing is done: {why}")
        return 0
    if args.dry_run:
        return _show(_state(root, wanted, is_live), wanted)
    from hyperv_net.hotplug.running import reconcile

    return reconcile(wanted, args.wait)


def _state(root: Path, wanted: Wanted, is_live: bool) -> ActualState:
    if is_live:
        from hyperv_net.hotplug.running import reader

        return reader(wanted)()
    if wanted.system is System.FREEBSD:
        raise HypervNetError(
            "a FreeBSD machine has no files that tell of its NICs", where=f"--root {root}"
        )
    from hyperv_net.hotplug.look.linux import read_linux

    return read_linux(root)


def _show(actual: ActualState, wanted: Wanted) -> int:
    from hyperv_net.hotplug.decide.steps import obstacles, steps

    for step in steps(actual, wanted):
        terminal.say(str(step))
    for obstacle in obstacles(actual, wanted):
        terminal.complain(f"hyperv-net: {obstacle}")
    return 0
