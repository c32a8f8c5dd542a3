"""Drains of events that nobody watches any more, as the worker finds them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from hyperv_net.announcements.course import IN_ALL
from hyperv_net.facts import System
from hyperv_net.hotplug import running
from hyperv_net.hotplug.kept import watched
from hyperv_net.hotplug.kept.drains import keep_drains, read_drains
from hyperv_net.hotplug.kept.watched import LOCK, LONGEST, let_go
from hyperv_net.hotplug.look.state import ActualState, Drain, Phase
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.owners import PERSON
from hyperv_net.root import locks

EVENT = "azure:E1"
MAC = "00:0d:3a:00:00:01"
DAY = 86_400.25


@pytest.fixture(autouse=True)
def up_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: DAY)


def drained(run: Path, age: float, *owners: str) -> None:
    """A drain whose last event came `age` seconds ago; the wall clock was set since."""
    drain = Drain(MAC, 3, "enP1s1", Phase.HELD, "always", since="2001-01-01T00:00:00Z")
    keep_drains(str(run), [drain._replace(owners=owners, uptime=1.5, event_uptime=DAY - age)])


def found(run: Path) -> tuple[Phase, tuple[str, ...]]:
    (drain,) = read_drains(str(run))
    return drain.phase, drain.owners


def test_an_event_that_nobody_watches_owns_a_drain_for_so_long(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drained(tmp_path, LONGEST + 60, EVENT)
    let_go(str(tmp_path))
    assert found(tmp_path) == (Phase.ENDING, ())
    said = f"{MAC}: nobody watches {EVENT} any more, so its drain is over\n"
    assert capsys.readouterr().out == said


def test_a_persons_part_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drained(tmp_path, LONGEST + 60, PERSON, EVENT, "directory:x")
    let_go(str(tmp_path))
    assert found(tmp_path) == (Phase.HELD, (PERSON,))
    capsys.readouterr()
    drained(tmp_path, LONGEST + 60, PERSON)
    let_go(str(tmp_path))
    assert found(tmp_path) == (Phase.HELD, (PERSON,))
    assert capsys.readouterr().out == ""


def test_a_service_that_is_started_again_soon_finds_it_as_it_was(tmp_path: Path) -> None:
    drained(tmp_path, LONGEST - 60, EVENT)
    let_go(str(tmp_path))
    assert found(tmp_path) == (Phase.HELD, (EVENT,))


def test_nobody_ends_what_a_service_would_not_have_ended_yet() -> None:
    assert LONGEST > IN_ALL


def test_what_is_watched_is_whoever_watches_to_end(tmp_path: Path) -> None:
    drained(tmp_path, 2 * LONGEST, EVENT)
    locks.own_folder(str(tmp_path / locks.LOCKS), locks.PRIVATE)
    lock = locks.try_lock(str(tmp_path / LOCK))
    assert lock is not None
    let_go(str(tmp_path))
    assert found(tmp_path) == (Phase.HELD, (EVENT,))
    os.close(lock)
    let_go(str(tmp_path))
    assert found(tmp_path) == (Phase.ENDING, ())


def test_the_worker_asks_before_it_looks_and_only_where_an_event_owns_a_drain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(watched, "let_go", asked.append)
    monkeypatch.setattr(running, "reader", lambda *_: lambda: ActualState(System.LINUX, ()))
    nothing = Wanted(System.LINUX, target="")
    for owners in ((PERSON,), (PERSON, EVENT)):
        drained(tmp_path, 0, *owners)
        running.settle(nothing, str(tmp_path), float("inf"), str(tmp_path))
    assert asked == [str(tmp_path)]
