"""The lab's own parts, without a machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from bench.lab import lab
from tests.announcements.azure_fabric import Answer, Fabric
from tests.announcements.clock import Clock
from tests.lab import cpio, report
from tests.lab.announcing import Shared
from tests.lab.far_end import Window
from tests.lab.health import ever_on_members, faults
from tests.lab.machine import Results
from tests.lab.network import GUEST
from tests.lab.timing import Arrival, arrival


def link(at: float, index: int, name: str, master: int, carrier: bool) -> dict[str, Any]:
    return {
        **{"at": at, "what": "link", "index": index, "name": name},
        **{"master": master, "up": True, "carrier": carrier},
    }


NOTES = [
    link(10.0, 5, "eth1", 0, False),
    link(10.1, 5, "ens17", 0, False),
    link(10.3, 5, "ens17", 4, False),
    link(11.0, 5, "ens17", 4, True),
    {"at": 11.1, "what": "active", "bond": "bond0", "name": "ens17"},
    {"at": 11.2, "what": "sends", "name": "ens17"},
]


def test_an_arrival_counts_from_the_first_message_whatever_the_name_was() -> None:
    found = arrival(NOTES, "ens17")
    assert (found.joined, found.link, found.carrying) == pytest.approx((0.3, 1.0, 0.2))


def test_an_arrival_is_the_last_one_of_that_name() -> None:
    later = [{**note, "at": note["at"] + 50, "index": 6} for note in NOTES[:3]]
    found = arrival([*NOTES, *later], "ens17")
    assert found.joined == pytest.approx(0.3)
    assert (found.link, found.carrying) == (None, None)


def test_a_vf_that_never_came_has_no_times() -> None:
    assert arrival([], "ens17") == Arrival(None, None, None)


def test_an_address_on_a_member_is_a_fault_even_after_it_has_gone() -> None:
    assert faults({"bond0": (GUEST, "fe80::1"), "eth0": ()}) == []
    assert faults({"bond0": (GUEST,), "eth0": ("fe80::1",)}) == ["eth0 has fe80::1"]
    assert faults({"eth0": ()}) == [f"bond0 has [], not {GUEST} alone"]
    note = {"what": "address", "name": "eth0", "address": "fe80::1"}
    assert ever_on_members([note, {**note, "what": "address gone"}]) == ["eth0 had fe80::1"]


def test_an_archive_is_one_that_cpio_reads(tmp_path: Path) -> None:
    entries = cpio.with_parents(
        [cpio.file("a/b/file", b"text\n", 0o750), cpio.link("a/link", "b/file")]
    )
    assert [entry.path for entry in entries] == ["a", "a/b", "a/b/file", "a/link"]
    data = cpio.archive(entries)
    assert len(data) % 4 == 0
    assert data.startswith(b"070701") and b"TRAILER!!!" in data
    if program := shutil.which("cpio"):
        subprocess.run([program, "-id", "--quiet"], cwd=tmp_path, input=data, check=True)
        assert (tmp_path / "a/link").read_text() == "text\n"


def test_the_tables_show_medians_with_the_worst_and_what_never_came(tmp_path: Path) -> None:
    window = Window(1000, 3, 0.05, 1.0, 50, 0.1, "")
    came = report.Round("m", "hook", window, window, Arrival(0.25, 1.0, 0.1), window)
    never = report.Round("m", "no hook", window, window, Arrival(None, None, None))
    folder = tmp_path / "1"
    folder.mkdir()
    lines = report.write(folder, [report.Row("m", "first boot", "fine")], [came, never])
    assert any("hook" in line and "0.25 (0.25)" in line for line in lines)
    assert any("no hook" in line and "never" in line for line in lines)
    assert len(json.loads((folder / "figures.json").read_text())) == 2
    hook, other, aim = lab(tmp_path)
    assert hook["joined ms"] == "250 (250)" and other["joined ms"] == "-"
    assert aim["joined ms"] == "<= 500"


def test_without_a_run_of_the_lab_the_table_says_how_to_get_one(tmp_path: Path) -> None:
    assert [[*row] for row in lab(tmp_path)] == [["not measured"]]


def test_two_machines_of_one_name_have_logs_of_their_own(tmp_path: Path) -> None:
    results = Results(tmp_path / "run")
    folders = [results.logs_of("trixie-netplan") for _ in range(3)]
    assert [one.name for one in folders] == [
        "trixie-netplan",
        "trixie-netplan-2",
        "trixie-netplan-3",
    ]
    assert all(one.is_dir() for one in folders)


def test_a_command_to_the_fabric_waits_for_the_end_of_an_answer() -> None:
    """Its list of events changes in between otherwise, while it is being told."""
    commands: list[threading.Thread] = []
    happened: list[str] = []

    class Busy(Fabric):
        def answer(self, *_: object) -> Answer:
            commands.append(threading.Thread(target=shared.command, args=("start", "E1")))
            commands[0].start()
            commands[0].join(0.2)
            happened.append("answered")
            return Answer()

        def start(self, event: str) -> None:
            happened.append(event)

    shared = Shared(Busy(Clock()))
    shared.answer("GET", "/", {}, b"")
    commands[0].join()
    assert happened == ["answered", "E1"]
