"""Files below a root, changed one durable step at a time: one that returns survives a power cut.

Every path is walked from the root's own descriptor and no symbolic link is
followed on the way, so that a folder that turns into one leads nowhere.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from hyperv_net.applying import attributes
from hyperv_net.applying.blaming import blaming
from hyperv_net.applying.locking import locked
from hyperv_net.applying.manifest import FileState
from hyperv_net.errors import of_file
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAGED = ".hyperv-net-new"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC


class Root(NamedTuple):
    """A root that is open: its path for messages, and its descriptor."""

    path: Path
    descriptor: int


class Present(NamedTuple):
    """A file that exists: its state and its bytes."""

    state: FileState
    data: bytes


@contextmanager
def opened(path: Path, *, alone: bool, seconds: float = 0) -> Iterator[Root]:
    """The root, to be read or, with `alone`, to be changed by nobody else of hyperv-net.

    Another that is at it is waited for, for so many seconds.
    """
    with blaming(path, "opened"):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with locked(path, descriptor, seconds) if alone else nullcontext():
            yield Root(path, descriptor)
    finally:
        os.close(descriptor)


def real_path(root: Root, path: str, *, is_link: bool = False) -> str:
    """`path` below the root with all links resolved inside it, without a leading slash.

    Of a path that is to be a link itself all but the last name is resolved.
    """
    if is_link:
        folder, name = _split(path)
        above = real_path(root, folder)
        return f"{above}/{name}" if above else name
    return "/".join(Path(files.resolve_below(root.path, path)).parts[len(root.path.parts) :])


def read(root: Root, path: str) -> Present | None:
    """The regular file or link at a real path; None where nothing is there.

    Raises HypervNetError for anything else, and where it is too large.
    """
    (folder, name), where = _split(path), str(root.path / path)
    with blaming(root.path / path, "read"):
        try:
            with _folder(root, folder) as parent:
                status = os.lstat(name, dir_fd=parent)
                if stat.S_ISLNK(status.st_mode):
                    target = os.fsencode(os.readlink(name, dir_fd=parent))
                    return _present(target, status, is_link=True)
                descriptor = os.open(name, _FILE, dir_fd=parent)
        except FileNotFoundError:
            return None
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise of_file(where, "not a regular file", "move it away")
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(files.SIZE_LIMIT + 1)
    if len(data) > files.SIZE_LIMIT:
        size = files.SIZE_LIMIT // 1024 // 1024
        raise of_file(where, f"larger than {size} MiB", "is it the right file?")
    return _present(data, status, is_link=False)


def _present(data: bytes, status: os.stat_result, *, is_link: bool) -> Present:
    mode = stat.S_IMODE(status.st_mode)
    return Present(FileState(sha256(data), mode, status.st_uid, status.st_gid, is_link), data)


def sha256(data: bytes) -> str:
    """The hash by which bytes are known."""
    return hashlib.sha256(data).hexdigest()


def is_folder(root: Root, path: str) -> bool:
    """Whether a folder is at a real path; HypervNetError where something else is."""
    with blaming(root.path / path, "opened"):
        try:
            with _folder(root, path):
                return True
        except FileNotFoundError:
            return False


def names(root: Root, folder: str) -> list[str]:
    """What is in a folder, sorted; nothing where there is no such folder."""
    with blaming(root.path / folder, "read"):
        try:
            with _folder(root, folder) as descriptor:
                return sorted(os.listdir(descriptor))  # noqa: PTH208 - pathlib has no descriptors
        except FileNotFoundError:
            return []


def missing_folders(root: Root, folder: str) -> list[str]:
    """The folders of a real path that do not exist, parents first."""
    paths = (*folders_above(folder), folder) if folder else ()
    return [path for path in paths if not is_folder(root, path)]


def folders_above(path: str) -> list[str]:
    """The folders that a path is in, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def make_folder(root: Root, path: str, mode: int = 0o755) -> None:
    """Make one folder, whose parent exists."""
    parent_path, name = _split(path)
    with blaming(root.path / path, "made"), _folder(root, parent_path) as parent:
        os.mkdir(name, mode, dir_fd=parent)
        with _folder(root, path) as made:
            os.fchmod(made, mode)
            os.fsync(made)
        os.fsync(parent)


def drop_folder(root: Root, path: str) -> None:
    """Remove a folder if it is there and empty."""
    parent_path, name = _split(path)
    with blaming(root.path / path, "removed"):
        try:
            with _folder(root, parent_path) as parent:
                os.lstat(name, dir_fd=parent)  # As in remove().
                os.rmdir(name, dir_fd=parent)
                os.fsync(parent)
        except FileNotFoundError:
            pass
        except OSError as error:
            # The first two are POSIX's for a folder that is not empty, the last a mount point's.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EBUSY):
                raise


def staged_name(path: str) -> str:
    """Where a file or folder is built before it takes its place: beside it, hidden."""
    folder, name = _split(path)
    return f"{folder}/.{name}{_STAGED}" if folder else f".{name}{_STAGED}"


def stage(
    root: Root,
    path: str,
    data: bytes,
    mode: int,
    owner: tuple[int, int] | None,
    like: str | None = None,
) -> tuple[str, ...]:
    """Write a file beside that whose place it takes; a line for each attribute of `like` lost."""
    folder, name = _split(staged_name(path))
    with blaming(root.path / path, "written"), _folder(root, folder) as parent:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o600, dir_fd=parent)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if owner is not None:
                status = os.fstat(descriptor)
                if owner != (status.st_uid, status.st_gid):
                    os.fchown(descriptor, *owner)
            lost = attributes.copy(lambda: _file(root, like), descriptor) if like else ()
            # Last, since it is the mask of an access control list that was given.
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return tuple(f"{path}: {one}" for one in lost)


def _file(root: Root, path: str) -> int:
    """The descriptor of a file at a real path.  Raises OSError."""
    folder, name = _split(path)
    with _folder(root, folder) as parent:
        return os.open(name, _FILE, dir_fd=parent)


def stage_link(root: Root, path: str, target: bytes, owner: tuple[int, int] | None) -> None:
    """Make a symbolic link beside the file whose place it is to take."""
    folder, name = _split(staged_name(path))
    with blaming(root.path / path, "written"), _folder(root, folder) as parent:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=parent)
        os.symlink(target, name, dir_fd=parent)
        status = os.lstat(name, dir_fd=parent)
        if owner is not None and owner != (status.st_uid, status.st_gid):
            os.chown(name, *owner, dir_fd=parent, follow_symlinks=False)


def put(root: Root, path: str) -> None:
    """Let what is staged, a file or a folder, take its place."""
    _rename(root, staged_name(path), path, "written")


def put_away(root: Root, path: str) -> None:
    """Give a folder, if it is there, back the name of what is staged, in one step."""
    if is_folder(root, path):
        _rename(root, path, staged_name(path), "removed")


def rename(root: Root, old: str, new: str) -> None:
    """Give what is in a folder another name in it."""
    _rename(root, old, new, "renamed")


def _rename(root: Root, old: str, new: str, what: str) -> None:
    folder, name = _split(new)
    with blaming(root.path / new, what), _folder(root, folder) as parent:
        os.rename(_split(old)[1], name, src_dir_fd=parent, dst_dir_fd=parent)
        os.fsync(parent)


def write(root: Root, path: str, data: bytes, mode: int = 0o600) -> None:
    """Write one file whole."""
    stage(root, path, data, mode, None)
    put(root, path)


def remove(root: Root, path: str) -> None:
    """Remove a file if it is there."""
    folder, name = _split(path)
    missing, blamed = suppress(FileNotFoundError), blaming(root.path / path, "removed")
    with blamed, missing, _folder(root, folder) as parent:
        # On a read-only system unlink(2) would fail also where there is nothing.
        os.lstat(name, dir_fd=parent)
        os.unlink(name, dir_fd=parent)
        os.fsync(parent)


def remove_tree(root: Root, path: str) -> None:
    """Remove a folder with all that is in it, if it is there."""
    # No recursion: a tree may be deeper than Python's stack.
    folders = [path] if is_folder(root, path) else []
    for folder in folders:
        for name in names(root, folder):
            below = f"{folder}/{name}"
            with blaming(root.path / below, "removed"), _folder(root, folder) as parent:
                is_file = not stat.S_ISDIR(os.lstat(name, dir_fd=parent).st_mode)
            remove(root, below) if is_file else folders.append(below)
    for folder in reversed(folders):
        drop_folder(root, folder)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


@contextmanager
def _folder(root: Root, path: str) -> Iterator[int]:
    """The descriptor of a folder below the root, reached without following a link."""
    descriptor = os.open(".", _FOLDER, dir_fd=root.descriptor)
    try:
        for name in filter(None, path.split("/")):
            inner = os.open(name, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)
