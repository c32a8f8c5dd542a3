"""A process that dies over machines is an error that names them, and never silence."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.commands import fleet_jobs
from hyperv_net.fleet.alike import Reviewer
from tests.commands.calling import Capture
from tests.fleet.machines import machines

#: Of parts of eight machines the one that the twenty-first is in.
DEADLY = "vm-000020"
PART = "vm-000016 to vm-000023"


def no_memory() -> None:
    raise MemoryError


ENDS: dict[str, tuple[Callable[[], Any], str]] = {
    "ends at once": (lambda: os._exit(0), f"a process that reviewed {PART} was ended from outside"),
    "is killed": (
        lambda: os.kill(os.getpid(), signal.SIGKILL),
        f"a process that reviewed {PART} was ended from outside",
    ),
    "says that all is well": (lambda: sys.exit(0), f"the review of {PART} ended itself with 0"),
    "says a usage error": (lambda: sys.exit(64), f"the review of {PART} ended itself with 64"),
}


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fleet_jobs, "_LINES", 8)
    file = tmp_path / "fleet.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in machines(60)))
    return file


def dying(monkeypatch: pytest.MonkeyPatch, method: str, end: Callable[[], Any]) -> None:
    """Have whatever reviews the deadly machine end so."""
    whole = getattr(Reviewer, method)

    def review(self: Reviewer, line: bytes) -> Any:
        if DEADLY.encode() in line:
            end()
        return whole(self, line)

    monkeypatch.setattr(Reviewer, method, review)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_error_names_the_first_and_the_last_machine_of_the_part(
    end: str, jobs: str, fleet: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    act, told = ENDS[end]
    if jobs == "1" and not told.startswith("the review"):
        return  # This process would be the one that dies.
    dying(monkeypatch, "review_line", act)
    out = fleet.parent / "out"
    words = ["review", "--fleet", str(fleet), "--out", str(out), "--jobs", jobs]
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith(f"hyperv-net: {told} (")
    assert len(said.err.splitlines()) == 1 and not out.exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_so_does_one_for_the_want_of_memory(
    jobs: str, fleet: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    dying(monkeypatch, "review_line", no_memory)
    words = ["review", "--fleet", str(fleet), "--out", str(fleet.parent / "out"), "--jobs", jobs]
    assert main(words) == 1
    assert f"not enough memory for the review of {PART} (" in capsys.readouterr().err


def test_one_that_is_killed_once_is_told_with_all_that_was_under_way(
    fleet: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Since it does not die again, nobody knows over which."""
    died = fleet.with_name("died")

    def end() -> None:
        if not died.exists():
            died.touch()
            os._exit(1)

    dying(monkeypatch, "review_line", end)
    words = ["review", "--fleet", str(fleet), "--out", str(fleet.parent / "out"), "--jobs", "2"]
    assert main(words) == 1
    named = re.search(r"reviewed (\S+) to (\S+) was ended from out", capsys.readouterr().err)
    assert named is not None
    first, last = named.groups()
    assert first <= DEADLY <= last
