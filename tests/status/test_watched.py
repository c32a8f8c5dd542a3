"""Whether somebody watches for what is announced, as status sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.hotplug.kept.watched import LOCK
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.model import Announcer, System
from hyperv_net.root import locks
from hyperv_net.root.turned_off import OFF
from hyperv_net.status.assemble import NOBODY
from hyperv_net.status.followed import see_watching
from hyperv_net.status.judge import judge
from hyperv_net.status.model import Watching
from tests.files import put
from tests.status.scenes import NOW, Scene

SYSTEMS = pytest.mark.parametrize("system", System, ids=lambda one: one.value)
ASKED = (Announcer.AZURE, Announcer.DIRECTORY)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[None]:
    """Somebody has the lock of who watches, whichever system it is."""
    taken = []
    for run in RUN_DIRECTORY.values():
        locks.own_folder(f"{tmp_path}{run}/{locks.LOCKS}", locks.PRIVATE)
        taken.append(locks.try_lock(f"{tmp_path}{run}/{LOCK}"))
    yield
    for one in taken:
        assert one is not None
        os.close(one)


def rules(scene: Scene, watching: Watching, system: System) -> dict[str, str]:
    """Rule → what is told of it and how it is mended."""
    status = scene.status()._replace(system=system, watching=watching)
    found = judge(status, NOW).findings
    return {one.rule: f"{one.severity.value}: {one.message} ({one.hint})" for one in found}


@SYSTEMS
def test_that_nobody_watches_is_a_warning_that_says_what_to_run(
    system: System, scene: Scene
) -> None:
    seen = see_watching(str(scene.root), system, ASKED, is_live=True)
    assert seen.is_running is False
    told = rules(scene, seen, system)["unwatched"]
    assert told.startswith("warning: nobody watches for what azure and directory announces (run `")
    assert ("systemctl enable --now hyperv-net-watch" in told) == (system is System.LINUX)
    assert ("service hyperv_net_watch start" in told) == (system is System.FREEBSD)


@SYSTEMS
def test_none_is_told_while_somebody_does(system: System, scene: Scene, held: None) -> None:
    seen = see_watching(str(scene.root), system, ASKED, is_live=True)
    assert seen.is_running is True
    assert rules(scene, seen, system) == {}


@SYSTEMS
def test_nor_where_nobody_is_to_be_asked_or_hyperv_net_is_turned_off(
    system: System, scene: Scene
) -> None:
    assert rules(scene, see_watching(str(scene.root), system, (), is_live=True), system) == {}
    put(scene.root, OFF[system], "enabled: false\n")
    off = see_watching(str(scene.root), system, ASKED, is_live=True)
    assert off == NOBODY
    assert rules(scene, off, system) == {}


def test_nor_where_that_cannot_be_seen_which_is_said(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody holds a lock of a captured tree."""
    scene.write("etc/cloud/cloud.cfg.d/9.cfg", "hyperv_net: {announcements: [azure]}\n")
    assert main(["status", "--root", str(scene.root)]) == 0
    told = capsys.readouterr().out
    assert "unwatched" not in told
    assert "whether somebody watches for them is seen by root" in " ".join(told.split())
    scene.write("etc/cloud/cloud.cfg.d/9.cfg", "hyperv_net: {announcements: []}\n")
    assert main(["status", "--root", str(scene.root)]) == 0
    assert "watches" not in capsys.readouterr().out
