"""What `drain` and `undrain` have in common: the pairs they are given, and what they print."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.step import Step
from hyperv_net.hotplug.draining import Machine, Result, chosen, pairs_of_the_kernel
from hyperv_net.hotplug.look.state import ActualState
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import find_settings
from hyperv_net.root.turned_off import why_turned_off

if TYPE_CHECKING:
    import argparse

#: Seconds that a drain may take, those included that it waits for a reconcile to be over.
_SECONDS = 60

Steps = Callable[[ActualState, Wanted, Sequence[WantedPair]], tuple[Step, ...]]
Failing = Callable[[ActualState, Sequence[WantedPair]], list[Result]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of both verbs."""
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="an aggregate, a NIC or a MAC address (default: all pairs)",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the steps, take none")


def show(names: Sequence[str], steps: Steps, failing: Failing = lambda actual, pairs: []) -> int:
    """Print the steps that would be taken; 1 where a pair is seen to be one of `failing`."""
    from hyperv_net.hotplug.running import reader

    wanted = _wanted()
    actual = reader(wanted)()
    pairs = chosen(actual, wanted, names)
    refused = failing(actual, pairs)
    for result in refused:
        terminal.complain(f"hyperv-net: {result.text}")
    found = steps(actual, wanted, pairs)
    for step in found:
        terminal.say(str(step))
    if not found and not refused:
        terminal.say("no steps: nothing to do" if pairs else "no pairs: nothing to do")
    return int(bool(refused))


def run(names: Sequence[str], move: Callable[..., list[Result]]) -> int:
    """Move the traffic and print what became of each pair; 1 where one failed."""
    from hyperv_net.hotplug.kept.drains import keep_drains
    from hyperv_net.hotplug.kept.worker import workers_kept_away
    from hyperv_net.hotplug.running import reader, settle
    from hyperv_net.hotplug.wanted import RUN_DIRECTORY

    wanted = _wanted()
    directory, end = RUN_DIRECTORY[wanted.system], time.monotonic() + _SECONDS
    read = reader(wanted)
    machine = Machine(
        read,
        lambda drains: keep_drains(directory, drains),
        lambda: settle(wanted, directory, end),
    )
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    pairs = chosen(read(), wanted, names)
    if not pairs:
        terminal.say("no pairs: nothing to do")
        return 0

    def serve() -> None:
        machine.settle()

    with workers_kept_away(directory, _SECONDS, serve):
        results = move(machine, wanted, pairs, now)
    for result in results:
        if result.failed:
            terminal.complain(f"hyperv-net: {result.text}")
        else:
            terminal.say(result.text)
    return int(any(result.failed for result in results))


def _wanted() -> Wanted:
    """What is wanted here.  Raises HypervNetError where hyperv-net is turned off."""
    why = why_turned_off()
    if why:
        raise HypervNetError(
            "hyperv-net is turned off, and no traffic was moved",
            where=why,
            hint="set enabled: true, and run 'hyperv-net apply'",
        )
    from hyperv_net.hotplug.running import reader, wanted_here

    wanted = wanted_here()
    if wanted is not None:
        return wanted
    system = System.FREEBSD if os.uname().sysname == "FreeBSD" else System.LINUX
    nothing = Wanted(system, target="")
    found = pairs_of_the_kernel(reader(nothing)(), find_settings("/"), os.uname().release)
    return nothing._replace(pairs=found)
