"""Writing files below a root with a record, and taking them back: what the verbs call."""

from __future__ import annotations

from hyperv_net.applying import below, bytecode, transaction
from hyperv_net.applying import store as stores
from hyperv_net.applying.decision import (
    Action,
    WantedFile,
    decide,
    decide_rollback,
)
from hyperv_net.applying.manifest import RECORDS, SET_ID
from hyperv_net.applying.tracking import untracked
from hyperv_net.errors import HypervNetError, first_of
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.secrets.masking import mode_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from hyperv_net.applying.below import Present, Root
    from hyperv_net.applying.decision import (
        Decision,
        Operation,
    )
    from hyperv_net.applying.manifest import Manifest
    from hyperv_net.applying.tracking import Track
    from hyperv_net.model import Change, System

#: The record of what the verb apply writes.
APPLIED = "applied"


class Applied(NamedTuple):
    """What was done, or would be: the operations by path, and every text before and after by hash.

    An operation that leaves a file as it is is among them.  `notes` are lines about what
    could not be had though all was done.
    """

    operations: tuple[Operation, ...]
    contents: Mapping[str, bytes]
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Operation, ...]:
        """The operations that do something."""
        return tuple(one for one in self.operations if one.action is not Action.LEAVE)


def apply_files(
    root: Path,
    system: System,
    changes: Iterable[Change],
    *,
    stale: Collection[str] = (),
    stays: Collection[str] = (),
    partial: bool = False,
    force: bool = False,
    dry_run: bool = False,
    record: str = APPLIED,
    track: Track = untracked,
    seconds: float = 0,
) -> Applied:
    """Write the files of a plan below `root`, all or none, and record what was there.

    A recorded file that is not among them becomes what it was before, unless
    `partial` or one of `stays`.  `stale` are paths of further files that are to go.  With
    nothing to do nothing is written, the record neither.  Raises HypervNetError, with
    nothing changed, where a file cannot be written, where it was edited by
    somebody else since (unless `force`), and where a file that is edited in
    place is not what `changes` says was read.  `record` is the name of the
    record; files of one are not touched by a rollback of another.  Another run that
    writes there is waited for, for so many `seconds`.
    """
    with below.opened(root, alone=not dry_run, seconds=seconds) as opened:
        store = stores.find(opened, system, record)
        if not dry_run:
            _recover(opened, store, force=force)
        manifest = stores.read_manifest(opened, store)
        wanted, contents = _wanted(opened, changes)
        gone = {below.real_path(opened, path) for path in stale}
        kept = {below.real_path(opened, path) for path in stays}
        recorded = {entry.path for entry in manifest.entries}
        present = _look(opened, {*gone, *recorded, *(one.path for one in wanted)})
        states = {path: found.state for path, found in present.items()}
        decision = decide(wanted, gone, states, manifest, stays=kept, partial=partial, force=force)
        contents.update({one.state.sha256: one.data for one in present.values()})
        return _do(opened, store, decision, contents, manifest, dry_run=dry_run, track=track)


def roll_back(
    root: Path,
    system: System,
    *,
    force: bool = False,
    dry_run: bool = False,
    record: str = APPLIED,
    with_them: Collection[str] = (),
    track: Track = untracked,
    first: Callable[[], None] = lambda: None,
) -> Applied:
    """Put back what was there before the first `apply_files`: bytes, mode, owner, absence.

    `with_them` are paths of files that what was written makes when it runs.  `first` is what is to
    be done ahead of it, once nothing refuses it: it may raise, and nothing is changed then.
    Raises HypervNetError, with nothing changed, where somebody else edited a
    file since, unless `force`.
    """
    with below.opened(root, alone=not dry_run) as opened:
        store = stores.find(opened, system, record)
        if not dry_run:
            _recover(opened, store, force=force)
        manifest = stores.read_manifest(opened, store)
        present = _look(opened, {entry.path for entry in manifest.entries})
        states = {path: found.state for path, found in present.items()}
        decision = decide_rollback(states, manifest, force=force)
        contents = {one.state.sha256: one.data for one in present.values()}
        if not dry_run:
            _do(opened, store, decision, contents, manifest, dry_run=True, track=track)
            first()
        if not dry_run and decision.changes:
            for path in with_them:
                below.remove(opened, below.real_path(opened, path))
        return _do(opened, store, decision, contents, manifest, dry_run=dry_run, track=track)


def recover(root: Path, *, force: bool = False, record: str = APPLIED, seconds: float = 0) -> bool:
    """Undo or complete what an interrupted run left; whether there was anything.

    To be called before a plan is made, which otherwise would see some files
    old and some new.  Raises HypervNetError as `roll_back` does.
    """
    with below.opened(root, alone=True, seconds=seconds) as opened:
        found = [
            _recover(opened, stores.find(opened, system, record), force=force) for system in RECORDS
        ]
    return any(found)


def is_interrupted(root: Path, *, record: str = APPLIED) -> bool:
    """Whether an interrupted run left something for the next one to undo."""
    with below.opened(root, alone=False) as opened:
        found = (stores.find(opened, system, record) for system in RECORDS)
        return any(stores.read_journal(opened, store) is not None for store in found)


def is_recorded(root: Path, system: System, *, record: str = APPLIED) -> bool:
    """Whether there is anything to roll back."""
    with below.opened(root, alone=False) as opened:
        return bool(stores.read_manifest(opened, stores.find(opened, system, record)).entries)


def recorded(root: Path, system: System, *, record: str = APPLIED) -> frozenset[str]:
    """The paths of the files that were written and are kept up."""
    with below.opened(root, alone=False) as opened:
        manifest = stores.read_manifest(opened, stores.find(opened, system, record))
        return frozenset(one.path for one in manifest.entries if one.written is not None)


def differing(root: Path, system: System, *, record: str = APPLIED) -> list[tuple[str, str]]:
    """The recorded files that are not as they were written: path, and what is the matter."""
    with below.opened(root, alone=False) as opened:
        manifest = stores.read_manifest(opened, stores.find(opened, system, record))
        found = []
        for entry in manifest.entries:
            present = below.read(opened, entry.path)
            if (present.state.sha256 if present else None) != entry.written:
                what = "is there again" if entry.written is None else "edited"
                found.append((entry.path, what if present else "missing"))
        return found


def set_aside(root: Path, *, record: str = APPLIED) -> list[str]:
    """Go on without a record that cannot be used: it gets another name, which is returned.

    What is in it is kept, and the files that it speaks of stay as they are.
    """
    with below.opened(root, alone=True) as opened:
        found = [stores.set_aside(opened, system, record) for system in RECORDS]
        return [str(root / one) for one in found if one is not None]


def _recover(root: Root, store: str, *, force: bool) -> bool:
    transaction.discard_leftovers(root, store)
    journal = stores.read_journal(root, store)
    if journal is None:
        return False
    manifest = stores.read_manifest(root, store)
    if transaction.is_done(root, store, journal):
        transaction.finish(root, store, manifest)
    else:
        transaction.undo(root, store, journal, manifest, force=force)
    return True


def _wanted(root: Root, changes: Iterable[Change]) -> tuple[list[WantedFile], dict[str, bytes]]:
    wanted: dict[str, WantedFile] = {}
    contents = {}
    for change in changes:
        file = change.file
        path = below.real_path(root, file.path, is_link=file.is_link)
        if path in wanted:
            raise HypervNetError(
                f"leads to {path}, as another file that is to be written does",
                where=Place(file.path),
            )
        data = file.text.encode()
        sha256 = below.sha256(data)
        wanted[path] = WantedFile(path, sha256, mode_of(file), file.in_place, file.is_link)
        contents[sha256] = data
        if file.in_place:
            _check_read(root, path, change.before)
    return list(wanted.values()), contents


def _check_read(root: Root, path: str, before: str | None) -> None:
    """See that nobody wrote the file since it was read: its text is in the new one."""
    found = below.read(root, path)
    if (found.data if found else None) != (before.encode() if before is not None else None):
        raise HypervNetError(
            "changed while the plan was made",
            where=Place(str(root.path / path)),
            hint="run it again",
        )


def _look(root: Root, paths: Collection[str]) -> dict[str, Present]:
    found = ((path, below.read(root, path)) for path in sorted(paths))
    return {path: present for path, present in found if present is not None}


def _do(
    root: Root,
    store: str,
    decision: Decision,
    contents: Mapping[str, bytes],
    manifest: Manifest,
    *,
    dry_run: bool,
    track: Track,
) -> Applied:
    if decision.conflicts:
        raise HypervNetError(
            first_of([one.what for one in decision.conflicts]),
            where=Place(str(root.path / decision.conflicts[0].path)),
            hint="save the edit, then add --force to overwrite it",
        )
    backups = {
        one.after.sha256: stores.backup(root, store, one.after.sha256)
        for one in decision.changes
        if one.after is not None and one.after.sha256 not in contents
    }
    for one in decision.changes:
        if one.before is not None and one.before.mode & SET_ID:
            raise HypervNetError(
                "has set-id bits, which nothing that hyperv-net writes has",
                where=Place(str(root.path / one.path)),
                hint="look at it, then: chmod ug-s",
            )
    contents = {**contents, **backups}
    notes: tuple[str, ...] = ()
    if not dry_run and (decision.changes or decision.manifest != manifest):
        # Ahead of the rest, so that a power cut leaves modules that are compiled again when they
        # run, and no folder that nobody knows of.
        bytecode.remove(root, [one.path for one in decision.changes if one.after is None])
        notes = transaction.carry_out(root, store, decision, contents, manifest, track)
        doubted = stores.distrusted(root, store)
        notes += (doubted,) if doubted else ()
    return Applied(decision.operations, contents, notes)
