"""`hyperv-net review --merge`: what is put together is looked at, machine by machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.commands.calling import Capture
from tests.fleet.machines import machines


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    file = folder / "fleet.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in machines(8)))
    main(["review", "--fleet", str(file), "--out", str(folder / "part"), "--jobs", "1"])
    return folder / "part"


@pytest.fixture
def part(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "part")
    return tmp_path / "part"


def merge(out: Path, *parts: Path | str) -> int:
    return main(["review", "--merge", *map(str, parts), "--out", str(out)])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("vm-000003", "vm\\u001b[2J", "machines.jsonl, line 4: id: not one line of at most 200"),
        ('"look"', '"fine"', "machines.jsonl: not the machines that summary.json beside it is of"),
        ('{"id": "vm-000007"', '{"id": 7', "machines.jsonl, line 8: id: not"),
        ('{"id": "vm-000001"', "{", "machines.jsonl, line 2:1:2: not JSON"),
        ('{"id": "vm-000000"', "\xff", "machines.jsonl, line 1: not UTF-8 at byte 0"),
    ],
)
def test_lines_that_are_no_machines_or_others_are_refused(
    old: str, new: str, told: str, part: Path, tmp_path: Path, capsys: Capture
) -> None:
    lines = part / "machines.jsonl"
    changed = lines.read_text().replace(old, new)
    assert changed != lines.read_text()
    lines.write_bytes(changed.encode("latin-1"))
    capsys.readouterr()
    assert merge(tmp_path / "out", part) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_machine_more_or_less_than_the_summary_has_is_refused(
    part: Path, tmp_path: Path, capsys: Capture
) -> None:
    lines = part / "machines.jsonl"
    every = lines.read_text().splitlines(keepends=True)
    for wrong in (every[:-1], [*every, every[-1]]):
        lines.write_text("".join(wrong))
        assert merge(tmp_path / "out", part) == 1
        assert "not the machines that summary.json" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


def test_the_table_is_made_of_the_lines_whatever_stands_in_that_of_a_part(
    part: Path, tmp_path: Path
) -> None:
    table = part / "machines.csv"
    whole = table.read_text()
    table.write_text(f"{whole}=HYPERLINK(x)\n")
    merge(tmp_path / "out", part)
    assert (tmp_path / "out/machines.csv").read_text() == whole


def test_a_part_that_is_given_twice_is_refused_by_whatever_name(
    part: Path, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "link").symlink_to("part")
    for again in (part, f"{part}/.", tmp_path / "link"):
        capsys.readouterr()
        assert merge(tmp_path / "out", part, again) == 64
        assert f"--merge {again}: given twice" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()
    shutil.copytree(part, tmp_path / "copy")
    assert merge(tmp_path / "out", part, tmp_path / "copy") in (0, 1)
    assert json.loads((tmp_path / "out/summary.json").read_text())["machines"] == 16
