"""The traffic of this machine moved by whoever asks: a person's verb, or a service.

Nothing is remembered between two calls, so that a process that runs for months asks as a verb
does that has just been started.
"""

from __future__ import annotations

import os
import time

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug import running
from hyperv_net.hotplug.draining import (
    Machine,
    Result,
    chosen,
    pairs_of_the_kernel,
    undrain_pairs,
)
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.kept.wanted import read_wanted
from hyperv_net.hotplug.kept.worker import leave_mark, workers_kept_away
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY, Wanted
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.journal.kept import add, is_told, stamp
from hyperv_net.owners import PERSON
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import find_settings
from hyperv_net.root.system import running_system
from hyperv_net.root.turned_off import why_turned_off

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import WantedPair

    #: `drain_pairs` and `undrain_pairs`, an owner given or not.
    Move = Callable[[Machine, Wanted, Sequence[WantedPair], str], list[Result]]


#: Seconds that a move may take, those included that it waits for a worker to be over.
SECONDS = 60.0


def wanted_to_move(*, only_back: bool = False) -> Wanted:
    """The pairs of this machine, those that the kernel drives where it was never configured.

    `only_back` is whether drains are ended and nothing else, which may be done where hyperv-net
    is turned off too.  Raises HypervNetError where it is not, and where a file is not believed.
    """
    why = why_turned_off()
    if why and not only_back:
        raise HypervNetError(
            "hyperv-net is turned off, and no traffic was moved",
            where=why,
            hint="set enabled: true, and run 'hyperv-net apply'",
        )
    wanted = read_wanted("/") if why else running.wanted_here()
    if wanted is not None:
        return wanted
    nothing = Wanted(running_system(), target="")
    actual = running.reader(nothing)()
    found = pairs_of_the_kernel(actual, find_settings("/"), os.uname().release)
    return nothing._replace(pairs=found)


def finish_pairs(
    machine: Machine, wanted: Wanted, pairs: Sequence[WantedPair], now: str
) -> list[Result]:
    """Put back the traffic of those of `pairs` whose drain nobody owns, since its end failed.

    No other drain ends by it.
    """
    left = {one.mac for one in machine.read().drains if one.phase is Phase.ENDING}
    own = [pair for pair in pairs if pair.mac in left]
    return undrain_pairs(machine, wanted, own, now, owner=None)


def forgotten(actual: ActualState, wanted: Wanted) -> list[Result]:
    """What an undrain says of the drains of pairs that there are no more: they go with it.

    Whoever owned one has nothing to end, and a machine without any pair has no worker to see that.
    """
    macs = {pair.mac for pair in wanted.pairs}
    text = "drained no more, there is no such pair any more"
    return [Result(f"{drain.mac}: {text}") for drain in actual.drains if drain.mac not in macs]


def move_here(
    names: Sequence[str],
    move: Move,
    *,
    confined: bool = False,
    only_back: bool = False,
    wanted: Wanted | None = None,
) -> list[Result]:
    """Have `move` drain or undrain pairs of this machine, and say what became of each.

    `names` are as for `chosen`.  It is done within SECONDS; no worker comes between, and what
    happens meanwhile is served in the end.  `confined` is as for `running.reconcile`, and
    `only_back` as for `wanted_to_move`: what is `forgotten` is said then too.  `wanted` are the
    pairs, where not those that are wanted now.
    Raises HypervNetError as that does, and where a name means no pair or the workers are never
    over.
    """
    wanted = wanted or wanted_to_move(only_back=only_back)
    directory, end = RUN_DIRECTORY[wanted.system], time.monotonic() + SECONDS
    read = running.reader(wanted)
    is_left: list[bool] = []

    def settle() -> Outcome:
        # Until it is seen that nothing is.
        is_left[:] = [True]
        outcome = running.settle(wanted, directory, end, confined=confined)
        is_left[:] = [outcome.moving or bool(outcome.failures) or not outcome.settled]
        return outcome

    def refused(mac: str, text: str, owner: str) -> None:
        entry = Entry(stamp(), Happening.NOT_DRAINED, text, mac, owner)
        kept_in = f"/{KEPT_IN[wanted.system]}"
        # An event's drain is tried again until it is over.
        if owner == PERSON or not is_told(kept_in, entry):
            add(kept_in, [entry])

    machine = Machine(read, lambda drains: keep_drains(directory, drains), settle, refused)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    before = read()
    pairs = chosen(before, wanted, names)
    lost = forgotten(before, wanted) if only_back else []
    if not pairs and not lost:
        return []

    def serve() -> None:
        settle()

    try:
        with workers_kept_away(directory, SECONDS, serve):
            # Its look leaves out what is lost.
            results = [*move(machine, wanted, pairs, now), *lost]
    finally:
        if any(is_left):
            # A worker does what has failed, and waits for what the kernel is about to do.
            leave_mark(directory)
    return results
