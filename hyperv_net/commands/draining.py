"""What `drain` and `undrain` have in common: the pairs they are given, and what they print."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.draining import Result
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.moving import Move
    from hyperv_net.hotplug.wanted import Wanted, WantedPair

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
    from hyperv_net.hotplug.draining import chosen
    from hyperv_net.hotplug.moving import wanted_to_move
    from hyperv_net.hotplug.running import reader

    wanted = wanted_to_move()
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


def run(names: Sequence[str], move: Move) -> int:
    """Move the traffic and print what became of each pair; 1 where one failed."""
    from hyperv_net.hotplug.moving import move_here

    results = move_here(names, move)
    if not results:
        terminal.say("no pairs: nothing to do")
    for result in results:
        if result.failed:
            terminal.complain(f"hyperv-net: {result.text}")
        else:
            terminal.say(result.text)
    return int(any(result.failed for result in results))
