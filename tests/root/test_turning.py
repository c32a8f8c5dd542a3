"""`enabled: false` and its counterpart: what is in force when, for events and for the host."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.running import write_running
from hyperv_net import processes
from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.__main__ import main as at_an_event
from hyperv_net.hotplug.draining import Result
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.look.state import Drain
from hyperv_net.hotplug.running import wanted_here
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.model import System
from hyperv_net.root.turned_off import OFF, why_turned_off
from hyperv_net.root.turning import settings_files, why_to_turn_off
from tests.files import put
from tests.imports import reached
from tests.paths import CHECKOUT

SETTING = "etc/cloud/cloud.cfg.d/95-ours.cfg"
CONFIG = "version: 2\nethernets: {benchsyn0: {dhcp4: true}}\n"


def event(root: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Have an event come; whether the machine was looked at."""
    looked = put(root, "looked")
    looked.unlink()
    put(root, "bin/ip", f"#!/bin/sh\n: >{looked}\n", 0o755)
    monkeypatch.setitem(processes.ENVIRONMENT, "PATH", str(root / "bin"))
    assert at_an_event(str(root)) == 0
    return looked.exists()


def apply(root: Path, *options: str) -> int:
    config = str(put(root, "config", CONFIG))
    given = ("--root", str(root), "--target", "ifupdown", "--network-config", config)
    return main(["apply", *given, *options])


def test_an_edited_setting_is_in_force_for_events_from_the_next_apply_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_running(tmp_path)
    assert event(tmp_path, monkeypatch)
    put(tmp_path, SETTING, "hyperv_net: {enabled: false}\n")
    assert event(tmp_path, monkeypatch), "nobody has read it yet"

    assert apply(tmp_path) == 0
    assert "hyperv-net is turned off, and leaves VFs and the host alone" in capsys.readouterr().out
    assert not event(tmp_path, monkeypatch)
    assert wanted_here(str(tmp_path)) is None
    assert main(["reconcile", "--root", str(tmp_path), "--dry-run"]) == 0
    assert "hyperv-net is turned off, and nothing is done" in capsys.readouterr().out

    put(tmp_path, SETTING, "hyperv_net: {enabled: true}\n")
    assert apply(tmp_path) == 0
    assert "hyperv-net is turned on again" in capsys.readouterr().out
    assert event(tmp_path, monkeypatch)


def test_a_plan_that_fails_keeps_nobody_from_turning_it_off(tmp_path: Path) -> None:
    write_running(tmp_path)
    put(tmp_path, SETTING, "hyperv_net: {enabled: false}\n")
    assert main(["apply", "--root", str(tmp_path), "--network-config", "/nowhere"]) == 1
    assert why_turned_off(str(tmp_path))


def test_options_of_one_run_turn_nothing_off_for_later(tmp_path: Path) -> None:
    write_running(tmp_path)
    apply(tmp_path, "--disabled")
    assert why_turned_off(str(tmp_path)) == ""


def test_a_dry_run_turns_nothing_off(tmp_path: Path) -> None:
    write_running(tmp_path)
    put(tmp_path, SETTING, "hyperv_net: {enabled: false}\n")
    apply(tmp_path, "--dry-run")
    assert why_turned_off(str(tmp_path)) == ""


def test_status_says_so_and_what_is_yet_to_be_in_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_running(tmp_path)
    ask = ["status", "--root", str(tmp_path)]
    put(tmp_path, SETTING, "hyperv_net: {enabled: false}\n")
    main(ask)
    assert "is turned on for events, and its settings turn it off" in capsys.readouterr().out
    put(tmp_path, OFF[System.LINUX], "enabled: false among cloud-init's settings\n")
    main(ask)
    said = capsys.readouterr().out
    assert "hyperv-net is turned off: enabled: false" in said and "[turned-off]" in said
    (tmp_path / SETTING).unlink()
    main(ask)
    assert "is turned off for events, and its settings turn it on" in capsys.readouterr().out


def test_a_drain_where_it_is_turned_off_is_refused_and_nothing_is_moved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever waits for the traffic to be moved must not be told that it was."""
    from hyperv_net.hotplug import moving

    monkeypatch.setattr(moving, "why_turned_off", lambda: "enabled: false in a file")
    for words in (["drain"], ["drain", "--dry-run"]):
        assert main(words) == 1
        assert "hyperv-net is turned off, and no traffic was moved" in capsys.readouterr().err


@pytest.mark.parametrize("words", [(), ("--format", "json")])
def test_to_turn_it_off_ends_all_drains_once_none_can_begin_any_more(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    moves: list[tuple[str, object, bool]] = []
    owners: list[object] = []

    def undrain(*_: object, owner: object) -> list[Result]:
        owners.append(owner)
        return []

    def move_here(
        names: object, move: Callable[..., list[Result]], *, only_back: bool, wanted: object
    ) -> list[Result]:
        move(None, None, (), "")
        moves.append((why_turned_off(str(tmp_path)), owners.pop(), only_back))
        return [Result("bond0: traffic moved back"), Result("bond1: no", failed=True)]

    monkeypatch.setitem(RUN_DIRECTORY, System.LINUX, str(tmp_path / "drains"))
    monkeypatch.setattr("hyperv_net.hotplug.moving.move_here", move_here)
    monkeypatch.setattr("hyperv_net.hotplug.draining.undrain_pairs", undrain)
    monkeypatch.setattr("hyperv_net.commands.apply.is_this_machine", lambda root: True)
    write_running(tmp_path)
    put(tmp_path, SETTING, "hyperv_net: {enabled: false}\n")
    turn_off = ["apply", "--root", str(tmp_path), "--network-config", "/nowhere", *words]
    main(turn_off)
    assert moves == [], "there is no drain"
    keep_drains(str(tmp_path / "drains"), [Drain("00:0d:3a:00:00:01", 3, "enP1s1")])
    capsys.readouterr()
    main(turn_off)
    assert moves == [("enabled: false among cloud-init's settings", None, True)]
    said = capsys.readouterr()
    assert ("bond0: traffic moved back\n" in said.out) is (words == ())
    assert "hyperv-net: bond1: no\n" in said.err

    def fail(*_: object, **__: object) -> list[Result]:
        raise HypervNetError("a reconcile has been at work all the time")

    monkeypatch.setattr("hyperv_net.hotplug.moving.move_here", fail)
    main(turn_off)
    assert "hyperv-net: drains are not ended: a reconcile has" in capsys.readouterr().err
    assert why_turned_off(str(tmp_path))


def test_what_is_there_and_cannot_be_read_says_off_too(tmp_path: Path) -> None:
    (tmp_path / OFF[System.LINUX]).mkdir(parents=True)
    assert why_turned_off(str(tmp_path)).startswith("var/lib/hyperv-net/off: ")
    put(tmp_path, OFF[System.FREEBSD], "\x1b[2Jx\n")
    (tmp_path / OFF[System.LINUX]).rmdir()
    assert why_turned_off(str(tmp_path)) == r"'\x1b[2Jx'"
    put(tmp_path, OFF[System.FREEBSD], "")
    assert why_turned_off(str(tmp_path)) == OFF[System.FREEBSD]


def test_the_setting_is_read_where_all_others_are(tmp_path: Path) -> None:
    assert why_to_turn_off(tmp_path) == ""
    put(tmp_path, SETTING, "hyperv_net: {enabled: false}\n")
    put(tmp_path, "etc/cloud/cloud.cfg", "x: 1\n")
    assert why_to_turn_off(tmp_path)
    assert settings_files(tmp_path) == ["etc/cloud/cloud.cfg", SETTING, "proc/cmdline"]
    put(tmp_path, SETTING, "hyperv_net: [\n")
    with pytest.raises(HypervNetError):
        why_to_turn_off(tmp_path)


def test_the_file_is_beside_what_else_outlives_a_boot() -> None:
    assert {s: path.rpartition("/")[0] for s, path in OFF.items()} == dict(KEPT_IN)


def test_asking_takes_no_yaml() -> None:
    """Neither is it imported where the answer is yes."""
    assert not [name for name in reached("hyperv_net.root.turned_off", late=True) if "yaml" in name]
    code = (
        "import sys; from hyperv_net.hotplug.__main__ import main\n"
        "main('/nowhere'); assert 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)
