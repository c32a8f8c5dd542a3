"""A disk that loses power: which changes have reached it, and what is there afterwards.

`Disk` stands in for the module `os` in hyperv_net.applying.below.  It counts
the steps that change a file or folder and cuts the power ahead of one of
them, or in the middle of a write.  From then on nothing works any more, so
that no `finally` can tidy up.  It also knows what was made durable: a file's
bytes by fsync(2) of the file, a name by fsync(2) of its folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from hyperv_net.applying.locking import FOLDER


class PowerCutError(BaseException):
    """The process is gone."""


class Thing(NamedTuple):
    """A file, link or folder: bytes, target or None for a folder; mode, owner and group."""

    data: bytes | None
    mode: int
    uid: int
    gid: int
    is_link: bool = False


Survives = Callable[[int], bool]
"""Whether what was not made durable of the file or folder with that inode is there anyway."""


def nothing_else(inode: int) -> bool:
    """Only what was made durable survives."""
    return False


def all_of_it(inode: int) -> bool:
    """The process is killed and the machine goes on."""
    return True


class Disk:
    """Module `os` with a power switch; see above."""

    def __init__(self, root: Path, cut_at: int | None = None) -> None:
        """Take all that is below `root` for durable; `cut_at` is the step that does not happen."""
        self.steps = 0
        self.writes = 0
        self.is_on = True
        self._cut_at = cut_at
        # An inode that is held open is not given to another file.
        self._held: list[int] = []
        self._durable: dict[int, Thing] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._root = self._hold(os.open(root, os.O_RDONLY))
        self._settle_tree(self._root)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def release(self) -> None:
        """Let go of all that was held."""
        for descriptor in self._held:
            os.close(descriptor)
        self._held.clear()

    # What changes something, as hyperv_net.applying.below calls it.

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_CREAT:
            self._step(needs_room=True)
        elif not self.is_on:
            raise PowerCutError
        descriptor = os.open(path, flags, mode, dir_fd=dir_fd)
        if flags & os.O_CREAT:
            self._hold(os.dup(descriptor))
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        self.writes += 1
        try:
            self._step(needs_room=True)
        except PowerCutError:
            if self.steps == self._cut_at:
                os.write(descriptor, data[: len(data) // 2])
            raise
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        self._step()
        inode = os.fstat(descriptor).st_ino
        self._durable[inode] = _thing(descriptor)
        if self._durable[inode].data is None:
            self._names[inode] = self._now(descriptor)

    def rename(self, old: str, new: str, **folders: int) -> None:
        self._step()
        os.rename(old, new, **folders)  # noqa: PTH104 - pathlib has no descriptors

    def unlink(self, name: str, *, dir_fd: int) -> None:
        self._step()
        os.unlink(name, dir_fd=dir_fd)

    def mkdir(self, name: str, mode: int, *, dir_fd: int) -> None:
        self._step(needs_room=True)
        os.mkdir(name, mode, dir_fd=dir_fd)
        self._hold(os.open(name, os.O_RDONLY, dir_fd=dir_fd))

    def symlink(self, target: bytes, name: str, *, dir_fd: int) -> None:
        self._step(needs_room=True)
        os.symlink(target, name, dir_fd=dir_fd)
        self._hold(_open(name, dir_fd))

    def chown(self, name: str, uid: int, gid: int, **options: Any) -> None:
        self._step()
        os.chown(name, uid, gid, **options)

    def rmdir(self, name: str, *, dir_fd: int) -> None:
        self._step()
        os.rmdir(name, dir_fd=dir_fd)

    def fchmod(self, descriptor: int, mode: int) -> None:
        self._step()
        os.fchmod(descriptor, mode)

    def fchown(self, descriptor: int, uid: int, gid: int) -> None:
        self._step()
        os.fchown(descriptor, uid, gid)

    def _step(self, *, needs_room: bool = False) -> None:
        if not self.is_on:
            raise PowerCutError
        self.steps += 1
        if self.steps == self._cut_at:
            self.is_on = False
            raise PowerCutError

    def after_the_cut(self, survives: Survives, root: Path) -> None:
        """Build what is on the disk below `root`, which does not exist yet."""
        self._build(self._root, survives, root)

    def _build(self, descriptor: int, survives: Survives, path: Path) -> None:
        inode = os.fstat(descriptor).st_ino
        durable = self._durable.get(inode)
        now = _thing(descriptor)
        # A file that was never made durable has its name and no bytes.
        thing = now if survives(inode) else durable or now._replace(data=now.data and b"")
        if now.is_link:
            # It has no bytes besides its name's.
            path.symlink_to(os.fsdecode(now.data or b""))
            os.chown(path, now.uid, now.gid, follow_symlinks=False)
            return
        if thing.data is None:
            path.mkdir()
            names = self._now(descriptor) if survives(inode) else self._names.get(inode, {})
            held = {os.fstat(one).st_ino: one for one in self._held}
            for name, below in names.items():
                if name == FOLDER:
                    # Made by itself, with no file in it: whoever comes next finds it free.
                    (path / name).mkdir(0o700)
                else:
                    self._build(held[below], survives, path / name)
        else:
            path.write_bytes(thing.data)
        os.chown(path, thing.uid, thing.gid)
        path.chmod(thing.mode)

    def _hold(self, descriptor: int) -> int:
        self._held.append(descriptor)
        return descriptor

    def _settle_tree(self, descriptor: int) -> None:
        inode = os.fstat(descriptor).st_ino
        self._durable[inode] = _thing(descriptor)
        if self._durable[inode].data is None:
            self._names[inode] = self._now(descriptor)
            for name in self._names[inode]:
                self._settle_tree(self._hold(_open(name, descriptor)))

    def _now(self, folder: int) -> dict[str, int]:
        return {name: os.lstat(name, dir_fd=folder).st_ino for name in os.listdir(folder)}


class Unsynced:
    """Module `os` without fsync(2), for runs whose power is not cut: it takes most of the time."""

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def fsync(self, descriptor: int) -> None:
        os.fstat(descriptor)


def _open(name: str, folder: int) -> int:
    status = os.lstat(name, dir_fd=folder)
    flags = os.O_PATH | os.O_NOFOLLOW if stat.S_ISLNK(status.st_mode) else os.O_RDONLY
    return os.open(name, flags, dir_fd=folder)


def _thing(descriptor: int) -> Thing:
    status = os.fstat(descriptor)
    data = None
    is_link = stat.S_ISLNK(status.st_mode)
    if is_link:
        data = os.fsencode(os.readlink("", dir_fd=descriptor))
    elif not stat.S_ISDIR(status.st_mode):
        # Opened anew, since the descriptor may be one for writing alone.
        data = Path(f"/proc/self/fd/{descriptor}").read_bytes()
    return Thing(data, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, is_link)


def snapshot(root: Path) -> dict[str, Thing]:
    """All files and folders below `root` by path."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        is_link = path.is_symlink()
        data: bytes | None = None
        if is_link:
            data = os.fsencode(path.readlink())
        elif not path.is_dir():
            data = path.read_bytes()
        mode = stat.S_IMODE(status.st_mode)
        thing = Thing(data, mode, status.st_uid, status.st_gid, is_link)
        found[str(path.relative_to(root))] = thing
    return found
