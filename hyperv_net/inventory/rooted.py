"""Files and links below a directory that stands for `/`, without ever leaving it.

A captured tree is not trusted.  A directory is read only where every step of
its path is a real directory, a link is followed by its text alone, and only
regular files are opened.  Paths are absolute as the machine itself would see
them, without a slash at the end.
"""

from __future__ import annotations

import os
import posixpath
import stat

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # It takes longer to import than this package.
    from collections.abc import Callable
    from pathlib import Path

_LARGEST_TEXT = 4096

#: Where Linux shows its network devices, a link for each.
CLASS_NET = "/sys/class/net"


class Root(NamedTuple):
    """A directory that stands for `/`, and what is known of the directories below it."""

    base: str
    real: dict[str, bool]


def open_root(directory: Path | str) -> Root:
    """The root at `directory`, which itself may be reached through links."""
    return Root("" if str(directory) == "/" else str(directory), {})


def is_directory(root: Root, path: str) -> bool:
    """True where `path` and all above it are directories and none is a link."""
    known = root.real
    if path in known:
        return known[path]
    pending = []
    while path and path not in known:
        pending.append(path)
        path = path.rpartition("/")[0]
    is_real = known[path] if path else True
    for below in reversed(pending):
        is_real = is_real and _mode_is(stat.S_ISDIR, root.base + below)
        known[below] = is_real
    return is_real


def _mode_is(sort: Callable[[int], bool], path: str) -> bool:
    try:
        return sort(os.lstat(path).st_mode)
    except OSError:
        return False


def target_path(directory: str, target: str) -> str | None:
    """Where a link in `directory` points, as the machine would see it; None outside /sys."""
    # normpath stops at `/`, as the kernel does at the root it was given.
    path = posixpath.normpath(f"{directory}/{target}" if target[:1] != "/" else target)
    return path if path.startswith("/sys/") else None


def nic_directory(root: Root, name: str) -> str:
    """Where the attributes of a network device are: where its link leads, or else its entry."""
    target = link(root, CLASS_NET, name)
    return (target_path(CLASS_NET, target) if target else None) or f"{CLASS_NET}/{name}"


def entries(root: Root, directory: str) -> dict[str, os.DirEntry[str]] | None:
    """The names in a directory; None where it cannot be read."""
    if not is_directory(root, directory):
        return None
    try:
        with os.scandir(root.base + directory) as found:
            return {entry.name: entry for entry in found}
    except OSError:
        return None


def link(root: Root, directory: str, name: str) -> str | None:
    """The text of a symbolic link; None where there is none."""
    if not is_directory(root, directory):
        return None
    try:
        # A Path for each link would take longer than the link.
        return os.readlink(f"{root.base}{directory}/{name}")  # noqa: PTH115
    except OSError:
        return None


def file_text(root: Root, directory: str, name: str) -> str | None:
    """The text of a regular file without the blanks around it; None where it cannot be read."""
    real = f"{root.base}{directory}/{name}"
    regular = is_directory(root, directory) and _mode_is(stat.S_ISREG, real)
    return regular_text(real) if regular else None


def regular_text(path: str) -> str | None:
    """The same for a file of the real root that is known to be regular and below the root."""
    # Should something take the file's place meanwhile, no link is followed and no pipe waited for.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.read(descriptor, _LARGEST_TEXT).decode("utf-8", "replace").strip()
    except OSError:
        return None
    finally:
        os.close(descriptor)
