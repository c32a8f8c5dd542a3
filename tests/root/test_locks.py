"""Locks that nobody else can hold, and folders in which nobody else can get at them."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest

from hyperv_net.root import locks
from tests.owners import NOBODY, give_away


def as_nobody(path: Path) -> str:
    """What somebody else comes to who would lock that file or folder."""
    if os.geteuid():
        return "needs root" if stat.S_IMODE(path.lstat().st_mode) & 0o077 else "refused"
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(theirs, b"locked")
        except OSError:
            os.write(theirs, b"refused")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return os.read(ours, 99).decode()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that everybody may enter, as /run."""
    for folder in (*tmp_path.parents, tmp_path):
        if os.geteuid() == 0 and folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


def test_nobody_else_can_hold_a_lock(shared: Path) -> None:
    """The control is a lock as it was: a file of mode 0644 in a folder of mode 0755."""
    run = shared / "run"
    locks.own_folder(str(run), locks.READABLE)
    (run / "lock").touch(0o644)
    assert as_nobody(run / "lock") in ("locked", "needs root")
    assert as_nobody(run) in ("locked", "needs root")
    private = run / "locks"
    locks.own_folder(str(private), locks.PRIVATE)
    lock = locks.try_lock(str(private / "worker"))
    assert lock is not None
    os.close(lock)
    for path in (private, private / "worker"):
        assert as_nobody(path) == "refused"
    again = locks.try_lock(str(private / "worker"))
    assert again is not None
    os.close(again)


@pytest.mark.parametrize("mode", [locks.PRIVATE, locks.READABLE])
def test_a_folder_that_is_as_it_should_be_stays_with_all_that_is_in_it(
    mode: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a/b"
    for _ in range(2):
        locks.own_folder(str(folder), mode)
        (folder / "x").touch()
    assert stat.S_IMODE(folder.stat().st_mode) == mode
    assert [path.name for path in folder.parent.iterdir()] == ["b"]
    folder.chmod(0o700)
    locks.own_folder(str(folder), mode)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert capsys.readouterr().err == ""


def test_what_is_not_ours_alone_is_moved_aside_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No event is lost over it: there is a folder of ours in its place."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "locks"

    def wide() -> None:
        folder.mkdir()
        folder.chmod(0o750)
        (folder / "worker").touch()

    def link() -> None:
        folder.symlink_to(elsewhere)

    def foreign() -> None:
        folder.mkdir(0o700)
        if os.geteuid() == 0:
            give_away(folder, monkeypatch)
        else:
            folder.chmod(0o777)

    for number, make in enumerate((wide, link, folder.touch, foreign), 1):
        make()
        locks.own_folder(str(folder), locks.PRIVATE)
        status = folder.lstat()
        assert stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700
        assert status.st_uid == os.geteuid()
        assert list(folder.iterdir()) == []
        line = capsys.readouterr().err
        assert line.startswith(f"hyperv-net: {folder}: not ours alone, so it is {folder}.not-ours-")
        folder.rmdir()
        aside = [path for path in tmp_path.iterdir() if "not-ours" in path.name]
        assert len(aside) == 1, number
        aside[0].rename(tmp_path / f"was-{number}")
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_may_be_read_is_only_closed_to_writers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What else is in it is of use still: the guard's link for cloud-init, say."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "plug.cfg").touch()
    folder.chmod(0o777)
    locks.own_folder(str(folder), locks.READABLE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert (folder / "plug.cfg").exists()


def descriptor_of(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY)


def test_a_locked_folder_is_there_for_as_long_as_it_is_locked(shared: Path) -> None:
    root = descriptor_of(shared)
    lock = locks.try_lock_folder("lock", root)
    assert lock is not None
    assert stat.S_IMODE((shared / "lock").stat().st_mode) == 0o700
    assert as_nobody(shared / "lock") == "refused"
    assert locks.try_lock_folder("lock", root) is None
    locks.drop_folder("lock", root, lock)
    assert not (shared / "lock").exists()
    os.close(root)


def test_a_folder_that_was_left_behind_is_free(tmp_path: Path) -> None:
    root = descriptor_of(tmp_path)
    (tmp_path / "lock").mkdir(0o700)
    lock = locks.try_lock_folder("lock", root)
    assert lock is not None
    locks.drop_folder("lock", root, lock)
    assert not (tmp_path / "lock").exists()
    os.close(root)


def test_one_that_others_may_open_is_made_anew(tmp_path: Path) -> None:
    """They may have it open, and locked, already."""
    root = descriptor_of(tmp_path)
    (tmp_path / "lock").mkdir(0o755)
    held = descriptor_of(tmp_path / "lock")
    fcntl.flock(held, fcntl.LOCK_EX)
    lock = locks.try_lock_folder("lock", root)
    assert lock is not None
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o700
    locks.drop_folder("lock", root, lock)
    os.close(held)
    os.close(root)


def test_a_folder_that_was_given_back_before_it_was_locked_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes next makes another, and both would have one."""
    root = descriptor_of(tmp_path)
    lock_it = locks._locked
    given_back: list[int] = []

    def once_given_back(descriptor: int) -> int | None:
        if not given_back:
            given_back.append(descriptor)
            (tmp_path / "lock").rmdir()
        return lock_it(descriptor)

    monkeypatch.setattr(locks, "_locked", once_given_back)
    lock = locks.try_lock_folder("lock", root)
    assert lock is not None and given_back
    assert os.path.samestat(os.fstat(lock), (tmp_path / "lock").lstat())
    locks.drop_folder("lock", root, lock)
    os.close(root)


def test_many_at_once_never_hold_it_together(tmp_path: Path) -> None:
    """Also where one gives the folder back while another has just opened it."""
    inside: list[int] = []
    worst: list[int] = []
    root = descriptor_of(tmp_path)

    def work() -> None:
        for _ in range(60):
            lock = locks.wait_for(lambda: locks.try_lock_folder("lock", root), 60)
            assert lock is not None
            inside.append(1)
            worst.append(len(inside))
            inside.pop()
            locks.drop_folder("lock", root, lock)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(root)
    assert len(worst) == 240 and max(worst) == 1


def test_whether_a_lock_is_taken_is_seen_without_taking_it(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    assert locks.is_taken(path) is False
    assert not Path(path).exists()
    descriptor = locks.try_lock(path)
    assert descriptor is not None
    assert locks.is_taken(path) is True
    os.close(descriptor)
    assert locks.is_taken(path) is False
    again = locks.try_lock(path)
    assert again is not None
    os.close(again)
