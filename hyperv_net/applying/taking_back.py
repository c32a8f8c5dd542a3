"""The files of an apply that waits to be confirmed: looked at before, kept, or put back.

Putting back is a change like any other, whole or not at all across a power cut, and doing
it again changes nothing.  Afterwards the manifest of what hyperv-net wrote is that of before.
"""

from __future__ import annotations

import time
from dataclasses import replace

from hyperv_net.applying import below, pending, store, transaction, writing
from hyperv_net.applying.decision import Action, Decision, Operation, Target
from hyperv_net.applying.manifest import Manifest, Step, manifest_from_json, manifest_json
from hyperv_net.applying.tracking import untracked
from hyperv_net.errors import BusyError, HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeVar

    from hyperv_net.applying.below import Root
    from hyperv_net.applying.manifest import FileState
    from hyperv_net.applying.pending import Pending
    from hyperv_net.applying.writing import Applied
    from hyperv_net.model import System

    Result = TypeVar("Result")

#: Seconds to wait for another run of hyperv-net that is writing.
_PATIENCE = 60
_PAUSE = 0.1


def steps_of(applied: Applied) -> tuple[Step, ...]:
    """What an apply changes, or would."""
    return tuple(
        Step(one.path, one.before, one.after.sha256 if one.after else None)
        for one in applied.changes
    )


def holdings(path: Path, system: System, would: Applied) -> tuple[str | None, dict[str, bytes]]:
    """The hash of the manifest that is there now, and all bytes that a way back needs, by hash.

    `would` is what is about to be done below the root `path`.
    """
    with below.opened(path, alone=False) as root:
        place = _applied(root, system)
        manifest = store.read_manifest(root, place)
        needed = {one.before.sha256 for one in manifest.entries if one.before}
        holds = {sha256: store.backup(root, place, sha256) for sha256 in needed}
        for step in steps_of(would):
            for sha256 in (step.before.sha256 if step.before else None, step.after):
                if sha256 is not None:
                    holds[sha256] = would.contents[sha256]
        if not manifest.entries:
            return None, holds
        text = manifest_json(manifest).encode()
        return below.sha256(text), {**holds, below.sha256(text): text}


def put_back(path: Path, system: System, waiting: Pending) -> tuple[str, ...]:
    """Make every file what it was, and the record; a line for all there is to tell of it.

    What somebody else changed since is put back too: it may be what has cut the machine off.
    Raises HypervNetError.
    """
    writing.recover(path, force=True)
    with below.opened(path, alone=True) as root:
        place = _applied(root, system)
        contents = pending.contents(root, system)
        manifest = _manifest(contents, waiting)
        now = store.read_manifest(root, place)
        operations: list[Operation] = []
        told: list[str] = []
        for step in waiting.steps:
            found = below.read(root, step.path)
            state = found.state if found else None
            if state == step.before:
                continue
            if found is not None:
                contents[found.state.sha256] = found.data
            if (state.sha256 if state else None) != step.after:
                told.append(f"{step.path}: an edit of somebody else's was overwritten")
            operations.append(_operation(step, state))
        _check_held(contents, operations)
        if operations or now.entries != manifest.entries:
            _back_up(root, place, manifest, contents)
            known = {*now.directories, *manifest.directories}
            folders = tuple(sorted(known, key=lambda one: (one.count("/"), one)))
            done = replace(manifest, directories=folders, generation=now.generation)
            decision = Decision(tuple(operations), done)
            told += transaction.carry_out(root, place, decision, contents, now, untracked)
        return tuple(told)


def keep(path: Path, system: System, waiting: Pending) -> None:
    """Have the folders that were made for this apply's record go with the manifest's own."""
    with below.opened(path, alone=True) as root:
        place = _applied(root, system)
        manifest = store.read_manifest(root, place)
        parents = [one for one in waiting.directories if place.startswith(f"{one}/")]
        missing = tuple(one for one in parents if one not in manifest.directories)
        if missing and manifest.entries:
            done = replace(manifest, directories=(*missing, *manifest.directories))
            transaction.carry_out(root, place, Decision((), done), {}, manifest, untracked)


def texts(path: Path, system: System, waiting: Pending) -> tuple[dict[str, str], dict[str, str]]:
    """The files that change, as this apply has them and as they are put back."""
    with below.opened(path, alone=False) as root:
        contents = pending.contents(root, system)
    states: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for step in waiting.steps:
        for found, sha256 in zip(states, (step.after, step.before.sha256 if step.before else None)):
            if sha256 is not None and sha256 in contents:
                found[step.path] = contents[sha256].decode("utf-8", errors="replace")
    return states


def _applied(root: Root, system: System) -> str:
    return store.find(root, system, writing.APPLIED)


def patiently(act: Callable[[], Result]) -> Result:
    """What `act` returns, once whoever writes below the root now is done."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except BusyError:
            if time.monotonic() > end:
                raise
        time.sleep(_PAUSE)


def _operation(step: Step, now: FileState | None) -> Operation:
    if step.before is None:
        return Operation(step.path, Action.REMOVE, now, None)
    state = step.before
    target = Target(state.sha256, state.mode, (state.uid, state.gid), state.is_link)
    return Operation(step.path, Action.RESTORE, now, target)


def _manifest(contents: Mapping[str, bytes], waiting: Pending) -> Manifest:
    if waiting.manifest is None:
        return Manifest()
    data = contents.get(waiting.manifest)
    if data is None:
        raise HypervNetError("the manifest of before is damaged or missing", where="the record")
    return manifest_from_json(data.decode("utf-8", errors="replace"), "the manifest of before")


def _check_held(contents: Mapping[str, bytes], operations: list[Operation]) -> None:
    for one in operations:
        if one.after is not None and one.after.sha256 not in contents:
            raise HypervNetError(
                "what was there before is damaged or missing", where=Place(one.path)
            )


def _back_up(root: Root, place: str, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    """Have the backups that a manifest of the past needs."""
    needed = {one.before.sha256 for one in manifest.entries if one.before}
    folder = f"{place}/{store.BACKUPS}"
    if not needed:
        return
    for missing in below.missing_folders(root, folder):
        below.make_folder(root, missing, 0o700 if f"{missing}/".startswith(f"{place}/") else 0o755)
    for sha256 in sorted(needed - set(below.names(root, folder))):
        if sha256 in contents:
            below.write(root, f"{folder}/{sha256}", contents[sha256])
