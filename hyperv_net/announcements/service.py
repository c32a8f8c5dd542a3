"""The watch on the machine that it runs on: its clocks, threads, files and signals."""

from __future__ import annotations

import gc
import os
import time
from contextlib import contextmanager
from functools import partial

from hyperv_net import terminal
from hyperv_net.announcements import kept
from hyperv_net.announcements.course import Known
from hyperv_net.announcements.following import take_up
from hyperv_net.announcements.questions import NAP, Questions
from hyperv_net.announcements.source import Heard
from hyperv_net.announcements.stopping import Stop, StoppedError
from hyperv_net.announcements.telling import entry_of, sentence
from hyperv_net.announcements.turns import turns_of
from hyperv_net.announcements.watching import Hands, rest, watch, wind_up
from hyperv_net.errors import HypervNetError, of_file
from hyperv_net.hotplug.draining import drain_pairs, undrain_pairs
from hyperv_net.hotplug.kept.drains import are_events_to_be_ended, ending, owning_events
from hyperv_net.hotplug.kept.watched import LOCK
from hyperv_net.hotplug.kept.worker import leave_news
from hyperv_net.hotplug.lapsing import has_lapsed_here
from hyperv_net.hotplug.moving import finish_pairs, move_here
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.journal.kept import add
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import locks
from hyperv_net.root.system import running_system
from hyperv_net.root.turned_off import why_turned_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.announcements.following import Followed, Rules
    from hyperv_net.announcements.hearing import Happened
    from hyperv_net.announcements.source import Source, Took
    from hyperv_net.announcements.turns import Turn
    from hyperv_net.hotplug.moving import Move

#: Seconds for whoever only looks whether somebody watches, and has the lock for that.
_SECONDS_TO_LOOK = 1.0

#: What is said where nobody is to be asked.
NOBODY = "nobody announces anything, so nothing is watched: the setting announcements is empty"


class _Machine:
    """This machine, whose traffic is moved and whose files tell of it."""

    def __init__(self, *, confined: bool) -> None:
        self._confined = confined
        system = running_system()
        self.kept_in, self.run = f"/{KEPT_IN[system]}", RUN_DIRECTORY[system]
        self._said: dict[str, str] = {}

    def owners(self) -> list[str]:
        """The events that own drains at this moment."""
        return owning_events(self.run)

    def drain(self, owner: str) -> bool | None:
        return self._move(owner, partial(drain_pairs, owner=owner))

    def undrain(self, owner: str) -> bool:
        """Whether `owner` keeps no traffic off the VFs, and none is left there that nobody does."""
        moved = self._move(owner, partial(undrain_pairs, owner=owner), only_back=True)
        return owner not in self.owners() and moved is not False

    def finish(self) -> bool:
        """Whether no drain is left whose end is still to be done, once that was tried."""
        if not ending(self.run):
            return True
        self._move("drains that nobody owns", finish_pairs, only_back=True)
        return not ending(self.run)

    def _move(self, owner: str, move: Move, *, only_back: bool = False) -> bool | None:
        try:
            results = move_here((), move, confined=self._confined, only_back=only_back)
        except HypervNetError as error:
            self.complain(owner, str(error))
            return False
        except OSError as error:
            self.complain(owner, f"{error.filename or self.run}: {error.strerror}")
            return False
        moved = [one for one in results if not one.is_nothing]
        for result in moved:
            if not result.failed:
                _say(f"{owner}: {result.text}")
        failed = "; ".join(one.text for one in moved if one.failed)
        nothing = "; ".join(one.text for one in results if one.is_nothing)
        if not results:
            nothing = "no pairs: nothing to move"
        self.complain(owner, failed or (nothing and f"{owner}: {nothing}"))
        return not failed if moved else None

    def has_lapsed(self) -> bool:
        """Whether the traffic of a pair that is drained goes to its VF again."""
        try:
            found = has_lapsed_here()
        except HypervNetError as error:
            self.complain("lapsed", str(error))
            return False
        self.complain("lapsed", "")
        return found

    def keep(self, known: Known) -> None:
        if self.keep_seconds(known):
            leave_news(self.run)

    def keep_seconds(self, known: Known) -> bool:
        """Keep what is no news; whether it is kept."""
        try:
            kept.keep(self.kept_in, known, time.time(), time.monotonic())
            # Only then, so that a service which is killed before leaves the boot to the next one.
            kept.mark_boot(self.run)
        except OSError as error:
            self.complain(kept.FILE, f"{error.filename or self.kept_in}: {error.strerror}")
            return False
        self.complain(kept.FILE, "")
        return True

    def tell(self, happened: Sequence[Happened]) -> None:
        for one in happened:
            _say(sentence(one))
        add(self.kept_in, [entry_of(one) for one in happened])

    def complain(self, about: str, trouble: str) -> None:
        """Say what is wrong once, until it is something else, or nothing."""
        if trouble and self._said.get(about) != trouble:
            terminal.complain(f"hyperv-net: {trouble}")
            terminal.flush()
        self._said[about] = trouble

    def say_what_goes_on(self) -> None:
        """What a service leaves behind that ends now."""
        for owner in self.owners():
            _say(
                f"{owner} keeps the traffic off the VFs until the service is started again, or "
                "`hyperv-net undrain --all-owners`"
            )


def serve(sources: Sequence[Source], rules: Rules, *, confined: bool = False) -> int:
    """Watch until a signal comes, and leave the drains as they are; the exit status.

    Without a source what events own is ended, and so it is where hyperv-net is turned off
    meanwhile: nobody is asked then until it is turned on again.  1 where it could not be ended
    and nobody is to be asked.
    `confined` is whether this process may do no more than join a VF.  Raises HypervNetError
    where another one watches, or the folders that it needs cannot be had.
    """
    # `whole_process` counts on an early end.
    gc.enable()
    stop, machine = Stop(), _Machine(confined=confined)
    with _alone(machine.run):
        is_anew = kept.is_first_since_boot(machine.run)
        before = kept.read_kept(machine.kept_in)
        passed = before.passed(time.time(), time.monotonic(), is_anew=is_anew)
        names = [one.name for one in sources]
        taken = take_up(before.known, machine.owners(), names, passed, is_anew=is_anew)
        taken = taken._replace(known=before.with_silence(taken.known, names))
        machine.keep(taken.known)
        hands = _hands(stop, machine)
        turns: Mapping[str, Turn] = turns_of(sources, hands.passed())
        try:
            while sources:
                _say(f"watching {', '.join(names)}")
                known, turns = watch(sources, rules, hands, taken, turns)
                over = take_up(known, machine.owners(), (), 0.0, is_anew=False)
                _, turns = _wind_up(over, hands, machine, turns)
                # daemon(8) would start again what ends, and who turns it on again wants it back.
                while _is_off():
                    turns = rest(hands, turns, NAP)
                taken = take_up(Known(), machine.owners(), names, 0.0, is_anew=False)
                turns = turns_of(sources, hands.passed(), turns)
            known, _ = _wind_up(taken, hands, machine, turns)
            # Whoever starts what has failed has it tried again.
            return int(bool(known.courses) or are_events_to_be_ended(machine.run))
        except StoppedError:
            machine.say_what_goes_on()
    return 0


def _wind_up(
    taken: Followed, hands: Hands, machine: _Machine, turns: Mapping[str, Turn]
) -> tuple[Known, Mapping[str, Turn]]:
    """End what events own, and say what is left of it, and why nobody is asked.

    What is known and the turns then.
    """
    known, turns = wind_up(taken, hands, turns)
    machine.say_what_goes_on()
    _say(why_nothing_is_watched())
    return known, turns


def why_nothing_is_watched() -> str:
    """Why nobody is asked, for people."""
    why = why_turned_off()
    return f"hyperv-net is turned off, and nothing is watched: {why}" if why else NOBODY


@contextmanager
def _alone(run_directory: str) -> Iterator[None]:
    """Nobody else watches in the meantime.  Raises HypervNetError where somebody does."""
    try:
        locks.own_folder(run_directory, locks.READABLE)
        locks.own_folder(f"{run_directory}/{locks.LOCKS}", locks.PRIVATE)
        path = f"{run_directory}/{LOCK}"
        lock = locks.wait_for(partial(locks.try_lock, path), _SECONDS_TO_LOOK)
    except OSError as error:
        raise of_file(error.filename or run_directory, f"{error.strerror}") from None
    if lock is None:
        raise of_file(f"{run_directory}/{LOCK}", "another process watches already")
    try:
        yield
    finally:
        os.close(lock)
        # That nobody watches any more.
        leave_news(run_directory)


def _hands(stop: Stop, machine: _Machine) -> Hands:
    questions = Questions()

    def wait(seconds: float) -> Mapping[str, Heard | Took]:
        answers = stop.let(questions.wait, seconds)
        for name, answer in answers.items():
            # Of one that is silent the watch itself tells.
            if isinstance(answer, Heard):
                is_heard = answer.announcements is not None
                machine.complain(name, answer.trouble if is_heard else "")
        return answers

    return Hands(
        time.time,
        time.monotonic,
        questions.ask,
        questions.tell,
        wait,
        machine.drain,
        machine.undrain,
        machine.finish,
        machine.has_lapsed,
        machine.keep,
        machine.keep_seconds,
        machine.tell,
        _is_off,
    )


def _is_off() -> bool:
    return bool(why_turned_off())


def show(sources: Sequence[Source], rules: Rules) -> None:
    """Watch, and say what would be done, until hyperv-net is turned off."""
    questions = Questions()

    def move(what: str, owner: str) -> bool:
        _say(f"{owner}: the traffic would be moved {what}")
        return True

    def tell(happened: Sequence[Happened]) -> None:
        for one in happened:
            _say(sentence(one))

    hands = Hands(
        time.time,
        time.monotonic,
        questions.ask,
        questions.tell,
        questions.wait,
        partial(move, "to the synthetic NICs"),
        partial(move, "back"),
        lambda: True,
        lambda: False,
        lambda known: None,
        lambda known: None,
        tell,
        _is_off,
    )
    taken = take_up(Known(), (), (), 0, is_anew=False)
    turns = turns_of(sources, hands.passed())
    watch(sources, rules._replace(acknowledges=False), hands, taken, turns)
    _say(why_nothing_is_watched())


def _say(line: str) -> None:
    terminal.say(line)
    terminal.flush()
