"""What is begun where there is something to watch for, and only there."""

from __future__ import annotations

import pytest

from hyperv_net.announcements import starting
from hyperv_net.cli import main
from hyperv_net.model import Announcer, Settings
from tests.announcements.machine import OWNER, Here


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why it is turned off, where that is given; no source is named."""
    why: list[str] = []
    monkeypatch.setattr(starting, "why_turned_off", lambda: "".join(why))
    monkeypatch.setattr(starting, "find_settings", lambda root: Settings())
    return why


def test_a_supervisor_is_told_that_nobody_is_to_be_asked_and_what_events_own_is_ended(
    off: list[str], here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    here.own(OWNER)
    assert main(["watch", "--is-needed"]) == 1
    assert here.owners == []
    assert capsys.readouterr().out.splitlines()[-1] == (
        "nobody announces anything, so nothing is watched: the setting announcements is empty"
    )


def test_a_supervisor_is_told_that_hyperv_net_is_turned_off(
    off: list[str], here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    off.append("99.cfg: enabled: false")
    assert main(["watch", "--is-needed"]) == 1
    assert capsys.readouterr().out == (
        "hyperv-net is turned off, and nothing is watched: 99.cfg: enabled: false\n"
    )


def test_a_supervisor_is_told_nothing_where_somebody_is_to_be_asked(
    off: list[str],
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(announcements=(Announcer.AZURE,))
    monkeypatch.setattr(starting, "find_settings", lambda root: settings)
    assert main(["watch", "--is-needed"]) == 0
    assert capsys.readouterr().out == ""
