"""The file of metrics taken away again, where nobody would write it any more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.status import textfile
from tests.status.scenes import Scene


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "metrics"
    made.mkdir()
    return made


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "root")


def setting(scene: Scene, folder: Path | str) -> None:
    scene.write("etc/cloud/cloud.cfg.d/9.cfg", f"hyperv_net: {{metrics: '{folder}'}}\n")


def status(scene: Scene, *words: str) -> int:
    return main(["status", "--root", str(scene.root), *words])


def test_what_the_unit_runs_takes_the_file_away_once_the_setting_is_empty(
    scene: Scene, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says so once, not each minute."""
    unit = ("--textfile", "--clear-textfile", str(folder))
    setting(scene, folder)
    for _ in range(2):
        assert status(scene, *unit) == 0
        assert (folder / textfile.NAME).exists()
    assert capsys.readouterr().out == ""
    setting(scene, "")
    for told in (f"{folder}/hyperv_net.prom: taken away, no metrics are written there\n", ""):
        assert status(scene, *unit) == 0
        assert capsys.readouterr().out == told
        assert [*folder.iterdir()] == []


def test_it_does_where_they_go_elsewhere_now_also_where_that_fails(
    scene: Scene, folder: Path, tmp_path: Path
) -> None:
    unit = ("--textfile", "--clear-textfile", str(folder))
    setting(scene, folder)
    assert status(scene, *unit) == 0
    setting(scene, tmp_path / "other")
    assert status(scene, *unit) == 1
    assert [*folder.iterdir()] == []
    (tmp_path / "other").mkdir()
    assert status(scene, *unit) == 0
    assert [one.name for one in (tmp_path / "other").iterdir()] == [textfile.NAME]


def test_the_same_folder_by_another_name_is_no_other(
    scene: Scene, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(folder)
    setting(scene, tmp_path / "link")
    assert status(scene, "--textfile", "--clear-textfile", str(folder)) == 0
    assert (folder / textfile.NAME).exists()


def test_by_itself_it_takes_the_settings_file_away_or_the_one_that_is_named(
    scene: Scene, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(scene, "--clear-textfile") == 0
    assert capsys.readouterr().out == "no file is taken away: the setting metrics is empty\n"
    setting(scene, folder)
    for words in ((), (str(folder),)):
        textfile.write(str(folder), "# HELP x\n")
        assert status(scene, "--clear-textfile", *words) == 0
        assert "taken away" in capsys.readouterr().out
        assert [*folder.iterdir()] == []
        assert status(scene, "--clear-textfile", *words) == 0
        assert capsys.readouterr().out == f"{folder}: no hyperv_net.prom of hyperv-net's is there\n"
    # No setting is read for one that is named.
    scene.write("etc/cloud/cloud.cfg.d/9.cfg", "hyperv_net: {metrics: [}\n")
    textfile.write(str(folder), "")
    assert status(scene, "--clear-textfile", str(folder)) == 0
    assert [*folder.iterdir()] == []
    assert status(scene, "--clear-textfile", "--format", "json") == 64


def test_what_is_not_ours_stays(folder: Path, tmp_path: Path) -> None:
    own = folder / textfile.NAME
    mine = tmp_path / "mine"
    textfile.write(str(tmp_path), "")
    (tmp_path / textfile.NAME).rename(mine)
    own.write_text("# HELP hyperv_net_build_info Of another program.\n")
    assert not textfile.clear(str(folder)) and own.exists()
    own.unlink()
    own.symlink_to(mine)
    assert not textfile.clear(str(folder)) and own.is_symlink() and mine.exists()
    own.unlink()
    os.mkfifo(own)
    assert not textfile.clear(str(folder)) and own.exists()
    own.unlink()
    own.mkdir()
    assert not textfile.clear(str(folder)) and own.exists()
    assert not textfile.clear(str(tmp_path / "none"))
    assert not textfile.clear(str(mine))
