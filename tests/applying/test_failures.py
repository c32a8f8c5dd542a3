"""Errors at every step are one line, and all or none is written."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path

import pytest

from hyperv_net.applying import writing
from hyperv_net.applying.writing import Applied
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from tests.applying.disk import Disk, snapshot
from tests.applying.scenes import (
    OURS,
    RC_CONF,
    STORE,
    apply,
    besides_store,
    copy,
    make,
    roll_back,
    run_with,
)


class Failing(Disk):
    """A disk on which a step is refused or, for good, each that needs room from then on."""

    def __init__(self, root: Path, at: int, code: int, *, for_good: bool) -> None:
        super().__init__(root)
        self._at = at
        self._code = code
        self._for_good = for_good

    def _step(self, *, needs_room: bool = False) -> None:
        self.steps += 1
        refused = self.steps == self._at
        if self._for_good:
            refused = needs_room and self.steps >= self._at
        if refused:
            raise OSError(self._code, os.strerror(self._code))


FAILURES = {
    "full": (errno.ENOSPC, True, "No space left on device (make room and run it again)"),
    "read-only": (errno.EROFS, False, "Read-only file system (mount it writable)"),
    "permission": (errno.EACCES, False, "Permission denied (run it as root)"),
    "owner": (errno.EPERM, False, "Operation not permitted (run it as root)"),
    "broken": (errno.EIO, False, "Input/output error"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_an_error_at_every_step_is_one_line_and_changes_nothing(
    failure: str, tmp_path: Path
) -> None:
    """Or, past the last rename, all is done, and a note says what the next run tidies up."""
    code, for_good, says = FAILURES[failure]
    start = make(tmp_path / "start", {"etc/rc.conf": "a=1\n"}, 0o640)
    apply(start, RC_CONF, OURS)
    old = snapshot(start)
    edit = RenderedFile("etc/rc.conf", "a=1\nc=3\n", in_place=True)
    end = copy(start, tmp_path / "end")
    counting = Disk(end)
    assert run_with(counting, lambda: apply(end, edit, RenderedFile("etc/new/x", "1\n")))
    counting.release()
    new = snapshot(end)
    changed = 0
    for at in range(1, counting.steps + 1):
        root = copy(start, tmp_path / "root")
        disk = Failing(root, at, code, for_good=for_good)
        done: list[Applied] = []
        try:
            run_with(disk, partial(applied, done, root, edit, RenderedFile("etc/new/x", "1\n")))
        except HypervNetError as error:
            assert str(error).endswith(says), (at, error)
        disk.release()
        if besides_store(snapshot(root)) == besides_store(old):
            assert snapshot(root) == old, at
            assert not done, at
        else:
            # It is done, and no error says that it is not.
            changed += 1
            assert for_good or done[0].notes[0].endswith(says), (at, done)
            writing.recover(root)
            assert snapshot(root) == new, at
        roll_back(root)
        assert snapshot(root) == snapshot(make(tmp_path / "s", {"etc/rc.conf": "a=1\n"}, 0o640))
    assert changed < counting.steps / 2


def applied(done: list[Applied], root: Path, *files: RenderedFile) -> None:
    done.append(apply(root, *files))


def test_what_cannot_be_undone_either_is_said_and_the_next_run_undoes_it(root: Path) -> None:
    class Dying(Disk):
        last = 0

        def _step(self, *, needs_room: bool = False) -> None:
            self.steps += 1
            if self.steps > self.last:
                raise OSError(errno.EIO, os.strerror(errno.EIO))

    before, said = snapshot(root), 0
    for last in range(100):
        disk = Dying(root)
        disk.last = last
        done: list[Applied] = []
        line = ""
        try:
            run_with(disk, partial(applied, done, root, RC_CONF, OURS))
        except HypervNetError as error:
            line = str(error)
        disk.release()
        if done:
            assert "all is done" in done[0].notes[0]
            break
        if not writing.is_interrupted(root):
            continue
        said += 1
        assert "could not be undone: " in line
        assert line.endswith("(put it right and run it again, which undoes it first)")
        assert writing.recover(root)
        assert snapshot(root) == before
        assert not writing.recover(root)
    assert said > 10


def test_a_damaged_backup_is_an_error_and_nothing_is_put_back(root: Path) -> None:
    apply(root, RC_CONF, OURS)
    (backup,) = (root / STORE / "backups").iterdir()
    for damage, says in ((lambda: backup.write_bytes(b"?"), "damaged"), (backup.unlink, "missing")):
        damage()
        after = snapshot(root)
        with pytest.raises(HypervNetError, match=f"backups/.*: the backup is {says}"):
            roll_back(root)
        assert snapshot(root) == after
