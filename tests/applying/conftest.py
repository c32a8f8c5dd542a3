"""What every test of applying starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.applying import below
from tests.applying.disk import Unsynced
from tests.applying.scenes import make


@pytest.fixture(autouse=True)
def without_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for the disk of the machine that runs the tests."""
    monkeypatch.setattr(below, "os", Unsynced())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with an rc.conf that others may not read."""
    return make(tmp_path / "root", {"etc/rc.conf": "a=1\n"}, 0o640)
