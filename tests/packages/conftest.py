"""What several of these tests need: the packages, built once for all of them."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from tests.packages.debian import Built, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The Debian package of this checkout; by whichever process is first."""
    # Of pytest-xdist's processes each has a folder of its own, below that of the whole run.
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "hyperv-net-deb"
    shared.mkdir(exist_ok=True)
    notes = shared / "built.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not notes.exists():
            made = build(shared)
            notes.write_text(json.dumps([str(made.deb), made.lint_status, made.lint]))
    deb, status, lint = json.loads(notes.read_text())
    return Built(Path(deb), status, lint)
