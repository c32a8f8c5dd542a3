"""The watch as a process: its threads, its files and how it ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hyperv_net.announcements import service
from hyperv_net.announcements.announcement import Stage
from hyperv_net.announcements.course import Standing
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.questions import Questions
from hyperv_net.announcements.source import Heard, Source, Took
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.draining import Result
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.journal.entry import Happening
from hyperv_net.journal.kept import read
from hyperv_net.owners import PERSON
from tests.announcements.machine import OWNER, STARTED, Here, known, saying


def test_a_signal_ends_it_and_leaves_the_drains_for_the_next_one(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service.serve([saying([STARTED])], Rules()) == 0
    assert here.owners == [OWNER]
    assert [(one.standing, one.holds, one.is_moved) for one in known(here)] == [
        (Standing.DRAINING, True, True)
    ]
    assert capsys.readouterr().out == (
        "watching azure\n"
        "azure:E1 announced: freeze\n"
        "azure:E1 started: freeze\n"
        "azure:E1: bond0: moved\n"
        "azure:E1 keeps the traffic off the VFs until the service is started again, or "
        "`hyperv-net undrain --all-owners`\n"
    )
    assert service.serve([saying([STARTED], [])], Rules()) == 0
    assert here.moves == [("drain", OWNER), ("undrain", OWNER)]
    assert (here.owners, known(here)) == ([], ())
    entries = read(here.kept_in).entries
    assert [(one.happening, one.owner) for one in entries] == [
        (Happening.ANNOUNCED, OWNER),
        (Happening.STARTED, OWNER),
        (Happening.OVER, OWNER),
    ]


def test_after_a_boot_it_drains_again(here: Here) -> None:
    service.serve([saying([STARTED])], Rules())
    here.own()
    Path(here.run, "watched").unlink()
    service.serve([saying([STARTED])], Rules())
    assert here.moves == [("drain", OWNER)] * 2
    assert here.owners == [OWNER]


def test_a_signal_while_the_traffic_is_moved_waits_for_that(here: Here) -> None:
    here.before_move = lambda: os.kill(os.getpid(), signal.SIGTERM)
    assert service.serve([saying([STARTED], [STARTED], [STARTED])], Rules()) == 0
    assert (here.owners, known(here)[0].is_moved) == ([OWNER], True)


def test_a_signal_ends_it_though_a_question_takes_long(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, ended = threading.Event(), threading.Event()
    waits: list[object] = []
    wait = Questions.wait

    def waited(questions: Questions, seconds: float) -> object:
        waiting.set()
        waits.append(wait(questions, seconds))
        return waits[-1]

    def ask(now: float) -> Heard:
        waiting.wait(60)
        os.kill(os.getpid(), signal.SIGTERM)
        ended.wait(60)
        return Heard((), 5)

    monkeypatch.setattr(Questions, "wait", waited)
    assert service.serve([Source("azure", ask)], Rules()) == 0
    ended.set()
    # One that comes just before the wait is seen at its end, and before the next.
    assert waits in ([], [{}])


@pytest.mark.parametrize(
    ("trouble", "line"),
    [
        (
            "bond0: cannot be drained: eth0 has no link",
            "bond0: cannot be drained: eth0 has no link",
        ),
        ("no pairs", f"{OWNER}: no pairs: nothing to move"),
        ("nothing", f"{OWNER}: hn0: nothing to move: it is the kernel's"),
        (HypervNetError("turned off", where="99.cfg"), "99.cfg: turned off"),
        (OSError(28, "No space left on device", "/run/x"), "/run/x: No space left on device"),
    ],
    ids=["a pair", "no pair", "no pair of ours", "all", "the disk"],
)
def test_a_drain_that_fails_is_said_once_and_is_to_be_tried_again(
    trouble: Exception | str, line: str, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    here.trouble = trouble
    assert service.serve([saying([STARTED])], Rules()) == 0
    assert service.serve([saying([STARTED])], Rules()) == 0
    assert here.moves == [("drain", OWNER)] * 2
    assert capsys.readouterr().err == f"hyperv-net: {line}\n" * 2
    assert [(one.holds, one.is_moved) for one in known(here)] == [(True, False)]


@pytest.mark.parametrize("is_else", [False, True], ids=["alone", "beside a pair that moves"])
def test_a_pair_that_is_left_to_the_kernel_is_no_failure_and_told_once(
    is_else: bool, here: Here, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [Result("hn0: nothing to move: it is the kernel's", is_nothing=True)]
    results += [Result("bond1: traffic moved")] * is_else
    monkeypatch.setattr(service, "move_here", lambda *_, **__: results)
    machine = service._Machine(confined=False)
    for _ in range(2):
        assert machine.drain(OWNER) is (True if is_else else None)
    said = capsys.readouterr()
    assert said.err == f"hyperv-net: {OWNER}: hn0: nothing to move: it is the kernel's\n"
    assert said.out == f"{OWNER}: bond1: traffic moved\n" * 2 * is_else


def test_an_end_that_fails_is_left_to_the_next_one(here: Here) -> None:
    service.serve([saying([STARTED])], Rules())
    here.trouble = "bond0: cannot be undrained"
    service.serve([saying([])], Rules())
    assert (here.owners, here.phases) == ([], [Phase.ENDING])
    assert known(here)[0].standing is Standing.OVER
    here.trouble = ""
    service.serve([saying([])], Rules())
    assert (here.phases, known(here)) == ([], ())


def test_a_mistake_of_a_source_ends_no_service(here: Here) -> None:
    assert service.serve([saying(KeyError("x"), [STARTED])], Rules()) == 0
    assert here.owners == [OWNER]


def test_what_is_doubtful_in_an_answer_is_said(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    doubtful = saying()._replace(ask=_doubtful())
    service.serve([doubtful], Rules())
    assert capsys.readouterr().err == "hyperv-net: E2.json: no JSON\n"


def _doubtful() -> Callable[[float], Heard]:
    left = [Heard((), 0, "E2.json: no JSON")] * 2

    def ask(now: float) -> Heard:
        if not left:
            os.kill(os.getpid(), signal.SIGTERM)
        return left.pop() if left else Heard(None, 60)

    return ask


def test_traffic_that_went_back_by_itself_is_moved_again(
    here: Here, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[bool | HypervNetError] = [HypervNetError("no sysfs"), True]

    def look() -> bool:
        found = looks.pop(0) if looks else False
        if isinstance(found, HypervNetError):
            raise found
        return found

    monkeypatch.setattr(service, "has_lapsed_here", look)
    service.serve([saying([], [STARTED], [STARTED], [STARTED])], Rules())
    assert (here.moves, looks) == ([("drain", OWNER)] * 2, [])
    assert capsys.readouterr().err == "hyperv-net: no sysfs\n"


def test_word_to_go_ahead_that_takes_long_delays_no_drain_of_another_source(here: Here) -> None:
    begun, is_moved = threading.Event(), threading.Event()
    ahead = STARTED._replace(stage=Stage.SCHEDULED, not_before=time.time() + 900)
    directorys = STARTED._replace(source="directory", id="D1")
    waited: list[bool] = []

    def acknowledge(event: str) -> Took:
        begun.set()
        waited.append(is_moved.wait(60))
        os.kill(os.getpid(), signal.SIGTERM)
        return Took()

    def ask(now: float) -> Heard:
        return Heard((directorys,) if begun.is_set() else (), 0.1)

    here.before_move = lambda: is_moved.set() if begun.is_set() else None
    azure = Source("azure", lambda now: Heard((ahead,), 0.1), acknowledge)
    service.serve([azure, Source("directory", ask)], Rules(acknowledges=True))
    assert waited == [True]
    assert here.owners == [OWNER, directorys.owner]


def test_a_mistake_of_a_source_that_is_told_to_go_ahead_ends_no_service(here: Here) -> None:
    ahead = STARTED._replace(stage=Stage.SCHEDULED, not_before=time.time() + 900)
    told: list[str] = []

    def acknowledge(event: str) -> Took:
        told.append(event)
        if len(told) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        raise KeyError(event)

    azure = Source("azure", lambda now: Heard((ahead,), 0), acknowledge)
    service.serve([azure], Rules(acknowledges=True))
    assert (told, here.owners) == (["E1", "E1"], [OWNER])


def test_two_do_not_watch_at_a_time(here: Here) -> None:
    errors: list[str] = []

    def ask(now: float) -> Heard:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(signal, "signal", lambda *_: None)
            try:
                service.serve([], Rules())
            except HypervNetError as error:
                errors.append(error.what)
        os.kill(os.getpid(), signal.SIGTERM)
        return Heard((), 5)

    service.serve([Source("azure", ask)], Rules())
    assert errors == ["another process watches already"]


def test_without_a_source_it_ends_what_events_own_and_nothing_else(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    service.serve([saying([STARTED])], Rules())
    here.own(OWNER, PERSON)
    capsys.readouterr()
    assert service.serve([], Rules()) == 0
    assert here.owners == [PERSON]
    assert capsys.readouterr().out == (
        "azure:E1 over: freeze: nobody asks azure any more\n"
        "azure:E1: bond0: moved\n"
        "nobody announces anything, so nothing is watched: the setting announcements is empty\n"
    )


def test_a_dry_run_moves_nothing(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    source = saying([STARTED])
    with pytest.raises(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        service.show([source], Rules(acknowledges=True))
    assert (here.moves, here.owners) == ([], [])
    assert capsys.readouterr().out.splitlines()[-1] == (
        "azure:E1: the traffic would be moved to the synthetic NICs"
    )
