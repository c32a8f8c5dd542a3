"""Roots and what is written below them, for the tests of applying."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hyperv_net.applying import below, writing
from hyperv_net.applying.decision import Action
from hyperv_net.applying.locking import FOLDER
from hyperv_net.applying.manifest import RECORDS
from hyperv_net.applying.writing import Applied
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Change, RenderedFile, System
from tests.applying.disk import Disk, PowerCutError, Survives, Thing, snapshot
from tests.files import put

LINUX = System.LINUX
STORE = f"{RECORDS[LINUX]}/{writing.APPLIED}"

#: A file that is all ours, and one of which a line is.
OURS = RenderedFile("etc/netplan/99-hyperv-net.yaml", "network: {}\n", 0o600)
RC_CONF = RenderedFile("etc/rc.conf", "a=1\nb=2\n", in_place=True)


def make(root: Path, files: Mapping[str, str], mode: int = 0o644) -> Path:
    """Write `files` below `root`, which is made."""
    root.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        put(root, path, text, mode)
    return root


def changes(root: Path, files: Sequence[RenderedFile]) -> list[Change]:
    """The files as a plan has them, beside what is there now."""
    found = ((file, root / file.path) for file in files)
    return [Change(file, at.read_text() if at.is_file() else None) for file, at in found]


def apply(root: Path, *files: RenderedFile, stale: Sequence[str] = (), **options: Any) -> Applied:
    """Apply the files as the verb does, recovery first."""
    if not options.get("dry_run"):
        writing.recover(root, force=options.get("force", False))
    return writing.apply_files(root, LINUX, changes(root, files), stale=stale, **options)


def roll_back(root: Path, **options: Any) -> Applied:
    """Roll back."""
    return writing.roll_back(root, LINUX, **options)


def refused(root: Path, *files: RenderedFile) -> str:
    """The error line of an apply, after which everything is as it was."""
    before = snapshot(root)
    with pytest.raises(HypervNetError) as raised:
        apply(root, *files)
    assert snapshot(root) == before
    assert "\n" not in str(raised.value)
    return str(raised.value).replace(str(root), "ROOT")


def actions(applied: Applied) -> dict[str, Action]:
    """Each path with what was done to it."""
    return {one.path: one.action for one in applied.operations}


def besides_store(things: Mapping[str, Thing]) -> dict[str, Thing]:
    """The things that are not the store or a folder above it, nor a lock that was left."""
    parts = STORE.split("/")
    above = {FOLDER} | {"/".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return {
        path: thing
        for path, thing in things.items()
        if path not in above and not path.startswith(f"{STORE}/")
    }


def run_with(disk: Disk, action: Callable[[], object]) -> bool:
    """Run the action over the disk; False where the power was cut."""
    try:
        with mock.patch.object(below, "os", disk):
            action()
    except PowerCutError:
        return False
    return True


def cut(root: Path, action: Callable[[], object], at: int, survives: Survives) -> bool:
    """Run the action with the power cut ahead of step `at`; False where it has fewer.

    Below `root` is then what the disk has.
    """
    disk = Disk(root, at)
    try:
        if run_with(disk, action):
            return False
        after = root.with_name(f"{root.name}-after")
        disk.after_the_cut(survives, after)
    finally:
        disk.release()
    shutil.rmtree(root)
    after.rename(root)
    return True


def copy(root: Path, to: Path) -> Path:
    """A copy of a root with modes and, where we may, owners."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(root, to, symlinks=True)
    return to
