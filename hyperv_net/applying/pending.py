"""An apply that waits to be confirmed: what is to be put back unless it is, as a record.

The record is a folder beside those of what was written.  It holds all that a way back
needs, so that it leads to where this apply started from, which an earlier one may have
written: the bytes of every file before and after, and the manifest as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hyperv_net.applying import below
from hyperv_net.applying.manifest import (
    RECORDS,
    paths_from,
    record_fields,
    record_text,
    sha256_from,
    step_documents,
    steps_from,
)
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.applying.below import Root
    from hyperv_net.applying.manifest import Step
    from hyperv_net.model import System

SCHEMA = "hyperv-net/pending/1"
LONGEST = 24 * 60 * 60
"""Seconds that may be left to confirm in."""

_RECORD = "pending.json"
_CONTENTS = "contents"
_TOKEN = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class Pending:
    """One such apply.

    `token` tells it from others, `seconds` is how long it waits.  `steps` are the files that
    it changes, `manifest` is the hash of the manifest as it was (None: there was none).
    `starters` are the files that have a boot take it back, and `directories` the folders
    that were made for it, parents first; all paths are below the root.
    """

    token: str
    seconds: int
    steps: tuple[Step, ...]
    manifest: str | None
    starters: tuple[str, ...]
    directories: tuple[str, ...]


def store_of(root: Root, system: System) -> str:
    """The record's folder, below the root."""
    return below.real_path(root, f"{RECORDS[system]}/unconfirmed")


def read(root: Root, system: System, *, is_over: bool = False) -> Pending | None:
    """The apply that waits; None where none does.

    Raises HypervNetError for a record that is damaged, or not believed (root/believing.py).
    One that `is_over` is one whose traces were being removed, or that was about to begin.
    """
    store = store_of(root, system)
    path = f"{below.staged_name(store) if is_over else store}/{_RECORD}"
    found = below.read(root, path)
    if found is None or not believing.check(root.path, path, root.descriptor):
        return None
    return _from_json(found.data.decode("utf-8", errors="replace"), str(root.path / path))


def contents(root: Root, system: System) -> dict[str, bytes]:
    """The bytes that the record holds, by their hash; damaged ones are left out."""
    folder = f"{store_of(root, system)}/{_CONTENTS}"
    found = {name: below.read(root, f"{folder}/{name}") for name in below.names(root, folder)}
    return {name: one.data for name, one in found.items() if one and one.state.sha256 == name}


def put(
    root: Root,
    system: System,
    pending: Pending,
    holds: Mapping[str, bytes],
    programs: Mapping[str, bytes],
) -> None:
    """Write the record, from one moment to the next; `programs` are further files in it."""
    store = store_of(root, system)
    top = below.missing_folders(root, store)[0]
    place = below.staged_name(top)
    below.remove_tree(root, place)
    inner = place + store[len(top) :]
    for folder in below.missing_folders(root, f"{inner}/{_CONTENTS}"):
        below.make_folder(root, folder, 0o700 if folder.startswith(inner) else 0o755)
    for sha256, data in holds.items():
        below.write(root, f"{inner}/{_CONTENTS}/{sha256}", data)
    for name, data in programs.items():
        below.write(root, f"{inner}/{name}", data)
    below.write(root, f"{inner}/{_RECORD}", _json(pending).encode())
    below.put(root, top)


def end(root: Root, system: System) -> None:
    """Have it wait no more, from one moment to the next; what was made for it is still known."""
    store = store_of(root, system)
    if below.is_folder(root, store):
        drop(root, system)
        below.put_away(root, store)


def drop(root: Root, system: System) -> None:
    """Remove the record of one that is over."""
    below.remove_tree(root, below.staged_name(store_of(root, system)))


def _json(pending: Pending) -> str:
    return record_text(
        {
            "schema": SCHEMA,
            "token": pending.token,
            "seconds": pending.seconds,
            "steps": step_documents(pending.steps),
            "manifest": pending.manifest,
            "starters": list(pending.starters),
            "directories": list(pending.directories),
        }
    )


def _from_json(text: str, source: str) -> Pending:
    required = {"token", "seconds", "steps", "starters", "directories"}
    fields = record_fields(text, source, SCHEMA, required, {"manifest"})
    seconds = fields["seconds"].plain
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= LONGEST:
        raise fields["seconds"].error("not a number of seconds")
    return Pending(
        token=fields["token"].checked(lambda text: text if _TOKEN.match(text) else None, "a token"),
        seconds=seconds,
        steps=steps_from(fields["steps"]),
        manifest=sha256_from(fields["manifest"]) if "manifest" in fields else None,
        starters=paths_from(fields["starters"]),
        directories=paths_from(fields["directories"]),
    )
