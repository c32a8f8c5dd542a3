"""Reading files below a root; the only module that does, but for what is read to be believed.

A root stands for `/`: its symbolic links are resolved inside it, so that
`/etc/resolv.conf -> /run/…` in an image never leads to the machine's own file.
Paths are texts here: pathlib takes longer to import than a plan to be made.
"""

from __future__ import annotations

import os
import stat
import sys
from fnmatch import fnmatchcase

from hyperv_net.errors import of_file
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.reading import remember

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Union

    Root = Union[str, os.PathLike[str]]

#: No file this program reads comes near this many bytes; a larger one is a mistake.
SIZE_LIMIT = 4 * 1024 * 1024

_LINK_LIMIT = 40

STDIN = "-"


def read_text(path: Root, name: str = "", *, is_own: bool = False) -> str:
    """The text of a regular file, UTF-8.  `name` is what errors call it.

    One that `is_own` is this program's, and has no secret of anybody's.

    Raises HypervNetError where it cannot be read, is too large or is not UTF-8.
    """
    name = name or os.fspath(path)
    try:
        # Opening a fifo without this flag would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        # fdopen() refuses a directory and would leave the descriptor open.
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise of_file(name, "not a regular file")
        with os.fdopen(descriptor, "rb") as file:
            text = _decode(file.read(SIZE_LIMIT + 1), name)
    except OSError as error:
        raise of_file(name, f"cannot be read: {error.strerror}") from None
    if not is_own:
        # Here and not where it is used, so that no view and no error can be forgotten.
        remember(text)
    return text


def read_stdin() -> str:
    """The text of standard input, under the same limits as a file's."""
    text = _decode(sys.stdin.buffer.read(SIZE_LIMIT + 1), "standard input")
    remember(text)
    return text


def _decode(data: bytes, name: str) -> str:
    if len(data) > SIZE_LIMIT:
        raise of_file(
            name, f"larger than {SIZE_LIMIT // 1024 // 1024} MiB", "is it the right file?"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise of_file(name, f"not UTF-8 at byte {error.start}", "convert it to UTF-8") from None


def read_matching(root: Root, patterns: Sequence[str]) -> dict[str, str]:
    """Path below the root → text, for every regular file that one of `patterns` fits.

    A pattern is a path without a leading slash; any component may be a glob.  A link to /dev/null
    has no text: that is how a file of this name is hidden in the folders behind.
    """
    texts = {}
    for pattern in patterns:
        folder, _, name = pattern.rpartition("/")
        for inside in find_below(root, folder) if "*" in folder else (folder,):
            for found in _matching_names(resolve_below(root, inside), name):
                relative = f"{inside}/{found}" if inside else found
                path = resolve_below(root, relative)
                if is_hidden(root, relative):
                    texts[relative] = ""
                elif _is_regular(path):
                    texts[relative] = read_text(path)
    return texts


def is_hidden(root: Root, relative: str) -> bool:
    """Whether a path is a link to /dev/null, as which a file of a vendor's is hidden."""
    return resolve_below(root, relative) == resolve_below(root, "dev/null")


def _matching_names(folder: str, pattern: str) -> list[str]:
    if "*" not in pattern:
        return [pattern]
    try:
        names = sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise of_file(folder, f"cannot be read: {error.strerror}") from None
    # As in a shell, `*` leaves hidden files out; half-written ones are hidden too.
    return [one for one in names if not one.startswith(".") and fnmatchcase(one, pattern)]


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise of_file(path, f"cannot be read: {error.strerror}") from None


def resolve_below(root: Root, relative: str) -> str:
    """Where `relative` really is, with `root` as `/`: no link leads out of it."""
    base = os.fspath(root).rstrip("/")
    return "/".join((base, *_way(base, relative, {}))) or "/"


def links_below(root: Root, relative: str) -> tuple[str, dict[str, str]]:
    """Where `relative` really is, as a path below `root`, and the links on the way: path → text."""
    links: dict[str, str] = {}
    return "/".join(_way(os.fspath(root).rstrip("/"), relative, links)), links


def _way(base: str, relative: str, links: dict[str, str]) -> list[str]:
    """The parts of the path that is left when all links are followed; those go into `links`."""
    pending = [part for part in reversed(relative.split("/")) if part not in ("", ".")]
    at: list[str] = []
    followed = 0
    while pending:
        part = pending.pop()
        if part == "..":
            del at[-1:]
            continue
        try:
            target = os.readlink("/".join((base, *at, part)))
        except OSError:
            at.append(part)
            continue
        links["/".join((*at, part))] = target
        followed += 1
        if followed > _LINK_LIMIT:
            raise of_file(f"{base}/{relative}", "too many symbolic links")
        if target.startswith("/"):
            at = []
        pending += [part for part in reversed(target.split("/")) if part not in ("", ".")]
    return at


def exists_below(root: Root, relative: str) -> bool:
    """Whether there is a file or directory at `relative`."""
    return os.path.exists(resolve_below(root, relative))


def is_file(root: Root, relative: str) -> bool:
    """Whether there is a regular file at `relative`."""
    return _is_regular(resolve_below(root, relative))


def is_link(root: Root, relative: str) -> bool:
    """Whether `relative` is a link itself, wherever that leads."""
    folder, _, name = relative.rpartition("/")
    return os.path.islink(f"{resolve_below(root, folder)}/{name}")


def find_below(root: Root, pattern: str) -> list[str]:
    """The paths below `root` that exist and that `pattern` fits; any component may be a glob."""
    found = [""]
    for part in pattern.split("/"):
        found = [
            f"{folder}/{name}" if folder else name
            for folder in found
            for name in _matching_names(resolve_below(root, folder), part)
            if "*" in part or exists_below(root, f"{folder}/{name}")
        ]
    return found
