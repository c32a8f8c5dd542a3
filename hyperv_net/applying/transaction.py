"""Carrying operations out so that they happen all or not at all, also across a power cut.

The order is what makes it so.  The former bytes of every file, then the
journal, are durable before anything else is touched.  The new files are
written beside the old ones, which is where a full disk or a missing
permission shows, and only then take their places one by one.  The change is
done when the new manifest takes the place of the old one.  A run that finds
a journal undoes what it names, or, where the manifest is the new one already,
only tidies up.

A run goes by what it has in mind, and reads nothing back that it wrote: what is
there may be somebody else's by then.
"""

from __future__ import annotations

from dataclasses import replace

from hyperv_net.applying import below
from hyperv_net.applying.decision import Target
from hyperv_net.applying.manifest import (
    Journal,
    Step,
    journal_json,
    manifest_json,
)
from hyperv_net.applying.staging import stage
from hyperv_net.applying.store import BACKUPS, JOURNAL, MANIFEST, backup
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hyperv_net.applying.below import Root
    from hyperv_net.applying.decision import Decision, Operation
    from hyperv_net.applying.manifest import FileState, Manifest
    from hyperv_net.applying.tracking import Track


def carry_out(
    root: Root,
    store: str,
    decision: Decision,
    contents: Mapping[str, bytes],
    before: Manifest,
    track: Track,
) -> tuple[str, ...]:
    """Carry a decision out.  `contents` has the bytes before and after by their hash.

    `before` is the manifest that is there.  The result has a line for whatever went wrong
    where all was done.  Raises HypervNetError with everything as it was.
    """
    operations = decision.changes
    made = _folders_to_make(root, store, operations)
    after = replace(
        decision.manifest,
        directories=(*decision.manifest.directories, *made),
        generation=decision.manifest.generation + 1,
    )
    manifest = manifest_json(after).encode()
    steps = tuple(
        Step(one.path, one.before, one.after.sha256 if one.after else None) for one in operations
    )
    journal = Journal(steps, made, below.sha256(manifest))
    notes: list[str] = []
    begun = replace(journal, steps=())
    try:
        _prepare(root, store, journal, contents)
        begun = journal
        _make_changes(root, store, operations, journal, contents, manifest, track, notes)
    except BaseException as error:
        if not _undo_after(error, root, store, begun, before):
            raise
        notes.append(f"all is done, and may not outlive a power cut: {error}")
    try:
        finish(root, store, after)
    except HypervNetError as error:
        notes.append(f"all is done, and the next run tidies up: {error}")
    return tuple(notes)


def _folders_to_make(root: Root, store: str, operations: Sequence[Operation]) -> tuple[str, ...]:
    """The folders above the store and above new files that do not exist, parents first."""
    folders = [one.path.rpartition("/")[0] for one in operations if one.after]
    missing = {
        folder
        for path in (store.rpartition("/")[0], *folders)
        for folder in below.missing_folders(root, path)
    }
    return tuple(sorted(missing, key=lambda path: (path.count("/"), path)))


def _prepare(root: Root, store: str, journal: Journal, contents: Mapping[str, bytes]) -> None:
    """Make the backups and the journal durable, the journal last.

    A store that is not there yet is built under another name with the journal
    in it, so that a power cut leaves no folder that no journal speaks of.
    """
    missing = below.missing_folders(root, store)
    if missing:
        place = below.staged_name(missing[0])
        made = [place + path[len(missing[0]) :] for path in missing]
        for path in made[:-1]:
            below.make_folder(root, path)
        below.make_folder(root, made[-1], 0o700)
        _fill(root, made[-1], journal, contents)
        below.put(root, missing[0])
    else:
        _fill(root, store, journal, contents)


def _fill(root: Root, store: str, journal: Journal, contents: Mapping[str, bytes]) -> None:
    backups = f"{store}/{BACKUPS}"
    if not below.is_folder(root, backups):
        below.make_folder(root, backups, 0o700)
    there = set(below.names(root, backups))
    files = {step.before.sha256: step.path for step in journal.steps if step.before}
    for sha256 in sorted(files.keys() - there):
        backed_up = f"{backups}/{sha256}"
        below.stage(root, backed_up, contents[sha256], 0o600, None, files[sha256])
        below.put(root, backed_up)
    below.write(root, f"{store}/{JOURNAL}", journal_json(journal).encode())


def _make_changes(
    root: Root,
    store: str,
    operations: Sequence[Operation],
    journal: Journal,
    contents: Mapping[str, bytes],
    manifest: bytes,
    track: Track,
    notes: list[str],
) -> None:
    for folder in journal.directories:
        if not below.is_folder(root, folder):
            below.make_folder(root, folder)
    for one in track("writing", operations):
        if one.after is not None:
            data = contents[one.after.sha256]
            notes += stage(root, store, one.path, data, one.after, one.before)
    below.stage(root, f"{store}/{MANIFEST}", manifest, 0o600, None)
    for one in track("putting in place", operations):
        if one.after is not None:
            below.put(root, one.path)
        else:
            below.remove(root, one.path)
    below.put(root, f"{store}/{MANIFEST}")


def _undo_after(
    error: BaseException, root: Root, store: str, journal: Journal, before: Manifest
) -> bool:
    """Undo what was done, and False; True where all was done but for what the error is about."""
    try:
        discard_leftovers(root, store)
        if is_done(root, store, journal):
            return isinstance(error, HypervNetError)
        undo(root, store, journal, before, is_own=True)
    except HypervNetError as second:
        what = str(error) or type(error).__name__
        raise HypervNetError(
            f"{what}; and what was done so far could not be undone: {second}",
            hint="put it right and run it again, which undoes it first",
        ) from None
    return False


def is_done(root: Root, store: str, journal: Journal) -> bool:
    """Whether the change that the journal speaks of came to its end but for tidying up."""
    found = below.read(root, f"{store}/{MANIFEST}")
    return found is not None and found.state.sha256 == journal.manifest


def undo(
    root: Root,
    store: str,
    journal: Journal,
    before: Manifest,
    *,
    force: bool = False,
    is_own: bool = False,
) -> None:
    """Make everything as it was before the change that the journal speaks of.

    `before` is the manifest that is there.  `is_own` is whether the journal is what this run
    has in mind, and was not read.  Raises HypervNetError where somebody else changed a file
    since, unless `force`.
    """
    for step in journal.steps:
        below.remove(root, below.staged_name(step.path))
    below.remove(root, below.staged_name(f"{store}/{MANIFEST}"))
    for step in reversed(journal.steps):
        found = below.read(root, step.path)
        now = found.state if found else None
        if _is_to_be_undone(root, step, now, force=force):
            _restore(root, store, step, now, is_own=is_own)
    if MANIFEST in below.names(root, store):
        _drop_folders(root, journal.directories)
        _tidy(root, store, before)
    else:
        _discard(root, store, journal.directories)


def _is_to_be_undone(root: Root, step: Step, now: FileState | None, *, force: bool) -> bool:
    if now == step.before:
        return False
    sha256 = now.sha256 if now else None
    if sha256 == step.after or force:
        return True
    if step.before is not None and sha256 == step.before.sha256:
        return False
    raise HypervNetError(
        "edited since a run of hyperv-net was interrupted",
        where=Place(str(root.path / step.path)),
        hint="save your edit, then add --force to put back what was there before",
    )


def _restore(root: Root, store: str, step: Step, now: FileState | None, *, is_own: bool) -> None:
    if step.before is None:
        below.remove(root, step.path)
        return
    data = backup(root, store, step.before.sha256)
    state = step.before
    target = Target(state.sha256, state.mode, (state.uid, state.gid), state.is_link)
    stage(root, store, step.path, data, target, now, is_own=is_own)
    below.put(root, step.path)


def finish(root: Root, store: str, manifest: Manifest) -> None:
    """Tidy up after a change that is done: nothing of it is needed but its manifest."""
    if manifest.entries:
        kept = {parent for entry in manifest.entries for parent in below.folders_above(entry.path)}
        _drop_folders(root, [path for path in manifest.directories if path not in kept])
        _tidy(root, store, manifest)
    else:
        _discard(root, store, manifest.directories)


def _drop_folders(root: Root, folders: Sequence[str]) -> None:
    for folder in sorted(folders, key=lambda path: path.count("/"), reverse=True):
        below.drop_folder(root, folder)


def _tidy(root: Root, store: str, manifest: Manifest) -> None:
    """Remove the backups that the manifest does not need, then the journal."""
    needed = {entry.before.sha256 for entry in manifest.entries if entry.before}
    for name in below.names(root, f"{store}/{BACKUPS}"):
        if name not in needed:
            below.remove(root, f"{store}/{BACKUPS}/{name}")
    below.remove(root, f"{store}/{JOURNAL}")


def _discard(root: Root, store: str, directories: Sequence[str]) -> None:
    """Remove the store, and the folders that were made if nothing else is in them.

    The store goes from one moment to the next, with those of its parents that
    are there for it alone: as long as it is there it knows what is to be done.
    """
    _drop_folders(root, [path for path in directories if not store.startswith(f"{path}/")])
    top = store
    while True:
        parent = top.rpartition("/")[0]
        if parent not in directories or len(below.names(root, parent)) > 1:
            break
        top = parent
    below.put_away(root, top)
    below.remove_tree(root, below.staged_name(top))


def discard_leftovers(root: Root, store: str) -> None:
    """Remove what a power cut left of building or removing a store, or of writing a journal."""
    below.remove(root, below.staged_name(f"{store}/{JOURNAL}"))
    for path in (*below.folders_above(store), store):
        below.remove_tree(root, below.staged_name(path))
