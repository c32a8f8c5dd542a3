"""What has to be done to which file, and what stands in the way; no file is touched here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from hyperv_net.applying.manifest import Entry
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hyperv_net.applying.manifest import FileState, Manifest

_EDITED = "edited since hyperv-net wrote it"
_GONE = "removed since hyperv-net wrote it"

#: The bits of a mode that let anybody but the owner in.
_OTHERS = 0o077


class Action(str, Enum):
    """What happens to a file."""

    CREATE = "create"
    REPLACE = "replace"
    LEAVE = "leave"
    REMOVE = "remove"
    RESTORE = "restore"


class WantedFile(NamedTuple):
    """A file that is to be there: path with all links resolved, hash, and a new file's mode.

    `in_place` as in Entry, `is_link` as in FileState.
    """

    path: str
    sha256: str
    mode: int
    in_place: bool = False
    is_link: bool = False


class Target(NamedTuple):
    """How a file is to be; `owner` is (user, group), or None for whoever writes it."""

    sha256: str
    mode: int
    owner: tuple[int, int] | None
    is_link: bool = False


class Operation(NamedTuple):
    """What happens to one file; `note` is a clause for people, mostly empty."""

    path: str
    action: Action
    before: FileState | None
    after: Target | None
    note: str = ""


class Conflict(NamedTuple):
    """A file that somebody else changed, and what is the matter with it."""

    path: str
    what: str


@dataclass(frozen=True)
class Decision:
    """The operations in the order of their paths, the manifest once they are done, conflicts.

    With a conflict nothing may be carried out.
    """

    operations: tuple[Operation, ...]
    manifest: Manifest
    conflicts: tuple[Conflict, ...] = ()

    @property
    def changes(self) -> tuple[Operation, ...]:
        """The operations that do something."""
        return tuple(one for one in self.operations if one.action is not Action.LEAVE)


class _Outcome(NamedTuple):
    """What is decided about one file; `entry` is None where nothing is recorded any more."""

    operation: Operation
    entry: Entry | None
    conflict: Conflict | None = None


def decide(
    wanted: Iterable[WantedFile],
    stale: Iterable[str],
    present: Mapping[str, FileState],
    manifest: Manifest,
    *,
    stays: Collection[str] = (),
    partial: bool = False,
    force: bool = False,
) -> Decision:
    """What makes the files below a root those that are wanted.

    `stale` are paths whose files are to go though the manifest does not have
    them.  Of those it has, a file that is wanted no more becomes what it was
    before; one that was edited in place stays, since a plan leaves such a file
    out where nothing in it has to change, and so do those of `stays`, which the plan
    was read from, and all with `partial`.
    `present` has the files that exist.  With `force` somebody else's edits
    are no conflict.
    """
    entries = {entry.path: entry for entry in manifest.entries}
    files = {file.path: file for file in wanted}
    outcomes = []
    for path in sorted({*files, *stale, *entries}):
        now, entry = present.get(path), entries.get(path)
        if path in files:
            outcomes.append(_wanted(files[path], now, entry))
        elif entry is None:
            outcomes.append(_stale(path, now))
        elif not entry.in_place and not partial and path not in stays:
            outcomes.append(_no_longer_wanted(entry, now))
        else:
            outcomes.append(_left(path, now, entry))
    return _decision(outcomes, manifest, force=force)


def decide_rollback(
    present: Mapping[str, FileState], manifest: Manifest, *, force: bool = False
) -> Decision:
    """What puts every file of the manifest back as it was before the first change."""
    outcomes = [_back(entry, present.get(entry.path)) for entry in manifest.entries]
    return _decision(outcomes, manifest, force=force)


def _decision(outcomes: list[_Outcome], manifest: Manifest, *, force: bool) -> Decision:
    outcomes.sort(key=lambda outcome: outcome.operation.path)
    conflicts = tuple(one.conflict for one in outcomes if one.conflict is not None)
    return Decision(
        operations=tuple(one.operation for one in outcomes),
        manifest=replace(
            manifest, entries=tuple(one.entry for one in outcomes if one.entry is not None)
        ),
        conflicts=() if force else conflicts,
    )


def _left(path: str, now: FileState | None, entry: Entry | None, note: str = "") -> _Outcome:
    return _Outcome(Operation(path, Action.LEAVE, now, _as(now), note), entry)


def _as(state: FileState | None) -> Target | None:
    if state is None:
        return None
    return Target(state.sha256, state.mode, (state.uid, state.gid), state.is_link)


def _wanted(file: WantedFile, now: FileState | None, entry: Entry | None) -> _Outcome:
    if now is not None and (now.sha256, now.is_link) == (file.sha256, file.is_link):
        # What is there already and not ours stays there when we are rolled back.
        return _left(file.path, now, entry and replace(entry, written=file.sha256))
    recorded = Entry(
        path=file.path,
        before=entry.before if entry else now,
        written=file.sha256,
        in_place=file.in_place,
        edited=entry.edited if entry else False,
    )
    if now is None:
        missing = entry is not None and entry.written is not None
        before = entry.before if entry else None
        mode = _mode(file, before)
        owner = (before.uid, before.gid) if before else None
        note = _GONE if missing else ""
        created = Target(file.sha256, mode, owner, file.is_link)
        return _Outcome(Operation(file.path, Action.CREATE, None, created, note), recorded)
    replaced = Target(file.sha256, _mode(file, now), (now.uid, now.gid), file.is_link)
    if entry is None or _is_ours(now, entry):
        return _Outcome(Operation(file.path, Action.REPLACE, now, replaced), recorded)
    operation = Operation(file.path, Action.REPLACE, now, replaced, _EDITED)
    if file.in_place:
        return _Outcome(operation, replace(recorded, edited=True))
    return _Outcome(operation, recorded, Conflict(file.path, _EDITED))


def _mode(file: WantedFile, before: FileState | None) -> int:
    """That of the file which was there; what is to be its owner's alone is, whatever it was."""
    is_private = not file.mode & _OTHERS
    return file.mode if before is None or is_private else before.mode


def _is_ours(now: FileState, entry: Entry) -> bool:
    """Whether no bytes of somebody else's would be lost with the file."""
    return now.sha256 == entry.written or (
        entry.before is not None and now.sha256 == entry.before.sha256
    )


def _stale(path: str, now: FileState | None) -> _Outcome:
    if now is None:
        return _left(path, None, None)
    operation = Operation(path, Action.REMOVE, now, None, "no longer wanted")
    return _Outcome(operation, Entry(path, before=now, written=None))


def _no_longer_wanted(entry: Entry, now: FileState | None) -> _Outcome:
    if entry.written is None and now is None:
        return _left(entry.path, None, entry)
    outcome = _back(entry, now)
    if outcome.operation.action is Action.LEAVE:
        return outcome
    note = "no longer wanted"
    if outcome.conflict is not None:
        conflict = Conflict(entry.path, f"{note}, and {outcome.conflict.what}")
        return outcome._replace(conflict=conflict)
    return outcome._replace(operation=outcome.operation._replace(note=note))


def _back(entry: Entry, now: FileState | None) -> _Outcome:
    """The file as it was before the first change; recorded no more."""
    before = entry.before
    if now == before:
        return _left(entry.path, now, None)
    foreign = (now.sha256 if now else None) != entry.written
    same = now is not None and before is not None and now.sha256 == before.sha256
    note = ""
    if (foreign and not same) or entry.edited:
        note = _EDITED if now else _GONE
    action = Action.RESTORE if before else Action.REMOVE
    operation = Operation(entry.path, action, now, _as(before), note)
    return _Outcome(operation, None, Conflict(entry.path, note) if note else None)
