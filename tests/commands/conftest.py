"""The small kernel in place of this machine, for the tests of what moves traffic."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from hyperv_net.hotplug import moving, running
from hyperv_net.hotplug.draining import Result, drain_pairs
from hyperv_net.hotplug.moving import move_here
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.model import System
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    hook,
    joined,
    wanted,
)

#: The event that owns the drain of `announced`.
EVENT = "azure:F1"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kernel:
    """The small kernel in place of this machine."""
    kernel = joined(System.LINUX)
    monkeypatch.setattr(running, "wanted_here", lambda: wanted(System.LINUX))
    monkeypatch.setattr(running, "reader", lambda *_: kernel.read)
    monkeypatch.setattr(running, "settle", lambda *_, **__: hook(kernel))
    monkeypatch.setitem(RUN_DIRECTORY, System.LINUX, str(tmp_path))
    monkeypatch.setattr(moving, "KEPT_IN", {System.LINUX: f"{tmp_path}/kept"[1:]})
    monkeypatch.setattr(
        "hyperv_net.hotplug.moving.keep_drains", lambda _, drains: kernel.keep_drains(drains)
    )
    return kernel


@pytest.fixture
def announced(here: Kernel) -> Kernel:
    """The machine of `here`, drained for an event that was announced."""
    (result,) = move_here([], partial(drain_pairs, owner=EVENT))
    assert result == Result("bond0: traffic moved from enP1s1 to eth0")
    return here
