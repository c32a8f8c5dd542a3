"""What below a root may be believed: what nobody could have written but who acts on it, and root.

A record says what is to be put back where, so that whoever can write one decides what root writes.
Every folder from the root to the record counts, since the owner of one can put another in the
place of all below it.
"""

from __future__ import annotations

import os
import stat

from hyperv_net.errors import of_file
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Union

    from hyperv_net.errors import HypervNetError

    Root = Union[str, os.PathLike[str]]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
_LINK_LIMIT = 40


def doubt(owner: int, group: int, mode: int) -> str:
    """Why a file or folder with that owner, group and mode is not believed; '' where it is.

    A group that has nobody in it but the user, as distributions make one for each, is no other.
    """
    if owner not in (0, os.geteuid()):
        return f"belongs to user {owner}"
    if mode & stat.S_IWOTH:
        return "can be written by everybody"
    if mode & stat.S_IWGRP and not _is_own_group(group):
        return f"can be written by group {group}"
    return ""


def _is_own_group(group: int) -> bool:
    import grp
    import pwd

    try:
        name, found = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(group)
    except KeyError:
        return False
    return found.gr_name == name and not set(found.gr_mem) - {name}


def remedy(path: str, doubted: str) -> str:
    """What to do about a path that is not believed, as a hint."""
    if "written" in doubted:
        return f"look at what is below, then: chmod go-w {path}"
    if doubted.startswith("belongs"):
        return "look at what is below, then make it yours with chown, or run it as that user"
    return "look at it, and move it away"


def check(root: Root, path: str, at: int | None = None) -> bool:
    """Whether there is anything at `path` below `root`, all of whose way there is believed.

    `at` is the root's descriptor where it is open.  Links on the way are resolved inside the
    root, and believed as all else on it; what is there may be none.  Raises HypervNetError,
    with the path that is not believed.
    """
    descriptor = _walk(root, path, at)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def opened(root: Root, path: str) -> int | None:
    """A descriptor of what is there, for reading; None where nothing is.  Whoever asks closes it.

    Raises HypervNetError as `check` does.
    """
    return _walk(root, path, None)


def read(root: Root, path: str, limit: int, *, doubting: bool = True) -> bytes | None:
    """The first `limit` bytes of a regular file that is believed; None where nothing is there.

    Raises HypervNetError as `check` does, which is not asked without `doubting`, and where it
    is no file or cannot be read.
    """
    descriptor = _walk(root, path, None, doubting=doubting)
    if descriptor is None:
        return None
    try:
        with reading(descriptor) as file:
            return file.read(limit)
    except OSError as error:
        raise _unreadable(f"{_base(root)}/{path}", error) from None


def reading(descriptor: int) -> BinaryIO:
    """The file of a descriptor, which is closed with it; at once where it is a folder.

    Raises OSError then.
    """
    try:
        return os.fdopen(descriptor, "rb")
    except OSError:
        # What fdopen() cannot open it leaves open.
        os.close(descriptor)
        raise


def _base(root: Root) -> str:
    return os.fspath(root).rstrip("/")


def _unreadable(path: str, error: OSError) -> HypervNetError:
    return of_file(path, f"cannot be read: {error.strerror}")


def _walk(root: Root, path: str, at: int | None, *, doubting: bool = True) -> int | None:
    """The descriptor of what is at a path; None where nothing is there, whosever the way is."""
    base = _base(root)
    names: list[str] = []
    folders: list[int] = []
    doubts: list[HypervNetError] = []
    pending = [part for part in reversed(path.split("/")) if part not in ("", ".")]
    links = 0
    try:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        folders.append(os.open(base or "/", flags) if at is None else os.dup(at))
        doubts += _doubts(base or "/", os.fstat(folders[0]))
        while pending:
            part = pending.pop()
            if part == "..":
                if names:
                    names.pop()
                    os.close(folders.pop())
                continue
            where = "/".join((base, *names, part))
            status = os.lstat(part, dir_fd=folders[-1])
            if stat.S_ISLNK(status.st_mode):
                links += 1
                if links > _LINK_LIMIT:
                    raise of_file(where, "too many symbolic links")
                doubts += _doubts(where, status, is_last=not pending)
                target = os.readlink(part, dir_fd=folders[-1])
                if target.startswith("/"):
                    names.clear()
                    while len(folders) > 1:
                        os.close(folders.pop())
                pending += [one for one in reversed(target.split("/")) if one not in ("", ".")]
                continue
            is_folder = stat.S_ISDIR(status.st_mode)
            if not is_folder and not stat.S_ISREG(status.st_mode):
                raise of_file(where, "neither a file nor a folder")
            folders.append(os.open(part, _FOLDER if is_folder else _FILE, dir_fd=folders[-1]))
            names.append(part)
            doubts += _doubts(where, os.fstat(folders[-1]))
        if doubts and doubting:
            raise doubts[0]
        return os.dup(folders[-1])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable("/".join((base, *names)) or "/", error) from None
    finally:
        for folder in folders:
            os.close(folder)


def _doubts(
    path: str, status: os.stat_result, *, is_last: bool = False
) -> Iterator[HypervNetError]:
    """The error about a folder, file or link on the way, if there is one."""
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        mode = 0  # The mode of a link says nothing.
    doubted = "is a link" if is_last else doubt(status.st_uid, status.st_gid, mode)
    if doubted:
        yield of_file(
            path, f"{doubted}, so what stands there is not believed", remedy(path, doubted)
        )
