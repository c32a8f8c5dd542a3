"""The lock, with real processes that wait for each other through pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.worker import (
    NEWS,
    leave_news,
    remember_aggregates,
    seen_aggregates,
    work_alone,
    workers_kept_away,
)
from tests.paths import CHECKOUT

#: Says `working` for each run, and goes on when a line comes in; says `worked` or
#: `left it` at the end.
WORKER = """
import sys
from hyperv_net.hotplug.kept.worker import work_alone
def work():
    print("working", flush=True)
    sys.stdin.readline()
print("worked" if work_alone(sys.argv[1], work) else "left it", flush=True)
"""

#: Leaves a request, and calls; each run serves all requests there are.
CALLER = """
import os, sys
from hyperv_net.hotplug.kept.worker import work_alone
directory, mine = sys.argv[1:]
def work():
    for name in os.listdir(f"{directory}/requests"):
        os.rename(f"{directory}/requests/{name}", f"{directory}/served/{name}")
sys.stdin.readline()
for n in range(25):
    open(f"{directory}/requests/{mine}-{n}", "w").close()
    work_alone(f"{directory}/run", work)
"""


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.fixture
def first(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A worker in the middle of its work."""
    with _start(WORKER, str(tmp_path)) as process:
        assert _line(process) == "working"
        yield process
        process.kill()


def test_who_finds_a_worker_at_work_leaves_at_once_and_the_worker_goes_again(
    first: subprocess.Popen[str], tmp_path: Path
) -> None:
    for _ in range(3):
        with _start(WORKER, str(tmp_path)) as second:
            assert _line(second) == "left it"
    _go_on(first)
    assert _line(first) == "working"  # once for the three
    _go_on(first)
    assert _line(first) == "worked"


def test_the_lock_of_a_worker_that_was_killed_is_free(
    first: subprocess.Popen[str], tmp_path: Path
) -> None:
    first.send_signal(signal.SIGKILL)
    first.wait()
    runs: list[None] = []
    assert work_alone(str(tmp_path), lambda: runs.append(None))
    assert len(runs) == 1


def test_no_call_of_many_at_once_is_lost(tmp_path: Path) -> None:
    """When all callers are home, everything they asked for was done after they asked."""
    for name in ("requests", "served"):
        (tmp_path / name).mkdir()
    callers = [_start(CALLER, str(tmp_path), str(mine)) for mine in range(6)]
    for caller in callers:
        _go_on(caller)
    for caller in callers:
        caller.communicate()
        assert caller.returncode == 0
    assert list((tmp_path / "requests").iterdir()) == []
    assert len(list((tmp_path / "served").iterdir())) == 6 * 25


def test_a_failing_run_frees_the_lock(tmp_path: Path) -> None:
    def fails() -> None:
        raise HypervNetError("no")

    with pytest.raises(HypervNetError):
        work_alone(str(tmp_path), fails)
    assert work_alone(str(tmp_path), lambda: None)


def test_events_without_end_end_the_worker_and_leave_the_mark(tmp_path: Path) -> None:
    runs: list[None] = []

    def another_event_comes() -> None:
        runs.append(None)
        (tmp_path / "again").touch()

    with pytest.raises(HypervNetError, match="events still came after 5 runs"):
        work_alone(str(tmp_path), another_event_comes, passes=5)
    assert (len(runs), (tmp_path / "again").exists()) == (5, True)


def test_aggregates_are_remembered(tmp_path: Path) -> None:
    directory = str(tmp_path / "run")
    assert seen_aggregates(directory) == frozenset()
    remember_aggregates(directory, frozenset({"bond0"}))
    remember_aggregates(directory, frozenset({"bond1"}))
    assert seen_aggregates(directory) == {"bond0", "bond1"}


def test_who_keeps_workers_away_waits_for_one_and_gives_it_nothing_more_to_do(
    tmp_path: Path,
) -> None:
    """A mark for each look at the lock would keep the worker at work for ever."""
    worker = _start(WORKER, str(tmp_path))
    assert _line(worker) == "working"
    with (
        pytest.raises(HypervNetError, match="at work all the time"),
        workers_kept_away(str(tmp_path), 0, lambda: None),
    ):
        pytest.fail("another has the lock")
    assert not (tmp_path / "again").exists()
    _go_on(worker)
    assert _line(worker) == "worked"
    worker.communicate()
    with workers_kept_away(str(tmp_path), 0, lambda: pytest.fail("nothing came meanwhile")):
        assert not work_alone(str(tmp_path), lambda: None)
        (tmp_path / "again").unlink()


def test_who_kept_workers_away_has_news_once_the_marks_are_served(tmp_path: Path) -> None:
    """And where it fails: what was done until then is news too."""
    news = tmp_path / NEWS
    seen: list[bool] = []
    with workers_kept_away(str(tmp_path), 0, lambda: seen.append(news.exists())):
        assert not work_alone(str(tmp_path), lambda: None)
        assert not news.exists()
    assert (seen, news.exists()) == ([False], True)
    news.unlink()
    with pytest.raises(HypervNetError), workers_kept_away(str(tmp_path), 0, lambda: None):
        raise HypervNetError("no")
    assert news.exists()


def test_news_that_cannot_be_left_is_no_failure(tmp_path: Path) -> None:
    leave_news(str(tmp_path / "nowhere"))
    (tmp_path / NEWS).symlink_to(tmp_path / "elsewhere")
    leave_news(str(tmp_path))
    assert not (tmp_path / "elsewhere").exists()
