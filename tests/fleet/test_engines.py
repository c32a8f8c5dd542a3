"""The real engines come to the same bytes as we do, of ten thousand machines (`make fleet`)."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.fleet import engines as core
from hyperv_net.fleet.alike import review_lines
from hyperv_net.fleet.summary import document
from tests.fleet import engines
from tests.fleet.machines import machines, sizes
from tests.paths import EXAMPLES

COUNT = 10_000
#: What most of the machines leave to the options.
TARGET = "netplan"
#: Lines of which each engine is to hand on every byte.
NO_RECORDS = (b"{", b"\xff{", b"[]\r", b"", b"a\rb", b"x\0", "\u2028".encode())

pytestmark = [pytest.mark.debian, pytest.mark.fleet]


def without(record: dict[str, Any]) -> dict[str, Any]:
    """The record without the target that is given as an option, and with that of its system."""
    target = record.get("target", "freebsd")
    return {**record, "target": None if target == TARGET else target}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("fleet") / "fleet.jsonl"
    every = [json.dumps(without(one)).encode() for one in machines(COUNT)]
    for number, line in enumerate(NO_RECORDS):
        every.insert(2_000 * number, line)
    file.write_bytes(b"".join(line + b"\n" for line in every))
    return file


@pytest.fixture(scope="module")
def whole(fleet: Path) -> str:
    """What comes of all of them in one go."""
    with fleet.open("rb") as lines:
        return json.dumps(document(core.summary_of_lines(lines, TARGET)), indent=1)


def test_the_groups_are_those_that_were_made(whole: str) -> None:
    groups = json.loads(whole)["groups"]
    made = [one for one in groups if not one["example"]["id"].startswith("line-")]
    assert [one["machines"] for one in made] == sizes(COUNT)
    assert json.loads(whole)["machines"] == COUNT + len([*filter(None, NO_RECORDS)])


@pytest.mark.parametrize("adapter", ["on_dask.py", "on_ray.py", "on_spark.py"])
def test_an_engine_comes_to_the_same_bytes(
    adapter: str, fleet: Path, whole: str, tmp_path: Path
) -> None:
    assert engines.run(adapter, fleet, tmp_path, TARGET) == whole


def test_processes_of_our_own_come_to_them(fleet: Path, whole: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--out", str(out), "--jobs", "2", "--target", TARGET)
    assert main(["review", "--fleet", str(fleet), *options]) == 1
    assert (out / "summary.json").read_text() == f"{whole}\n"


def test_gnu_parallel_comes_to_them(fleet: Path, whole: str, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    own = [sys.executable, "-m", "hyperv_net"]
    for name, command in (("hyperv-net", own), ("parallel", engines.parallel())):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        (programs / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "BLOCK": "800K"}
    out = tmp_path / "out of it"
    script = str(EXAMPLES / "fleet/with_parallel.sh")
    done = subprocess.run(
        [script, str(fleet), str(out), "--target", TARGET],
        env={**environment, "HOME": str(tmp_path), "PYTHONPATH": str(EXAMPLES.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert len([*out.glob("part-*")]) > 10
    assert (out / "whole/summary.json").read_text() == f"{whole}\n"
    with fleet.open("rb") as lines, (out / "whole/machines.jsonl").open() as found:
        for row, line in zip_longest(review_lines(lines, TARGET), found):
            assert row is not None and line == f"{json.dumps(row.document())}\n"
