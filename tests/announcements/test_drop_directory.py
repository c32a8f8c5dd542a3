"""The folder in which scripts announce something."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.announcements import drop_directory
from hyperv_net.announcements.announcement import Stage
from hyperv_net.announcements.drop_directory import WAIT
from hyperv_net.announcements.own_document import SCHEMA
from hyperv_net.announcements.source import Heard
from tests.files import put
from tests.owners import give_away

FOLDER = "run/hyperv-net/announcements"
FREEBSDS = "var/run/hyperv-net/announcements"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir(mode=0o755)
    return root


def drop(root: Path, name: str, folder: str = FOLDER, **fields: Any) -> Path:
    put(root, f"{folder}/{name}", json.dumps({"schema": SCHEMA, **fields}))
    place = root
    for part in folder.split("/"):
        place = place / part
        place.chmod(0o755)
    path = root / folder / name
    path.chmod(0o644)
    return path


def ids(heard: Heard) -> list[str]:
    assert heard.announcements is not None
    return [one.id for one in heard.announcements]


def test_a_file_announces_until_it_is_removed(root: Path) -> None:
    source = drop_directory.source(root)
    assert source.name == "directory" and source.acknowledge is None
    assert source.ask(0) == Heard((), WAIT)
    path = drop(root, "move-7.json", not_before="2026-11-28T23:00:00Z")
    (found,) = source.ask(0).announcements or ()
    assert (found.owner, found.kind) == ("directory:move-7", "migration")
    assert found.stage is Stage.SCHEDULED and found.is_mine and found.is_mine_alone
    drop(root, "move-7.json", stage="started")
    assert [one.stage for one in source.ask(0).announcements or ()] == [Stage.STARTED]
    path.unlink()
    assert source.ask(0) == Heard((), WAIT)


def test_on_freebsd_it_is_where_that_keeps_what_a_boot_empties(root: Path) -> None:
    put(root, "bin/freebsd-version", "")
    drop(root, "x.json", FREEBSDS)
    drop(root, "y.json")
    assert ids(drop_directory.source(root).ask(0)) == ["x"]


def test_what_is_no_announcement_by_its_name_is_passed_over(root: Path) -> None:
    drop(root, "b.json")
    drop(root, "a.json")
    for name in (".a.json", "c.json.new", "README", ".c.json.swp"):
        put(root, f"{FOLDER}/{name}", "{")
    assert drop_directory.source(root).ask(0).trouble == ""
    assert ids(drop_directory.source(root).ask(0)) == ["a", "b"]


def test_a_file_that_cannot_be_read_is_told_and_hides_no_other(root: Path) -> None:
    drop(root, "good.json")
    drop(root, "a b.json")
    put(root, f"{FOLDER}/bad.json", "{")
    put(root, f"{FOLDER}/large.json", json.dumps({"schema": SCHEMA}) + " " * 16 * 1024)
    (root / FOLDER / "latin.json").write_bytes(b"\xff")
    os.mkfifo(root / FOLDER / "pipe.json")
    (root / FOLDER / "folder.json").mkdir()
    heard = drop_directory.source(root).ask(0)
    assert ids(heard) == ["good"]
    assert heard.trouble.startswith(f"/{FOLDER}/a b.json: its name is no id")
    assert heard.trouble.endswith("(and 5 more)") and "\n" not in heard.trouble


def test_a_file_that_is_damaged_or_being_written_anew_is_not_one_that_is_gone(root: Path) -> None:
    source = drop_directory.source(root)
    path = drop(root, "x.json", kind="freeze")
    for text in ("", '{"schema": "hyperv-net/ann', "\0"):
        path.write_text(text)
        heard = source.ask(0)
        assert heard.unread == ("x",) and f"/{FOLDER}/x.json" in heard.trouble
    drop(root, "x.json", kind="reboot")
    assert [one.kind for one in source.ask(0).announcements or ()] == ["reboot"]
    path.write_text("")
    path.unlink()
    assert source.ask(0) == Heard((), WAIT)


@pytest.mark.parametrize("path", [FOLDER, "run/hyperv-net", "run", ""])
@pytest.mark.parametrize("is_theirs", [True, False])
def test_a_folder_that_others_may_write_to_is_not_believed_and_ends_nothing(
    root: Path, path: str, is_theirs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(root, "x.json")
    if is_theirs:
        give_away(root / path, monkeypatch)
    else:
        (root / path).chmod(0o777)
    heard = drop_directory.source(root).ask(0)
    assert heard.announcements is None and "not believed" in heard.trouble
    assert str(root / path).rstrip("/") in heard.trouble


def test_a_file_that_others_could_have_written_is_not_believed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(root, "x.json").chmod(0o666)
    give_away(drop(root, "y.json"), monkeypatch)
    (root / FOLDER / "z.json").symlink_to("../../other")
    put(root, "run/other", json.dumps({"schema": SCHEMA}))
    heard = drop_directory.source(root).ask(0)
    assert heard.announcements == () and "not believed" in heard.trouble
    assert heard.trouble.endswith("(and 2 more)")


def test_more_files_than_anybody_drops_are_none(root: Path) -> None:
    for number in range(64):
        drop(root, f"{number}.json")
    assert len(drop_directory.source(root).ask(0).announcements or ()) == 64
    drop(root, "64.json")
    heard = drop_directory.source(root).ask(0)
    assert heard.announcements is None and "more than 64" in heard.trouble
