"""What `drain` and `undrain` have in common: the pairs they are given, and what they print."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.draining import Machine, Result
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


def show(
    names: Sequence[str],
    steps: Steps,
    failing: Failing = lambda actual, pairs: [],
    *,
    only_back: bool = False,
) -> int:
    """Print the steps that would be taken, and what would be forgotten.

    1 where a pair is seen to be one of `failing`.
    """
    from hyperv_net.hotplug.draining import chosen
    from hyperv_net.hotplug.moving import forgotten, wanted_to_move
    from hyperv_net.hotplug.running import reader

    wanted = wanted_to_move(only_back=only_back)
    actual = reader(wanted)()
    pairs = chosen(actual, wanted, names)
    refused = failing(actual, pairs)
    for result in refused:
        terminal.complain(f"hyperv-net: {result.text}")
    found = [str(step) for step in steps(actual, wanted, pairs)]
    found += [result.text for result in forgotten(actual, wanted)] if only_back else []
    for line in found:
        terminal.say(line)
    if not found and not refused:
        terminal.say("no steps: nothing to do" if pairs else "no pairs: nothing to do")
    return int(bool(refused))


def run(names: Sequence[str], move: Move, *, only_back: bool = False) -> int:
    """Move the traffic and print what became of each pair; 1 where one failed."""
    from hyperv_net.hotplug.moving import move_here

    results = move_here(names, move, only_back=only_back)
    if not results:
        terminal.say("no pairs: nothing to do")
    _tell(results, terminal.say)
    return int(any(result.failed for result in results))


def before_writing() -> Wanted | None:
    """What the drains of this machine rest on, for `end_all` once its files are others.

    None where there are none, or where that cannot be known.
    """
    from hyperv_net.errors import HypervNetError
    from hyperv_net.hotplug.kept.drains import read_drains
    from hyperv_net.hotplug.moving import wanted_to_move
    from hyperv_net.hotplug.wanted import RUN_DIRECTORY
    from hyperv_net.root.system import running_system

    if not read_drains(RUN_DIRECTORY[running_system()]):
        return None
    try:
        return wanted_to_move(only_back=True)
    except (HypervNetError, OSError) as error:
        terminal.complain(f"hyperv-net: drains may not be ended: {error}")
        return None


def end_all(
    say: Callable[[str], None],
    lost: Callable[[str], bool] = lambda mac: True,
    wanted: Wanted | None = None,
) -> None:
    """End every drain of this machine, whoever owns it, since nobody else would any more.

    `lost` is whether that of the pair with this MAC is to end, where not all are.  `wanted` is what
    they rest on, where not what is wanted now.  What became of
    each pair is told by `say`, and what could not be done is a complaint: it keeps nobody from
    going on.
    """
    from hyperv_net.errors import HypervNetError
    from hyperv_net.hotplug.draining import undrain_pairs
    from hyperv_net.hotplug.kept.drains import read_drains
    from hyperv_net.hotplug.moving import move_here
    from hyperv_net.hotplug.wanted import RUN_DIRECTORY
    from hyperv_net.root.system import running_system

    if not any(lost(one.mac) for one in read_drains(RUN_DIRECTORY[running_system()])):
        return

    def undrain(
        machine: Machine, wanted: Wanted, pairs: Sequence[WantedPair], now: str
    ) -> list[Result]:
        own = [pair for pair in pairs if lost(pair.mac)]
        return undrain_pairs(machine, wanted, own, now, owner=None)

    try:
        _tell(move_here((), undrain, only_back=True, wanted=wanted), say)
    except (HypervNetError, OSError) as error:
        terminal.complain(f"hyperv-net: drains are not ended: {error}")


def _tell(results: Sequence[Result], say: Callable[[str], None]) -> None:
    for result in results:
        if result.failed:
            terminal.complain(f"hyperv-net: {result.text}")
        else:
            say(result.text)
