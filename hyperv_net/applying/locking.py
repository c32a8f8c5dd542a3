"""One hyperv-net at a time writes below a root.

The machine's own root has its lock where those of its workers are, and another root a
folder of its own, there for as long as it is locked: whoever writes below it may be in
another container.  Neither can be locked by anybody else.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hyperv_net.errors import BusyError, HypervNetError
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import locks
from hyperv_net.root.system import running_system

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The folder in the root.
FOLDER = ".hyperv-net-lock"
_NAME = "root"


@contextmanager
def locked(path: Path, root: int, seconds: float) -> Iterator[None]:
    """Nobody else of hyperv-net writes below the root with the descriptor `root`.

    Raises BusyError where another does for so many seconds, HypervNetError where it cannot be
    known.
    """
    is_own = os.path.samestat(Path("/").stat(), os.fstat(root))
    try:
        attempt = _of_machine if is_own else partial(locks.try_lock_folder, FOLDER, root)
        lock = locks.wait_for(attempt, seconds)
    except OSError as error:
        if is_own or error.errno != errno.EROFS:
            raise _refusal(error, path, is_own=is_own) from None
        lock = os.dup(root)  # Nothing can be written there by anybody.
    if lock is None:
        raise BusyError(
            "another hyperv-net is writing below it", where=str(path), hint="wait until it is done"
        )
    try:
        yield
    finally:
        if is_own:
            os.close(lock)
        else:
            locks.drop_folder(FOLDER, root, lock)


def _refusal(error: OSError, path: Path, *, is_own: bool) -> HypervNetError:
    where = error.filename or path if is_own else path / FOLDER
    hint = ""
    if error.errno in (errno.EACCES, errno.EPERM):
        hint = "run it as root" if os.geteuid() else "remove it"
    return HypervNetError(f"cannot be locked: {error.strerror}", where=Place(str(where)), hint=hint)


def _of_machine() -> int | None:
    folder = RUN_DIRECTORY[running_system()]
    locks.own_folder(folder, locks.READABLE)
    locks.own_folder(f"{folder}/{locks.LOCKS}", locks.PRIVATE)
    return locks.try_lock(f"{folder}/{locks.LOCKS}/{_NAME}")
