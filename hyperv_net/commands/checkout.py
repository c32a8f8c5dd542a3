"""Files and folders of a git checkout as they were at a revision."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from hyperv_net.errors import HypervNetError
from hyperv_net.processes import run

_SECONDS = 60.0


def at_revision(path: str, revision: str, folder: str) -> str:
    """Where below `folder` the file or directory `path` now is, as it was at `revision`.

    Raises HypervNetError where git has no such revision, or the path in it.
    """
    top, inside = _in_checkout(path, revision)
    archive = _git(top, revision, "archive", "--format=tar", revision, "--", inside)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        _unpack(tar, Path(folder))
    return str(Path(folder, inside))


def is_at_revision(path: str, revision: str) -> bool:
    """Whether the file or directory was there.  Raises HypervNetError for no such revision."""
    top, inside = _in_checkout(path, revision)
    listed = _git(top, revision, "ls-tree", "--name-only", "-z", revision, "--", inside)
    return bool(listed)


def _in_checkout(path: str, revision: str) -> tuple[Path, str]:
    """The top of the checkout, and the path from there."""
    if revision.startswith("-"):
        raise HypervNetError("not a revision", where=f"--against {revision}")
    place = Path(path).absolute()
    top = Path(_git(place.parent, revision, "rev-parse", "--show-toplevel").decode().strip())
    return top, place.resolve().relative_to(top.resolve()).as_posix()


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Regular files, folders and links of a tree that git wrote, which has no path outwards.

    Links are made last and never followed while writing.
    """
    links = []
    for member in tar:
        target = folder / member.name
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif member.isreg():
            target.parent.mkdir(parents=True, exist_ok=True)
            source = tar.extractfile(member)
            target.write_bytes(source.read() if source is not None else b"")
        elif member.issym():
            links.append((target, member.linkname))
    for target, leads_to in links:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(leads_to)


def _git(place: Path, revision: str, *words: str) -> bytes:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # Neither a hook nor a pager or a filter of the checkout is to run.
    command = ["git", "-C", str(place), "-c", "core.fsmonitor=false", *words]
    ended = run(command, {**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}, _SECONDS)
    if ended.status != 0:
        said = ended.err.decode("utf-8", "backslashreplace").strip().splitlines()
        raise HypervNetError(
            f"git: {said[-1] if said else f'exit status {ended.status}'}",
            where=f"--against {revision}",
            hint="name a file, a directory, or a revision that the checkout has",
        )
    return ended.out
