"""Where a run leaves its logs, and the table at its end."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from tests.lab import report
from tests.lab.image import CACHE
from tests.lab.machine import Results

_KEPT_RUNS = 5
_SHORT = "trixie-netplan"
_TABLE = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[Results]:
    """The results of this run; those of the oldest runs are removed."""
    logs = CACHE / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    for old in sorted(logs.iterdir())[: -_KEPT_RUNS + 1]:
        shutil.rmtree(old)
    found = Results(logs / time.strftime("%Y%m%d-%H%M%S"))
    found.folder.mkdir()
    yield found
    lines = report.write(found.folder, found.rows, found.rounds)
    request.config.stash[_TABLE] = [*lines, "", f"logs: {found.folder}"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a scenario that is in the short form as well, only one machine's run is."""
    for item in items:
        machine = getattr(item, "callspec", None)
        if item.get_closest_marker("lab_short") and machine and machine.id != _SHORT:
            item.own_markers = [one for one in item.own_markers if one.name != "lab_short"]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table, if machines have run."""
    if _TABLE in config.stash:
        terminalreporter.section("lab")
        for line in config.stash[_TABLE]:
            terminalreporter.write_line(line)
