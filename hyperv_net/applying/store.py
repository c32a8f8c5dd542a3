"""A store: the folder of a record, read back only where nobody could have forged or damaged it."""

from __future__ import annotations

from hyperv_net.applying import below
from hyperv_net.applying.manifest import (
    RECORDS,
    Manifest,
    journal_from_json,
    manifest_from_json,
)
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing

if TYPE_CHECKING:
    from hyperv_net.applying.below import Root
    from hyperv_net.applying.manifest import Journal
    from hyperv_net.model import System

MANIFEST = "manifest.json"
JOURNAL = "journal.json"
BACKUPS = "backups"

#: The option that goes on without a record that cannot be used.
OPTION = "--set-record-aside"
_ASIDE = "aside"


def find(root: Root, system: System, record: str) -> str:
    """The real path of a store, which need not be there.

    Raises HypervNetError where it is there and not believed (root/believing.py).
    """
    path = f"{RECORDS[system]}/{record}"
    try:
        believing.check(root.path, path, root.descriptor)
    except HypervNetError as error:
        raise _with_the_way_on(error) from None
    return below.real_path(root, path)


def distrusted(root: Root, store: str) -> str:
    """Why the store that was just written will not be believed; '' where it will."""
    try:
        believing.check(root.path, store, root.descriptor)
    except HypervNetError as error:
        return f"what is recorded will not be believed: {error}"
    return ""


def read_manifest(root: Root, store: str) -> Manifest:
    """The manifest in a store; an empty one where there is none.

    Raises HypervNetError where it is damaged, and says what the way on is.
    """
    text = _text(root, f"{store}/{MANIFEST}")
    if text is None:
        return Manifest()
    try:
        return manifest_from_json(text, str(root.path / store / MANIFEST))
    except HypervNetError as error:
        raise _with_the_way_on(error) from None


def read_journal(root: Root, store: str) -> Journal | None:
    """The journal of a change that did not come to its end; None where there is none.

    Raises as `read_manifest` does.
    """
    text = _text(root, f"{store}/{JOURNAL}")
    if text is None:
        return None
    try:
        return journal_from_json(text, str(root.path / store / JOURNAL))
    except HypervNetError as error:
        raise _with_the_way_on(error) from None


def _text(root: Root, path: str) -> str | None:
    found = below.read(root, path)
    if found is None:
        return None
    state, where = found.state, str(root.path / path)
    doubted = "is a link" if state.is_link else believing.doubt(state.uid, state.gid, state.mode)
    if doubted:
        raise HypervNetError(
            f"{doubted}, so it is not believed",
            where=Place(where),
            hint=f"{believing.remedy(where, doubted)}; {OPTION} goes on without it",
        )
    # What is no UTF-8 is no JSON of ours, and is refused as such.
    return found.data.decode("utf-8", errors="replace")


def _with_the_way_on(error: HypervNetError) -> HypervNetError:
    hint = f"{error.hint or 'look at it'}; {OPTION} goes on without the record"
    return HypervNetError(error.what, where=error.where, hint=hint)


def backup(root: Root, store: str, sha256: str) -> bytes:
    """The bytes of a file as it once was.  Raises HypervNetError where they are damaged."""
    path = f"{store}/{BACKUPS}/{sha256}"
    found = below.read(root, path)
    if found is None or found.state.sha256 != sha256:
        what = "is damaged" if found else "is missing"
        raise HypervNetError(
            f"the backup {what}",
            where=Place(str(root.path / path)),
            hint=f"put that file right by hand; {OPTION} goes on without the record",
        )
    return found.data


def set_aside(root: Root, system: System, record: str) -> str | None:
    """Give a store another name, whoever's it is; the name, or None where there is no store.

    It keeps all that is in it, and the files that it speaks of stay as they are.
    """
    store = below.real_path(root, f"{RECORDS[system]}/{record}")
    folder, _, name = store.rpartition("/")
    there = below.names(root, folder)
    if name not in there:
        return None
    number = 1
    while f"{name}.{_ASIDE}-{number}" in there:
        number += 1
    aside = f"{folder}/{name}.{_ASIDE}-{number}"
    below.rename(root, store, aside)
    return aside
