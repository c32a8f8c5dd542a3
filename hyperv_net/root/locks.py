"""Locks that nobody else can hold: flock(2) takes any file that can be opened, for reading too.

So the file of a lock, or the folder above it, is its holder's alone.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from contextlib import suppress

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: The folder of the locks in a folder that others may read, and the modes of both.
LOCKS = "locks"
PRIVATE = 0o700
READABLE = 0o755

# Seconds between two looks whether a lock is free.
_PAUSE = 0.02
_ATTEMPTS = 3


def own_folder(path: str, mode: int) -> None:
    """Have a folder at `path` that is ours and gives others no more than `mode`.

    What else is there, whosever it is, gets another name beside it, and one line on
    standard error says so: an event must not be lost over it.  So does one that was to be
    private and was not, since others may have opened what is in it.  Raises OSError where
    there can be no such folder.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        with suppress(FileExistsError):
            os.makedirs(path, mode)  # noqa: PTH103 - pathlib is slow to import
        status = os.lstat(path)
        is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
        if is_ours and not stat.S_IMODE(status.st_mode) & ~mode & 0o077:
            return
        if is_ours and mode != PRIVATE:
            os.chmod(path, mode)  # noqa: PTH101
            return
        if attempt == _ATTEMPTS:
            break
        aside = f"{path}.not-ours-{os.getpid()}-{attempt}"
        os.rename(path, aside)  # noqa: PTH104
        terminal.complain(f"hyperv-net: {path}: not ours alone, so it is {aside} now")
    raise PermissionError(1, "others go on taking its place", path)


def try_lock(path: str) -> int | None:
    """Lock a file of a folder of ours; its descriptor, or None where another has it.  OSError."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    return _locked(os.open(path, flags, 0o600))


def is_taken(path: str) -> bool | None:
    """Whether somebody has the lock of a file at this moment; None where that cannot be seen.

    It is shared with who looks too, and nothing is made.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def wait_for(attempt: Callable[[], int | None], seconds: float) -> int | None:
    """What `attempt` comes to, made again for so many seconds while it is None."""
    end = time.monotonic() + seconds
    while (lock := attempt()) is None and time.monotonic() < end:
        time.sleep(_PAUSE)
    return lock


def _locked(descriptor: int) -> int | None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def try_lock_folder(name: str, at: int) -> int | None:
    """Lock a folder of ours, made for that in the folder `at`; None where another has it.

    To be given back by `drop_folder`.  A file system without locks has none to give: then the
    folder is as good as locked.  Raises OSError.
    """
    while True:
        with suppress(FileExistsError):
            os.mkdir(name, PRIVATE, dir_fd=at)
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(name, flags, dir_fd=at)
        except FileNotFoundError:
            continue  # Whoever had it has just given it back.
        status = os.fstat(descriptor)
        if status.st_uid != os.geteuid():
            os.close(descriptor)
            raise PermissionError(1, f"it belongs to user {status.st_uid}")
        if stat.S_IMODE(status.st_mode) & 0o077:
            # Others may have it open already, so it is not to be locked.
            os.close(descriptor)
            os.rmdir(name, dir_fd=at)
            continue
        try:
            locked = _locked(descriptor)
        except OSError:
            return os.dup(at)
        if locked is None or _is_at(locked, name, at):
            return locked
        os.close(locked)


def _is_at(descriptor: int, name: str, at: int) -> bool:
    """Whether the folder is still there: one that was given back is nobody's lock."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(name, dir_fd=at))
    except FileNotFoundError:
        return False


def drop_folder(name: str, at: int, descriptor: int) -> None:
    """Give a locked folder back."""
    with suppress(OSError):
        os.rmdir(name, dir_fd=at)
    os.close(descriptor)
