"""A run of the hook as systemd starts it: what it keeps, what it waits for, and what wakes it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.running import BOND, SYNTHETIC, VF, write_running
from hyperv_net import processes
from hyperv_net.companions.udev_rules import wake_command
from hyperv_net.hotplug import running
from hyperv_net.hotplug.__main__ import main
from hyperv_net.hotplug.act.converge import Outcome
from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.hotplug.kept import last
from hyperv_net.hotplug.kept.worker import NEWS
from hyperv_net.hotplug.look.link_changes import link_changes
from hyperv_net.hotplug.look.linux import ADDRESSES
from hyperv_net.hotplug.wanted import RUN_DIRECTORY, Wanted
from hyperv_net.model import System
from hyperv_net.root.turned_off import OFF
from tests.files import put
from tests.paths import CHECKOUT

MAC = "00:0d:3a:00:00:00"
JOIN = Step(StepKind.JOIN, MAC, VF, BOND)
NOTHING = Outcome((), (), (), settled=True)
LO = "1: lo    inet 127.0.0.1/8 scope host lo"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose pair is as it should be, and whose `ip` tells of lo's address alone."""
    write_running(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/ip"
    program.write_text(f'#!/bin/sh\n[ "$*" = "{" ".join(ADDRESSES[1:])}" ] && echo "{LO}"\n')
    program.chmod(0o755)
    # The run would take the running machine's, whatever its root.
    monkeypatch.setitem(processes.ENVIRONMENT, "PATH", str(program.parent))
    return tmp_path


def directory(root: Path) -> str:
    return f"{root}{RUN_DIRECTORY[System.LINUX]}"


def wanted(root: Path) -> Wanted:
    found = running.wanted_here(str(root))
    assert found is not None
    return found


def test_a_run_with_nothing_to_do_is_kept_and_says_nothing(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(str(root)) == 0
    found = last.read(directory(root))
    assert found is not None and found.change is None
    assert found.run == last.Run(found.run.time)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.run.time)
    assert capfd.readouterr() == ("", "")


def test_what_a_run_has_done_is_news_once_it_is_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time that a run looks: it may wait for a bond for long, and metrics are not to."""
    news, kept = Path(directory(root), NEWS), Path(directory(root), "last.json")
    seen: list[bool] = []
    with monkeypatch.context() as patch:
        patch.setattr(running, "leave_news", lambda _: seen.append(kept.exists()))
        assert main(str(root)) == 0
    assert (seen, news.exists()) == ([True], False)
    assert main(str(root)) == 0
    assert news.exists()


def test_a_machine_that_was_never_configured_keeps_nothing(tmp_path: Path) -> None:
    assert main(str(tmp_path)) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_wanted_state_that_cannot_be_read_is_one_line(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (root / "var/lib/hyperv-net/wanted.json").write_text("{")
    assert main(str(root)) == 1
    said = capfd.readouterr().err
    assert said.startswith("hyperv-net: ") and "not JSON" in said and said.count("\n") == 1


def test_the_last_run_that_changed_something_is_kept_beside_the_last(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Else the next event, which finds nothing to do, would hide what the hook has done."""
    outcomes = iter([NOTHING._replace(taken=(JOIN,)), NOTHING])
    monkeypatch.setattr(running, "settle", lambda *_, **__: next(outcomes))
    for _ in range(2):
        assert running.reconcile(wanted(root), root=str(root)) == 0
    found = last.read(directory(root))
    assert found is not None and found.change is not None
    assert (found.run.steps, found.change.steps) == ((), (str(JOIN),))
    assert capfd.readouterr().out == f"{JOIN}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"schema": "hyperv-net/last/9", "time": ""}',
        '{"schema": "hyperv-net/last/1", "time": 5}',
        '{"schema": "hyperv-net/last/1", "time": "", "steps": "x"}',
    ],
)
def test_what_is_no_record_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "last.json").write_text(text)
    assert last.read(str(tmp_path)) is None


def without_bond(root: Path) -> None:
    (root / "sys/class/net" / BOND).unlink()


def test_a_bond_that_is_still_being_made_is_waited_for(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The run looks again when the kernel tells of a change, and says what it waits for once."""
    bond = root / "sys/class/net" / BOND
    target = bond.readlink()
    without_bond(root)
    looks: list[float] = []

    def changed(seconds: float) -> bool:
        looks.append(seconds)
        if len(looks) == 3:
            bond.symlink_to(target)
        return True

    class Changes:
        def __enter__(self) -> object:
            return changed

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr("hyperv_net.hotplug.look.link_changes.link_changes", Changes)
    for member in (SYNTHETIC, VF):
        (root / "sys/class/net" / member / "master").unlink()
    # Members that are in no bond would be joined, so they come back with it.
    monkeypatch.setattr(running, "_is_awaited", lambda *_: not bond.is_symlink())
    monkeypatch.setattr(
        running,
        "settle",
        lambda *_, **__: NOTHING if bond.is_symlink() else NOTHING._replace(obstacles=("not yet",)),
    )
    assert running.reconcile(wanted(root), 30, str(root)) == 0
    assert len(looks) == 3 and all(0 < one <= 30 for one in looks)
    assert capfd.readouterr().err == "hyperv-net: not yet\n"


def test_a_bond_that_never_comes_is_given_up_after_the_time_that_was_given(root: Path) -> None:
    """The VF's next event goes on; this one ended well, since nothing has failed."""
    without_bond(root)
    for member in (SYNTHETIC, VF):
        (root / "sys/class/net" / member / "master").unlink()
    (root / "sys/class/net" / VF / "flags").write_text("0x1002\n")
    assert running.reconcile(wanted(root), 0.05, str(root)) == 0
    found = last.read(directory(root))
    assert found is not None and "is not there yet" in found.run.obstacles[0]


def test_nothing_is_waited_for_once_the_bond_was_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No socket is opened, on every event but the first of a boot."""
    assert running.reconcile(wanted(root), 30, str(root)) == 0

    def opened() -> None:
        raise AssertionError("opened")

    monkeypatch.setattr("hyperv_net.hotplug.look.link_changes.link_changes", opened)
    assert running.reconcile(wanted(root), 30, str(root)) == 0


def test_no_other_machine_than_this_one_is_changed(root: Path) -> None:
    """What is kept of it says that the step was refused."""
    assert main(str(root)) == 0
    (root / "sys/class/net" / BOND / "bonding/primary").write_text("\n")
    assert main(str(root)) == 1
    found = last.read(directory(root))
    assert found is not None and "only this machine" in found.run.failures[0]


def test_no_change_of_a_device_is_no_change() -> None:
    """In a network namespace that is nobody's but, at worst, busy: either way it comes back."""
    with link_changes() as changed:
        assert changed(0.01) in (True, False)


#: Works until nobody wants it to; says how often it ran.
WORKER = """
import sys
from hyperv_net.hotplug.kept.worker import work_alone
runs = []
def work():
    runs.append(None)
    if len(runs) == 1:
        print("working", flush=True)
        sys.stdin.readline()
work_alone(sys.argv[1], work)
print(len(runs), flush=True)
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, f"{tmp_path}/run/hyperv-net"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    ) as process:
        yield process
        process.kill()


def test_a_thousand_events_during_a_run_are_one_run_more(
    worker: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Each is the command that udev runs, in a shell of its own; none starts anything itself."""
    assert worker.stdout is not None and worker.stdin is not None
    assert worker.stdout.readline() == "working\n"
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    script = wake_command().split(" ", 2)[2].strip("'").replace("/run/", f"{tmp_path}/run/")
    events = f"n=0; while [ $n -lt 1000 ]; do /bin/sh -c '{script}'; n=$((n + 1)); done"
    subprocess.run(["/bin/sh", "-c", events], check=True)
    worker.stdin.write("\n")
    worker.stdin.flush()
    assert worker.stdout.readline() == "2\n"
    assert not (tmp_path / "run/hyperv-net/again").exists()


def test_what_is_seen_says_whether_it_is_turned_off_and_for_how_long_the_machine_is_up(
    root: Path,
) -> None:
    look = running.reader(Wanted(System.LINUX, target=""), str(root))
    assert not look().is_off
    put(root, OFF[System.LINUX], "enabled: false\n")
    assert look().is_off
    before = time.monotonic()
    assert before <= look().uptime <= time.monotonic()
