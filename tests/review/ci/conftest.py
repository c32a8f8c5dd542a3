"""The program installed once by the action's own step, for all that run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.ci.action import Runner
from tests.review.ci.source import copy_source


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs that were installed."""
    folder = tmp_path_factory.mktemp("action")
    source = copy_source(folder / "source")
    done = Runner(folder, {}, {"github.action_path": str(source)}).run("Install")
    assert done.returncode == 0, done.stderr
    return folder / "hyperv-net/bin"
