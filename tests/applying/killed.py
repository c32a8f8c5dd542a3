"""Run below a folder: an apply and a rollback in processes that end at every step in turn.

`os._exit` runs no `finally` and flushes nothing, as SIGKILL.  Prints how many
processes were ended, and stops with a traceback at the first root that is not
put right by the next run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from hyperv_net.applying import below
from hyperv_net.model import RenderedFile
from tests.applying.disk import Unsynced, snapshot
from tests.applying.scenes import apply, besides_store, copy, make, roll_back

_STEPS = ("open", "write", "fsync", "rename", "unlink", "mkdir", "rmdir", "fchmod", "fchown")
FILES = (
    RenderedFile("etc/rc.conf", "a=1\nb=2\n", in_place=True),
    RenderedFile("etc/netplan/99-hyperv-net.yaml", "network: {}\n", 0o600),
)


class Ending:
    """Module `os`, of which a call that changes something ends the process."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __getattr__(self, name: str) -> Any:
        function = getattr(os, name)
        return partial(self._call, function) if name in _STEPS else function

    def _call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        changes = function is not os.open or args[1] & os.O_CREAT
        self._left -= bool(changes)
        if not self._left:
            os._exit(9)
        return function(*args, **kwargs)


def ended(action: Callable[[], object], at: int) -> bool:
    """Whether the process that runs the action came as far as step `at`, where it ends."""
    child = os.fork()
    if child == 0:
        with mock.patch.object(below, "os", Ending(at)):
            action()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def main(folder: Path) -> int:
    """The number of processes that were ended."""
    original = make(folder / "original", {"etc/rc.conf": "a=1\n"}, 0o640)
    written = copy(original, folder / "written")
    apply(written, *FILES)
    count = 0
    runs: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (original, lambda root: apply(root, *FILES)),
        (written, roll_back),
    )
    for start, action in runs:
        at = 1
        root = folder / "root"
        while ended(partial(action, copy(start, root)), at):
            with mock.patch.object(below, "os", Unsynced()):
                action(root)
                end = written if start is original else original
                assert besides_store(snapshot(root)) == besides_store(snapshot(end)), at
                roll_back(root)
                assert snapshot(root) == snapshot(original), at
            at += 1
        count += at - 1
    return count


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
