"""One hyperv-net at a time writes below a root, and nobody else can keep it from that."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from hyperv_net.applying import below, locking
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.root import locks
from tests.applying.scenes import OURS, apply, refused, roll_back
from tests.owners import give_away


def test_two_at_once_are_one_and_an_error(root: Path) -> None:
    with below.opened(root, alone=True):
        assert apply(root, OURS, dry_run=True).changes
        line = refused(root, OURS)
    assert line == "ROOT: another hyperv-net is writing below it (wait until it is done)"
    assert apply(root, OURS).changes


def test_a_lock_on_the_root_itself_keeps_nobody_away(root: Path) -> None:
    """Any user who can read a folder can have one: it was the lock once."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        assert apply(root, OURS).changes
        assert roll_back(root).changes
    finally:
        os.close(descriptor)


def test_nothing_is_left_of_a_lock(root: Path) -> None:
    with below.opened(root, alone=True):
        assert (root / locking.FOLDER).is_dir()
    assert not (root / locking.FOLDER).exists()


def test_a_lock_that_somebody_else_has_made_is_refused_with_the_reason(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / locking.FOLDER).mkdir(0o700)
    user = give_away(root / locking.FOLDER, monkeypatch, locks)
    with (
        pytest.raises(HypervNetError) as raised,
        below.opened(root, alone=True),
    ):
        pytest.fail("locked")
    line = str(raised.value)
    assert f"{root}/{locking.FOLDER}: cannot be locked: it belongs to user {user}" in line


def test_another_that_is_writing_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An injected address comes once."""
    held = below.opened(root, alone=True)
    held.__enter__()
    looks = 0
    free = locks.try_lock_folder

    def look(name: str, at: int) -> int | None:
        nonlocal looks
        looks += 1
        if looks == 3:
            held.__exit__(None, None, None)
        return free(name, at)

    monkeypatch.setattr(locks, "try_lock_folder", look)
    with below.opened(root, alone=True, seconds=60):
        assert looks >= 3


def test_a_root_that_is_read_only_needs_no_lock_but_the_machines_own_does(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where locks are kept it may be read-only for a sandboxed service alone."""

    def read_only(*arguments: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "/run/x")

    for name in ("try_lock_folder", "own_folder"):
        monkeypatch.setattr(locks, name, read_only)
    with below.opened(root, alone=True):
        pass
    line = "/run/x: cannot be locked: Read-only file system"
    with pytest.raises(HypervNetError, match=line), below.opened(Path("/"), alone=True):
        pytest.fail("locked")


def test_the_machines_own_root_is_locked_where_its_workers_are(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is made in / itself, which may be read-only."""
    run = tmp_path / "run"
    for system in System:
        monkeypatch.setitem(RUN_DIRECTORY, system, str(run))
    slash = os.open("/", os.O_RDONLY)
    try:
        with (
            locking.locked(Path("/"), slash, 0),
            pytest.raises(HypervNetError, match="another hyperv-net is writing"),
            locking.locked(Path("/"), slash, 0),
        ):
            pytest.fail("locked twice")
        assert not Path("/", locking.FOLDER).exists()
        assert [path.name for path in run.iterdir()] == ["locks"]
        assert (run / "locks").stat().st_mode & 0o777 == 0o700
        with locking.locked(Path("/"), slash, 0):
            pass
    finally:
        os.close(slash)
