"""The watch where nobody is asked any more: it is turned off, or has no source."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping

import pytest

from hyperv_net.announcements import service
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.questions import NAP, Questions
from hyperv_net.announcements.source import Heard, Source, Took
from hyperv_net.announcements.starting import start
from hyperv_net.hotplug.draining import Result
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.moving import finish_pairs
from hyperv_net.root import locks
from tests.announcements.machine import MAC, OWNER, STARTED, Here, saying


def test_turned_off_it_asks_nobody_and_ends_what_events_own_until_it_is_turned_on_again(
    here: Here, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    waits: list[float] = []
    wait = Questions.wait

    def waited(questions: Questions, seconds: float) -> Mapping[str, Heard | Took]:
        if not here.off:
            return wait(questions, seconds)
        # Three looks until somebody turns it on again.
        waits.append(seconds)
        here.off = here.off if len(waits) < 3 else ""
        return {}

    def ask(now: float) -> Heard:
        asked.append(here.off)
        if len(asked) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return Heard((STARTED,), 0)

    def turn_off() -> None:
        here.off = "99.cfg: enabled: false" if here.moves == [] else here.off

    here.before_move = turn_off
    monkeypatch.setattr(Questions, "wait", waited)
    assert service.serve([Source("azure", ask)], Rules()) == 0
    assert here.moves == [("drain", OWNER), ("undrain", OWNER), ("drain", OWNER)]
    assert (set(asked), waits) == ({""}, [NAP] * 3)
    said = capsys.readouterr().out.splitlines()
    assert said[4:8] == [
        "azure:E1 over: freeze: nobody asks azure any more",
        "azure:E1: bond0: moved",
        "hyperv-net is turned off, and nothing is watched: 99.cfg: enabled: false",
        "watching azure",
    ]


def test_who_is_still_being_asked_when_it_is_turned_on_again_is_not_asked_twice_at_once(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = threading.Event()
    on_their_way: list[str] = []
    most: list[int] = []
    looks: list[str] = []
    rounds: list[str] = []
    wait = Questions.wait

    def waited(questions: Questions, seconds: float) -> Mapping[str, Heard | Took]:
        if here.off:
            looks.append(here.off)
            here.off = "" if len(looks) == 2 else here.off
        return wait(questions, min(seconds, 0.1))

    def slow(now: float) -> Heard:
        on_their_way.append("slow")
        most.append(len(on_their_way))
        assert is_over.wait(60)
        on_their_way.pop()
        return Heard((), 0)

    def quick(now: float) -> Heard:
        # Three times since it was turned on again; and then the slow one is to be asked anew.
        rounds.extend(looks[:1])
        if len(rounds) == 3:
            is_over.set()
        if len(rounds) >= 3 and len(most) > 1:
            os.kill(os.getpid(), signal.SIGTERM)
        return Heard((STARTED._replace(source="quick"),), 0)

    here.before_move = lambda: setattr(here, "off", "" if looks else "99.cfg: enabled: false")
    monkeypatch.setattr(Questions, "wait", waited)
    service.serve([Source("slow", slow), Source("quick", quick)], Rules())
    assert {*most} == {1}


@pytest.mark.parametrize("off", ["", "99.cfg: enabled: false"])
@pytest.mark.parametrize("is_mended", [True, False])
def test_an_end_that_nobody_owns_any_more_is_tried_and_counts_where_it_is_left(
    is_mended: bool, off: str, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No service knows of it, and its drain has no owner."""
    passed = [0.0]
    tries: list[float] = []
    drain = Drain(MAC, 3, "enP1s1", phase=Phase.ENDING)

    def move_here(names: object, move: object, **options: bool) -> list[Result]:
        tries.append(passed[0])
        assert (move, options) == (finish_pairs, {"confined": False, "only_back": True})
        is_done = is_mended and len(tries) == 2
        keep_drains(here.run, [] if is_done else [drain])
        return [Result("bond0: cannot be undrained", failed=not is_done)]

    def wait(questions: object, seconds: float) -> dict[str, Heard]:
        passed[0] += seconds
        return {}

    locks.own_folder(here.run, locks.READABLE)
    keep_drains(here.run, [drain])
    here.off = off
    monkeypatch.setattr(service, "move_here", move_here)
    monkeypatch.setattr(Questions, "wait", wait)
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])
    assert service.serve([], Rules()) == (0 if is_mended else 1)
    assert tries == ([0, 10] if is_mended else [0, 10, 30])
    assert here.phases == ([] if is_mended else [Phase.ENDING])


@pytest.mark.parametrize("off", ["", "99.cfg: enabled: false"])
@pytest.mark.parametrize("is_mended", [True, False])
def test_an_end_that_fails_where_nobody_is_asked_is_tried_again_for_a_while(
    is_mended: bool,
    off: str,
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = [0.0]

    def wait(questions: object, seconds: float) -> dict[str, Heard]:
        passed[0] += seconds
        here.trouble = "" if is_mended else here.trouble
        return {}

    service.serve([saying([STARTED])], Rules())
    here.moves.clear()
    here.trouble, here.off = "bond0: cannot be undrained", off
    monkeypatch.setattr(Questions, "wait", wait)
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])
    assert service.serve([], Rules()) == (0 if is_mended else 1)
    assert here.moves == [("undrain", OWNER)] * (2 if is_mended else 4)
    assert here.phases == ([] if is_mended else [Phase.ENDING])
    # Whoever starts again what has failed has it tried again, here by a command that moves all.
    here.trouble = ""
    assert start() == 0
    assert here.phases == []
