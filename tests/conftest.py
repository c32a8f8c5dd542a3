"""How the whole suite runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings

from tests import documents
from tests.strangers import MAY_RUN_THEM, StandIns, watch

# No deadlines: a shared machine may be slow at any moment.  In CI the examples
# are the same on every run, so that a failure belongs to the change it is seen on.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

_STAND_INS = pytest.StashKey[StandIns]()


def pytest_configure(config: pytest.Config) -> None:
    """Make stand-ins of this process's own: then a call belongs to the test that it runs.

    And watch what is printed, as documents.py says.
    """
    folder = Path(mkdtemp(prefix="stand-ins-"))
    config.add_cleanup(lambda: shutil.rmtree(folder))
    config.stash[_STAND_INS] = StandIns(folder)
    own = config.getoption("basetemp")
    watch(*([str(own)] if own else []))
    config.add_cleanup(documents.watch())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the machine's programs out of a test and of the fixtures that it is the first to use."""
    if any(mark.name in MAY_RUN_THEM for mark in item.iter_markers()):
        return (yield)
    with item.config.stash[_STAND_INS].first_in_path():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail whoever has called one of them, even where nobody minded that it failed.

    And whoever has printed a document that is not as its schema says.
    """
    report = yield
    calls = item.config.stash[_STAND_INS].take()
    if calls:
        _fail(report, f"{item.nodeid} called programs of this machine:\n{calls}")
    unfit = documents.take()
    if unfit:
        _fail(report, f"{item.nodeid} printed what no schema describes:\n" + "\n".join(unfit))
    return report


def _fail(report: pytest.TestReport, why: str) -> None:
    report.outcome = "failed"
    said = f"{report.longreprtext}\n\n" if report.longrepr else ""
    report.longrepr = f"{said}{why}"
