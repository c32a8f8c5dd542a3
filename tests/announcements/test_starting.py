"""What is begun where there is something to watch for, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.announcements import starting, watching
from hyperv_net.cli import main
from hyperv_net.commands.watch import NOT_NEEDED
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Announcer, Settings
from tests.announcements.machine import OWNER, Here


@pytest.fixture(autouse=True)
def without_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "find_settings", lambda root: Settings())


def test_a_supervisor_is_told_that_nobody_is_to_be_asked_and_what_events_own_is_ended(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    here.own(OWNER)
    assert main(["watch", "--is-needed"]) == NOT_NEEDED
    assert here.owners == []
    assert capsys.readouterr().out.splitlines()[-1] == (
        "nobody announces anything, so nothing is watched: the setting announcements is empty"
    )


OFF = "hyperv-net is turned off, and nothing is watched: 99.cfg: enabled: false"


def test_a_supervisor_is_told_that_hyperv_net_is_turned_off_and_nothing_is_touched(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    here.off = "99.cfg: enabled: false"
    assert main(["watch", "--is-needed"]) == NOT_NEEDED
    assert capsys.readouterr().out == f"{OFF}\n"
    assert not Path(here.run).exists()


def test_what_events_own_is_ended_where_a_service_finds_hyperv_net_turned_off(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    here.own(OWNER)
    here.off = "99.cfg: enabled: false"
    assert main(["watch", "--is-needed"]) == NOT_NEEDED
    assert here.owners == []
    assert capsys.readouterr().out.splitlines()[-1] == OFF


def test_a_supervisor_is_told_nothing_where_somebody_is_to_be_asked(
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(announcements=(Announcer.AZURE,))
    monkeypatch.setattr(starting, "find_settings", lambda root: settings)
    assert main(["watch", "--is-needed"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("off", ["", "99.cfg: enabled: false"])
def test_a_supervisor_is_to_try_again_what_events_own_and_could_not_be_ended(
    off: str, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "WINDING_UP", 0)
    here.own(OWNER)
    here.off, here.trouble = off, "bond0: cannot be undrained"
    for _ in range(2):
        assert main(["watch", "--is-needed"]) == 0
        assert main(["watch"]) == 1
    here.trouble = ""
    assert main(["watch", "--is-needed"]) == NOT_NEEDED
    assert here.phases == []


def test_that_nobody_can_tell_is_no_answer_that_nothing_is_needed(
    here: Here, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(root: str) -> Settings:
        raise HypervNetError("not YAML", where="99.cfg")

    monkeypatch.setattr(starting, "find_settings", broken)
    assert main(["watch", "--is-needed"]) == 1
    assert capsys.readouterr().err == "hyperv-net: 99.cfg: not YAML\n"


def test_a_supervisor_is_told_that_hyperv_net_is_turned_off_though_somebody_is_to_be_asked(
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Else it would start again and again what ends at once."""
    settings = Settings(announcements=(Announcer.AZURE,))
    monkeypatch.setattr(starting, "find_settings", lambda root: settings)
    here.off = "99.cfg: enabled: false"
    assert main(["watch", "--is-needed"]) == NOT_NEEDED
    assert capsys.readouterr().out == f"{OFF}\n"


@pytest.mark.parametrize("off", ["", "99.cfg: enabled: false"])
@pytest.mark.parametrize("confined", [True, False])
def test_a_service_in_a_sandbox_knows_that_it_is(
    off: str, confined: bool, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.own(OWNER)
    here.off = off
    served: list[bool] = []

    def serve(*_: object, confined: bool) -> int:
        served.append(confined)
        return 0

    monkeypatch.setattr(starting, "serve", serve)
    assert starting.start(confined=confined) == 0
    assert served == [confined]
