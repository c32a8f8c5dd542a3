"""What the watch as a process keeps for the next one, and makes of what was kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.announcements import kept, service, watching
from hyperv_net.announcements.course import Known
from hyperv_net.announcements.following import Rules
from tests.announcements.machine import OWNER, STARTED, Here, known, saying


def test_the_seconds_of_a_drain_are_kept_while_nothing_else_happens(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.serve([saying([STARTED], [STARTED])], Rules())
    assert known(here)[0].held == 0
    here.own()
    Path(here.kept_in, kept.FILE).unlink()
    monkeypatch.setattr(watching, "KEPT_EVERY", 0)
    service.serve([saying([STARTED], [STARTED])], Rules())
    assert known(here)[0].held > 0


def test_what_cannot_be_kept_is_said_and_the_traffic_is_moved(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(here.kept_in).rmdir()
    Path(here.kept_in).write_text("")
    assert service.serve([saying([STARTED])], Rules()) == 0
    assert here.owners == [OWNER]
    assert "kept" in capsys.readouterr().err


def test_a_damaged_file_is_taken_for_none(here: Here) -> None:
    service.serve([saying([STARTED])], Rules())
    file = Path(here.kept_in, kept.FILE)
    whole = file.read_text()
    for damaged in (whole[:-20], "[]", "", whole.replace("draining", "odd"), "[" * 100_000):
        file.write_text(damaged)
        assert kept.read_kept(here.kept_in).known == Known()


def test_whether_sources_were_silent_is_kept_until_a_service_asks_them_anew(here: Here) -> None:
    silent = Known((), (("azure", 3), ("google", 2)))
    kept.keep(here.kept_in, silent, 1_800_000_000.0, 12.25)
    assert kept.read_kept(here.kept_in) == kept.Kept(Known(), 1_800_000_000.0, ("azure",), 12.25)
    assert service.serve([saying([])], Rules()) == 0
    assert kept.read_kept(here.kept_in).silent == ()
