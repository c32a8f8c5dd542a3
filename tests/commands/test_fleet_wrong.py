"""What is wrong with a fleet is a row, or is said ahead of the run; nothing half is left behind."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.commands import fleet
from hyperv_net.commands import review as verb
from hyperv_net.errors import HypervNetError
from hyperv_net.review import formats
from tests.commands.calling import Capture
from tests.fleet.machines import machines
from tests.paths import EXAMPLES

MEANT = {"help", "fleet", "merge", "out", "fail_on"}
OF_FLEET = {
    *("jobs", "allow", "target", "aggregate", "synthetic_drivers", "mii_monitor_interval", "kvp"),
    *("pairs", "enabled"),
}


def lines(count: int) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in machines(count))


def review(given: Path | str, out: Path, *options: str) -> int:
    return main(["review", "--fleet", str(given), "--out", str(out), "--jobs", "1", *options])


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in (out / "machines.jsonl").read_text().splitlines()]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    file = tmp_path / "fleet.jsonl"
    file.write_text(lines(1))
    return file


def options() -> list[argparse.Action]:
    parser = argparse.ArgumentParser()
    verb.configure(parser)
    return parser._actions


def words(action: argparse.Action) -> list[str]:
    """An option as somebody gives it."""
    values = {"also": "html=x", "expect_aggregates": "1", "jobs": "1", "mii_monitor_interval": "1"}
    value = values.get(action.dest, next(iter(action.choices or ["x"])))
    flags = list(action.option_strings[-1:])
    return flags if action.nargs == 0 else [*flags, value]


@pytest.mark.parametrize("action", options(), ids=lambda one: one.dest)
@pytest.mark.parametrize("option", ["--fleet", "--merge"])
def test_an_option_without_a_meaning_for_many_machines_is_refused(
    option: str, action: argparse.Action, tmp_path: Path, capsys: Capture
) -> None:
    """Whatever option `review` has, or comes to have."""
    meant = {*MEANT, *OF_FLEET} if option == "--fleet" else MEANT
    if action.dest in meant:
        return
    given = words(action)
    assert main(["review", *given, option, "x", "--out", str(tmp_path / "out")]) == 64
    assert f"{given[0]}: it has no meaning with {option}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--allow", "nonsense"], "--allow nonsense: "),
        (["--pair", "nonsense"], "options.pairs"),
        (["--mii-monitor-interval", "0"], "options.mii_monitor_interval: "),
        (["--synthetic-driver", "a b"], "options.synthetic_drivers"),
    ],
)
def test_an_option_that_is_wrong_is_said_once_and_first(
    given: list[str], told: str, jobs: str, one: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert review(one, tmp_path / "out", "--jobs", jobs, *given) == 64
    said = capsys.readouterr()
    assert told in said.err and len(said.err.splitlines()) == 1
    assert said.out == "" and not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["", "\n \r\n\n"])
def test_a_fleet_without_a_machine_is_an_error(
    content: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "fleet.jsonl").write_text(content)
    assert review(tmp_path / "fleet.jsonl", tmp_path / "out") == 1
    assert "fleet.jsonl: no machine in it" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_so_is_standard_input_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert review("-", tmp_path / "out") == 1
    assert "-: no machine in it" in capsys.readouterr().err


def test_nothing_is_left_of_a_run_that_could_not_begin(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "there").mkdir()
    for out in ("new", "there"):
        for fleet_, told in (("empty", "no machine in it"), ("missing", "cannot be read")):
            assert review(tmp_path / fleet_, tmp_path / out) == 1
            assert told in capsys.readouterr().err
        merge = ["review", "--merge", str(tmp_path / "empty"), "--out", str(tmp_path / out)]
        assert main(merge) == 1
        assert "summary.json: cannot be read" in capsys.readouterr().err
    assert {path.name for path in tmp_path.rglob("*")} == {"empty", "there"}


@pytest.mark.parametrize(
    ("error", "status"), [(HypervNetError("no room"), 1), (KeyboardInterrupt(), 130)]
)
def test_nor_of_one_that_ended_halfway(
    error: BaseException, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fleet.jsonl").write_text(lines(200))

    def ending(*_: object) -> None:
        raise error

    monkeypatch.setattr(fleet, "groups_csv", ending)
    (tmp_path / "there").mkdir()
    for out in ("new", "there"):
        assert review(tmp_path / "fleet.jsonl", tmp_path / out) == status
    assert {path.name for path in tmp_path.rglob("*")} == {"fleet.jsonl", "there"}


def test_a_link_that_leads_nowhere_is_a_row(tmp_path: Path) -> None:
    given = tmp_path / "fleet"
    shutil.copytree(EXAMPLES / "linux-netplan", given / "vm")
    for name, to in (("circle", "circle"), ("nowhere", "gone"), ("file.tar.gz", "file.tar.gz")):
        (given / name).symlink_to(to)
    (given / "README").touch()
    (given / "link").symlink_to("vm")
    for name in ("inventory.json", "network-config.yaml", "root"):
        shutil.copytree(EXAMPLES / "linux-netplan", given / f"no-{name}")
        path = given / f"no-{name}" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        path.symlink_to(name)
    assert review(given, tmp_path / "out") == 1
    found = {one["id"]: "; ".join(one["errors"]) for one in rows(tmp_path / "out")}
    assert found.pop("vm") == found.pop("link") == ""
    circle = "cannot be read: Too many levels of symbolic links"
    assert found["circle"] == circle
    assert found["file"].startswith("not a capture")
    assert found["nowhere"] == "cannot be read: No such file or directory"
    assert found["no-inventory.json"] == f"inventory.json: {circle}"
    assert found["no-network-config.yaml"] == f"network-config.yaml: {circle}"
    assert "not a directory" in found["no-root"]
    assert str(given) not in (tmp_path / "out/machines.jsonl").read_text()


def test_a_folder_that_nobody_may_look_into_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "fleet"
    for name in ("closed", "vm"):
        shutil.copytree(EXAMPLES / "linux-netplan", given / name)
    scandir = os.scandir

    def refusing(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert review(given, tmp_path / "out") == 1
    assert ["; ".join(one["errors"]) for one in rows(tmp_path / "out")] == [
        "cannot be read: Permission denied",
        "",
    ]


def test_a_mistake_while_a_page_is_drawn_is_on_the_page(
    one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = formats.draw

    def broken(name: str, reviews: Any) -> str:
        if reviews[0].nics:
            raise KeyError("nothing")
        return draw(name, reviews)

    one.write_text(lines(8))
    monkeypatch.setattr(formats, "draw", broken)
    review(one, tmp_path / "out")
    planned = [one["shape"] for one in rows(tmp_path / "out") if not one["errors"]]
    pages = [(tmp_path / f"out/groups/{shape}.html").read_text() for shape in planned]
    assert pages and all("please report it: KeyError" in page for page in pages)
    assert len(rows(tmp_path / "out")) == 8


def test_nor_does_one_in_the_review_behind_it_end_the_run(
    one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("nothing")

    monkeypatch.setattr("hyperv_net.commands.fleet_work.with_timeline", broken)
    review(one, tmp_path / "out")
    (page,) = (tmp_path / "out/groups").glob("*.html")
    assert "please report it: KeyError" in page.read_text()


def test_a_secret_of_one_machine_is_not_looked_for_in_the_page_of_another(tmp_path: Path) -> None:
    """A page would not be the same in a fleet with other machines."""
    config = EXAMPLES / "linux-netplan/network-config.yaml"
    for name, has_secret in (("a", True), ("b", False)):
        shutil.copytree(EXAMPLES / "linux-netplan", tmp_path / "both" / name)
        if has_secret:
            more = "wifis: {w0: {access-points: {x: {password: virtio_net}}}}\n"
            (tmp_path / "both" / name / "network-config.yaml").write_text(config.read_text() + more)
    shutil.copytree(tmp_path / "both/b", tmp_path / "alone/b")
    pages = []
    for given in ("both", "alone"):
        review(tmp_path / given, tmp_path / f"out-{given}")
        (row,) = (one for one in rows(tmp_path / f"out-{given}") if one["id"] == "b")
        page = (tmp_path / f"out-{given}/groups/{row['shape']}.html").read_text()
        pages.append(page.replace(str(tmp_path / given), ""))
    assert pages[0] == pages[1]
    assert "virtio_net" in pages[0]
