"""One worker at a time, however many events there are.

Each caller leaves a mark and tries to take the lock.  Whoever has the lock
works until no mark is left; whoever has not goes home, since its mark was
left before the worker's last look.  The lock is flock(2)'s, which ends with
the process that holds it, so it never goes stale, and nobody else can take it
(root/locks.py).
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from hyperv_net.errors import HypervNetError, of_file
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing, locks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Below the run directory, which others may read, a folder that they may not.
LOCK = f"{locks.LOCKS}/worker"
_MARK = "again"

#: What metrics are written for: `hyperv-net-metrics.path` waits for it, and its service takes it
#: away before it looks.  So no change is missed, as it would be where systemd watched the files
#: themselves: it does not while the service is at work, and it drops what it heard of one path when
#: it hears of another that is not there (path_enter_running() and path_dispatch_io() of
#: src/core/path.c in systemd/systemd; its issue 20934).
NEWS = "news"

#: Passes that one worker makes before it gives up on a system that never rests.
PASSES = 100


def work_alone(directory: str, work: Callable[[], None], passes: int = PASSES) -> bool:
    """Run `work` until no caller's mark in `directory` is left; False where another does that.

    Raises what `work` raises, OSError where the directory cannot be used, and
    HypervNetError after `passes` runs: the mark is still there then, and the
    next caller goes on.
    """
    leave_mark(directory)
    mark = f"{directory}/{_MARK}"
    runs = 0
    # The look comes after the lock is free again: a mark left later finds it free.
    while os.path.exists(mark):  # noqa: PTH110
        if runs == passes:
            raise HypervNetError(f"events still came after {passes} runs")
        lock = locks.try_lock(f"{directory}/{LOCK}")
        if lock is None:
            return False
        try:
            if _take(mark):
                runs += 1
                work()
        finally:
            os.close(lock)
    return True


def leave_mark(directory: str) -> None:
    """Have a worker look, at the latest at the next event.  Raises OSError.

    Where systemd waits for the mark it starts one at once.
    """
    _make(directory)
    _touch(f"{directory}/{_MARK}")


def leave_news(directory: str) -> None:
    """Have metrics written where systemd waits for it, once what they tell of is kept.

    Where it cannot be left they come with the next minute: no event fails for them.
    """
    with suppress(OSError):
        _touch(f"{directory}/{NEWS}")


def _touch(path: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    os.close(os.open(path, flags, 0o600))


@contextmanager
def workers_kept_away(directory: str, seconds: float, serve: Callable[[], None]) -> Iterator[None]:
    """Hold the lock for something that a worker must not come between.

    No mark is left while it is waited for, which would keep a worker at work.
    The marks that are left meanwhile are served by `serve` in the end, and then
    there may be news.  Raises HypervNetError where workers have the lock for so
    many seconds, and OSError where the directory cannot be used.
    """
    _make(directory)
    lock = locks.wait_for(lambda: locks.try_lock(f"{directory}/{LOCK}"), seconds)
    if lock is None:
        raise of_file(directory, "a reconcile has been at work all the time", "try again")
    try:
        yield
    finally:
        os.close(lock)
        try:
            if os.path.exists(f"{directory}/{_MARK}"):  # noqa: PTH110
                work_alone(directory, serve)
        finally:
            leave_news(directory)


def _make(directory: str) -> None:
    locks.own_folder(directory, locks.READABLE)
    locks.own_folder(f"{directory}/{locks.LOCKS}", locks.PRIVATE)


def _take(mark: str) -> bool:
    try:
        os.unlink(mark)  # noqa: PTH108
    except FileNotFoundError:
        return False
    return True


def seen_aggregates(directory: str) -> frozenset[str]:
    """The aggregates remembered since the boot; none where they may not be read or believed."""
    with suppress(OSError, HypervNetError):
        if believing.check(directory, "seen"):
            return frozenset(os.listdir(f"{directory}/seen"))  # noqa: PTH208
    return frozenset()


def remember_aggregates(directory: str, names: frozenset[str]) -> None:
    """Add to what is remembered until the next boot empties the directory."""
    for name in names - seen_aggregates(directory):
        locks.own_folder(f"{directory}/seen", locks.READABLE)
        os.close(os.open(f"{directory}/seen/{name}", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC))
