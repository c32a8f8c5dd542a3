"""What the tests of the watch as a process, and of Azure's source, have in common."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net.announcements import azure_source, questions, service, starting, turns
from hyperv_net.announcements.asking import Address
from hyperv_net.announcements.source import Source
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.model import System
from tests.announcements.azure_fabric import Fabric
from tests.announcements.clock import Clock
from tests.announcements.machine import Here
from tests.announcements.serving import served


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    machine = Here(tmp_path)
    (tmp_path / "kept").mkdir()
    monkeypatch.setitem(RUN_DIRECTORY, System.LINUX, machine.run)
    monkeypatch.setattr(service, "KEPT_IN", {System.LINUX: machine.kept_in[1:]})
    monkeypatch.setattr(service, "move_here", machine.move)
    for module in (starting, service):
        monkeypatch.setattr(module, "why_turned_off", lambda: machine.off)
    monkeypatch.setattr(service, "_SECONDS_TO_LOOK", 0)
    monkeypatch.setattr(questions, "_AFTER_A_MISTAKE", 0)
    monkeypatch.setattr(turns, "LEAST", 0)
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    yield machine
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.fixture
def fabric() -> Fabric:
    return Fabric(Clock(), name="issue_0")


@pytest.fixture
def azure(fabric: Fabric) -> Iterator[Source]:
    with served(fabric) as (host, port):
        yield azure_source.source(Address(host, port), lambda: 1.0, fabric.clock)
