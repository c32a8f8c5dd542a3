"""`hyperv-net watch` as it is called."""

from __future__ import annotations

import pytest

from hyperv_net.announcements import registry, service, starting
from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.registry import MODULES
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.cli import main
from hyperv_net.model import Announcer, Settings

EVENT = Announcement("azure", "E1", "freeze", Stage.SCHEDULED, 1_800_000_000.0, text="Host \x1b[2J")
ANSWERS = {
    Announcer.AZURE: Heard(
        (
            EVENT,
            EVENT._replace(id="E2", is_mine=False, is_mine_alone=False, interrupts=5.0),
            EVENT._replace(id="E3", stage=Stage.STARTED, not_before=None, is_mine_alone=False),
        ),
        5,
    ),
    Announcer.DIRECTORY: Heard((), 5, "E9.json: no JSON"),
    Announcer.GOOGLE: Heard(None, 5, "the answer is 500"),
}


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(announcer: Announcer) -> Source:
        return Source(announcer.value, lambda now: ANSWERS[announcer])

    monkeypatch.setattr(registry, "_made", made)


def settings(monkeypatch: pytest.MonkeyPatch, *announcers: Announcer) -> None:
    found = Settings(announcements=announcers, drain_ahead=30, acknowledge=True)
    for module in ("hyperv_net.root.cloud_config", starting.__name__):
        monkeypatch.setattr(f"{module}.find_settings", {"/": found}.__getitem__)


@pytest.mark.usefixtures("announced")
def test_once_prints_what_is_announced_and_moves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(monkeypatch, Announcer.AZURE, Announcer.DIRECTORY)
    assert main(["watch", "--once"]) == 0
    assert capsys.readouterr() == (
        "freeze azure:E1: scheduled; not before 2027-01-15T08:00:00.000Z; Host \\x1b[2J\n"
        "freeze azure:E2: scheduled; not before 2027-01-15T08:00:00.000Z; not about this machine; "
        "stands still for 5 s; Host \\x1b[2J\n"
        "freeze azure:E3: started; about this machine and others; Host \\x1b[2J\n"
        "directory: nothing is announced\n",
        "hyperv-net: directory: E9.json: no JSON\n",
    )


@pytest.mark.usefixtures("announced")
def test_once_exits_with_1_where_a_source_cannot_be_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(monkeypatch, Announcer.GOOGLE)
    assert main(["watch", "--once"]) == 1
    assert capsys.readouterr() == ("", "hyperv-net: google: the answer is 500\n")


@pytest.mark.parametrize("option", ["--once", "--dry-run"])
def test_where_no_source_is_set_one_line_says_so(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(monkeypatch)
    assert main(["watch", option]) == 0
    assert capsys.readouterr() == (f"{service.NOBODY}\n", "")


@pytest.mark.usefixtures("announced")
def test_a_dry_run_shows_what_those_would_come_to_whom_the_settings_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings(monkeypatch, Announcer.AZURE)
    shown: list[tuple[list[str], Rules]] = []

    def show(sources: tuple[Source, ...], rules: Rules) -> None:
        shown.append(([one.name for one in sources], rules))

    monkeypatch.setattr(service, "show", show)
    assert main(["watch", "--dry-run"]) == 0
    assert shown == [(["azure"], Rules(30.0, acknowledges=True))]


def test_one_way_of_watching_is_asked_for_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--once", "--dry-run"]) == 64
    assert "not allowed with" in capsys.readouterr().err


@pytest.mark.usefixtures("announced")
def test_it_watches_whom_the_settings_name_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    settings(monkeypatch, Announcer.AZURE)
    served: list[tuple[list[str], Rules, bool]] = []

    def serve(sources: tuple[Source, ...], rules: Rules, *, confined: bool) -> int:
        served.append(([one.name for one in sources], rules, confined))
        return 0

    monkeypatch.setattr(starting, "serve", serve)
    monkeypatch.setattr(starting, "why_turned_off", lambda: "")
    assert main(["watch"]) == 0
    assert served == [(["azure"], Rules(30.0, acknowledges=True), False)]


def test_a_machine_that_is_turned_off_watches_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (starting, service):
        monkeypatch.setattr(module, "why_turned_off", lambda: "99.cfg: enabled")
    monkeypatch.setattr(starting, "are_events_to_be_ended", lambda directory: False)
    assert main(["watch"]) == 0
    said = "hyperv-net is turned off, and nothing is watched: 99.cfg: enabled\n"
    assert capsys.readouterr() == (said, "")


def test_each_name_of_the_settings_has_a_source_of_that_name() -> None:
    assert set(MODULES) == set(Announcer)
    assert [one.name for one in registry.sources(Announcer)] == [one.value for one in Announcer]


def test_once_asks_again_where_the_first_question_was_for_the_machines_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [Heard(None, 5, is_half=True), Heard((), 5)]
    monkeypatch.setattr(registry, "_made", lambda one: Source("azure", lambda now: answers.pop(0)))
    settings(monkeypatch, Announcer.AZURE)
    assert main(["watch", "--once"]) == 0
    assert capsys.readouterr().out == "azure: nothing is announced\n"
