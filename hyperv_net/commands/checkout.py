"""Files and folders of a git checkout as they were at a revision.

Only objects are read: no filter of the checkout is run, and no attribute of it hides a file.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.processes import run
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 60.0
_MOST_LINKS = 8


class _Entry(NamedTuple):
    """A file or a link of a tree: its path from the top, its object, and whether it is a link."""

    path: str
    object: str
    is_link: bool


def is_revision(path: str, revision: str) -> bool:
    """Whether the checkout that the file or directory is in has such a revision."""
    try:
        top, _ = _in_checkout(path, revision)
        _git(top, revision, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except UsageError:
        return False
    return True


def is_at_revision(path: str, revision: str) -> bool:
    """Whether the file or directory was there.  Raises UsageError for no such revision."""
    top, inside = _in_checkout(path, revision)
    return any(True for _ in _entries(top, revision, inside))


def at_revision(path: str, revision: str, folder: str) -> str:
    """Where below `folder` the file or directory `path` now is, as it was at `revision`.

    Raises UsageError where git has no such revision, and HypervNetError where the path is not
    in it, or is a link that leads out of the checkout.
    """
    top, inside = _in_checkout(path, revision)
    for _ in range(_MOST_LINKS):
        entries = list(_entries(top, revision, inside))
        if not entries:
            raise HypervNetError("it is not there", where=f"{revision}:{inside}")
        if not (entries[0].path == inside and entries[0].is_link):
            break
        leads_to = _content(top, revision, entries[0]).decode("utf-8", "surrogateescape")
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(inside), leads_to))
        if inside.startswith(("/", "../")):
            raise HypervNetError("a link out of the checkout", where=f"{revision}:{leads_to}")
    for entry in entries:
        target = Path(folder, entry.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = _content(top, revision, entry)
        if entry.is_link:
            # Below a root it is resolved inside, as in an image.
            target.symlink_to(content.decode("utf-8", "surrogateescape"))
        else:
            target.write_bytes(content)
    return str(Path(folder, inside))


def _in_checkout(path: str, revision: str) -> tuple[Path, str]:
    """The top of the checkout, and the path from there; a link stays one."""
    if revision.startswith("-"):
        raise UsageError("not a revision", where=f"--against {revision}")
    place = Path(path).absolute()
    top = Path(_git(place.parent, revision, "rev-parse", "--show-toplevel").decode().strip())
    inside = place.parent.resolve().relative_to(top.resolve()) / place.name
    return top, inside.as_posix()


def _entries(top: Path, revision: str, inside: str) -> Iterator[_Entry]:
    listed = _git(top, revision, "ls-tree", "-r", "-z", revision, "--", inside)
    for line in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        about, _, path = line.partition("\t")
        mode, kind, name = about.split()
        if kind == "blob":
            yield _Entry(path, name, mode == "120000")


def _content(top: Path, revision: str, entry: _Entry) -> bytes:
    return _git(top, revision, "cat-file", "blob", entry.object)


def _git(place: Path, revision: str, *words: str) -> bytes:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    plain = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
    command = ["git", "-C", str(place), "-c", "core.fsmonitor=false", *words]
    try:
        ended = run(command, {**environment, **plain}, _SECONDS)
    except HypervNetError as error:
        raise UsageError(f"git {error.what}", where=f"--against {revision}") from None
    if ended.status != 0:
        said = ended.err.decode("utf-8", "backslashreplace").strip().splitlines()
        fatal = [line.removeprefix("fatal: ") for line in said if line.startswith("fatal:")]
        raise UsageError(
            f"git: {(fatal or said[-1:] or [f'exit status {ended.status}'])[0]}",
            where=f"--against {revision}",
            hint="name a file, a directory, or a revision that the checkout has",
        )
    return ended.out
