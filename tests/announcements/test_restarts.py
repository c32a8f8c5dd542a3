"""A watch that is ended, or killed, and started again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hyperv_net.announcements import kept, service
from hyperv_net.announcements.course import LONGEST
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.journal.entry import Happening
from hyperv_net.journal.kept import read
from hyperv_net.root import locks
from tests.announcements.machine import OWNER, STARTED, Here, known, saying


class _KilledError(BaseException):
    """What a kill is to a process: nothing that it does comes after it."""


def rebooted(here: Here) -> None:
    here.own()
    Path(here.run, "watched").unlink()
    here.moves.clear()


@pytest.mark.parametrize("moment", ["keep", "mark_boot"])
def test_one_that_is_killed_as_it_starts_leaves_the_boot_to_the_next(
    moment: str, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.serve([saying([STARTED])], Rules())
    rebooted(here)

    def killed(*_: object) -> None:
        raise _KilledError

    with monkeypatch.context() as patch:
        patch.setattr(kept, moment, killed)
        with pytest.raises(_KilledError):
            service.serve([saying([STARTED])], Rules())
    service.serve([saying([STARTED])], Rules())
    assert here.moves == [("drain", OWNER)]
    assert here.owners == [OWNER]


@pytest.mark.parametrize("ahead", [-86_400, 86_400])
def test_a_clock_that_is_set_between_two_services_changes_nothing(
    ahead: float, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.serve([saying([STARTED])], Rules())
    now = time.time() + ahead
    monkeypatch.setattr(time, "time", lambda: now)
    service.serve([saying([STARTED])], Rules())
    assert here.moves == [("drain", OWNER)]
    assert here.owners == [OWNER]
    assert known(here)[0].held < 60


def test_a_clock_that_is_set_at_a_boot_does_not_use_up_the_time_of_a_drain(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.serve([saying([STARTED])], Rules())
    rebooted(here)
    now, up = time.time() + 86_400, time.monotonic() - 30
    real = time.monotonic
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(time, "monotonic", lambda: real() - up)
    service.serve([saying([STARTED])], Rules())
    assert here.owners == [OWNER]
    assert 630 <= known(here)[0].held < LONGEST


def test_what_has_passed_between_two_services_counts_for_the_drain(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.serve([saying([STARTED])], Rules())
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + LONGEST)
    service.serve([saying([STARTED])], Rules())
    assert here.moves == [("drain", OWNER), ("undrain", OWNER)]


def test_a_source_that_was_silent_is_told_of_when_it_is_heard_by_the_next_service(
    here: Here,
) -> None:
    silent: list[Heard] = [Heard(None, 0, "no answer")] * 3
    for answers in (silent, silent, [Heard((), 0)]):
        service.serve([_answering(answers)], Rules())
    found = [one.happening for one in read(here.kept_in).entries]
    assert found == [Happening.UNHEARD, Happening.HEARD_AGAIN]


def _answering(answers: list[Heard]) -> Source:
    left, ending = [*answers], saying()
    return Source("azure", lambda now: left.pop(0) if left else ending.ask(now))


def test_a_silent_source_that_is_asked_no_more_is_forgotten(here: Here) -> None:
    service.serve([_answering([Heard(None, 0, "no answer")] * 3)], Rules())
    assert kept.read_kept(here.kept_in).silent == ("azure",)
    service.serve([saying()._replace(name="directory")], Rules())
    assert kept.read_kept(here.kept_in).silent == ()


def test_whoever_only_looks_whether_somebody_watches_is_waited_for(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = [0]
    real = locks.try_lock

    def try_lock(path: str) -> int | None:
        # The look of another process is over at the second try.
        if path.endswith("/watch") and looking:
            looking.pop()
            return None
        return real(path)

    monkeypatch.setattr(locks, "try_lock", try_lock)
    monkeypatch.setattr(locks, "_PAUSE", 0)
    monkeypatch.setattr(service, "_SECONDS_TO_LOOK", 60)
    assert service.serve([saying([STARTED])], Rules()) == 0
    assert (looking, here.owners) == ([], [OWNER])
