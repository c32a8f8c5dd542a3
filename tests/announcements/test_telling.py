"""A line and an entry for what happened, with the time before which nothing begins."""

from __future__ import annotations

import pytest

from hyperv_net.announcements import telling
from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.hearing import Happened
from hyperv_net.announcements.telling import entry_of, sentence
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.journal.kept import stamp
from tests.journal.entries import BEGIN

FREEZE = Announcement("azure", "F1", "freeze", Stage.SCHEDULED, BEGIN + 600.0)
STARTED = FREEZE._replace(stage=Stage.STARTED, not_before=None)
NOW = "2026-10-01T00:00:00.000Z"


@pytest.fixture(autouse=True)
def at_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    def stamped(seconds: float = BEGIN) -> str:
        return stamp(seconds)

    monkeypatch.setattr(telling, "stamp", stamped)


def test_what_is_to_come_is_told_with_its_time() -> None:
    announced = Happened(Happening.ANNOUNCED, "freeze", FREEZE)
    begins = "2026-10-01T00:10:00.000Z"
    assert sentence(announced) == f"azure:F1 announced: freeze (not before {begins})"
    assert entry_of(announced) == Entry(
        NOW, Happening.ANNOUNCED, "freeze", owner="azure:F1", not_before=begins
    )


def test_what_goes_on_has_no_time_to_come() -> None:
    started = Happened(Happening.STARTED, "freeze", STARTED)
    assert sentence(started) == "azure:F1 started: freeze"
    assert entry_of(started) == Entry(NOW, Happening.STARTED, "freeze", owner="azure:F1")


def test_what_is_of_no_announcement_is_told_as_it_is() -> None:
    unheard = Happened(Happening.UNHEARD, "google: no answer")
    assert sentence(unheard) == "google: no answer"
    assert entry_of(unheard) == Entry(NOW, Happening.UNHEARD, "google: no answer")
