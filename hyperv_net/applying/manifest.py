"""What was written below a root, and what was there before: two JSON files, read and written.

The manifest is what holds now.  The journal says what a change that is under
way is about to do, so that the next run can undo it after a power cut.  Each has
the hash of all else in it, and is read only where it is byte for byte what was
written.  Files of the first schema, which had no hash, are read without.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.inventory.checked_json import parse
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from hyperv_net.inventory.checked_json import Value

MANIFEST_SCHEMA = "hyperv-net/applied/2"
JOURNAL_SCHEMA = "hyperv-net/journal/2"
_WITHOUT_HASH = {
    MANIFEST_SCHEMA: "hyperv-net/applied/1",
    JOURNAL_SCHEMA: "hyperv-net/journal/1",
}
_OWN_HASH = "sha256_of_the_rest"

#: The folders, below the root, of each system's records.  A record is a folder that holds
#: both files, and the bytes of files as they were, each named by its hash.
RECORDS = KEPT_IN

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_MODE = re.compile(r"[0-7]{4}\Z")
#: What makes a program run as its owner or group.
SET_ID = 0o6000
_NUMBER_LIMIT = 2**32


class FileState(NamedTuple):
    """A file as it is: the hash of its bytes, permission bits, owner and group.

    The bytes of a symbolic link are its target.
    """

    sha256: str
    mode: int
    uid: int
    gid: int
    is_link: bool = False


@dataclass(frozen=True)
class Entry:
    """One file that hyperv-net changed.  `path` is below the root, with all links resolved.

    `before` is the file as it was ahead of the first change, `written` the
    hash of what was written last; None means that there is no such file.
    `in_place` is true where the text is that of the file with some lines
    changed, and `edited` where somebody else's later edit is in it too.
    """

    path: str
    before: FileState | None
    written: str | None
    in_place: bool = False
    edited: bool = False


@dataclass(frozen=True)
class Manifest:
    """All files that hyperv-net changed, and the folders it made, parents first.

    `generation` counts the changes, so that no two manifests in a row are the same.
    """

    entries: tuple[Entry, ...] = ()
    directories: tuple[str, ...] = ()
    generation: int = 0


class Step(NamedTuple):
    """A file of a change under way: as it was, and the hash of what is to be there."""

    path: str
    before: FileState | None
    after: str | None


@dataclass(frozen=True)
class Journal:
    """A change under way.  It is done once the manifest has the hash `manifest`."""

    steps: tuple[Step, ...]
    directories: tuple[str, ...]
    manifest: str


def manifest_json(manifest: Manifest) -> str:
    """The text of the manifest; the same for the same entries."""
    entries = sorted(manifest.entries, key=lambda entry: entry.path)
    return record_text(
        {
            "schema": MANIFEST_SCHEMA,
            "generation": manifest.generation,
            "files": [
                {
                    "path": entry.path,
                    "before": _state_document(entry.before),
                    "written": entry.written,
                    "in_place": entry.in_place,
                    "edited": entry.edited,
                }
                for entry in entries
            ],
            "directories": list(manifest.directories),
        }
    )


def journal_json(journal: Journal) -> str:
    """The text of the journal."""
    return record_text(
        {
            "schema": JOURNAL_SCHEMA,
            "steps": step_documents(journal.steps),
            "directories": list(journal.directories),
            "manifest": journal.manifest,
        }
    )


def step_documents(steps: Sequence[Step]) -> list[dict[str, object]]:
    """The steps as a record has them."""
    return [
        {"path": step.path, "before": _state_document(step.before), "after": step.after}
        for step in steps
    ]


def record_text(document: Mapping[str, Any]) -> str:
    """A record as JSON, with the hash of all of it."""
    return _json({**document, _OWN_HASH: _hash_of(document)})


def _hash_of(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json(document).encode()).hexdigest()


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


def _state_document(state: FileState | None) -> dict[str, object] | None:
    if state is None:
        return None
    return {
        "sha256": state.sha256,
        "mode": f"{state.mode:04o}",
        "uid": state.uid,
        "gid": state.gid,
        "is_link": state.is_link,
    }


def manifest_from_json(text: str, source: str) -> Manifest:
    """The manifest in the file `source`.

    Raises HypervNetError where it is none: its paths are written to, so all
    of it is checked.
    """
    fields = record_fields(text, source, MANIFEST_SCHEMA, {"generation", "files", "directories"})
    entries = [_entry(value) for value in fields["files"].elements()]
    _check_once(fields["files"], [entry.path for entry in entries])
    generation = _number(fields["generation"], "a number of changes")
    return Manifest(tuple(entries), paths_from(fields["directories"]), generation)


def journal_from_json(text: str, source: str) -> Journal:
    """The journal in the file `source`; raises as `manifest_from_json` does."""
    fields = record_fields(text, source, JOURNAL_SCHEMA, {"steps", "directories", "manifest"})
    steps, paths = steps_from(fields["steps"]), paths_from(fields["directories"])
    return Journal(steps, paths, sha256_from(fields["manifest"]))


def steps_from(value: Value) -> tuple[Step, ...]:
    """What `step_documents` made; raises HypervNetError where it is nothing of that kind."""
    steps = [_step(element) for element in value.elements()]
    _check_once(value, [step.path for step in steps])
    return tuple(steps)


def record_fields(
    text: str, source: str, schema: str, required: set[str], optional: Collection[str] = ()
) -> dict[str, Value]:
    """The fields of a record of this schema that is as it was written, or of the one before it.

    Raises HypervNetError for any other.
    """
    value = parse(text, source)
    found = value.fields().get("schema")
    older = _WITHOUT_HASH.get(schema)
    if found is not None and older is not None and found.plain == older:
        return value.only({"schema", *required}, set())
    if found is not None and found.plain != schema:
        raise found.error(f"not {schema}", "use the version of hyperv-net that wrote it")
    fields = value.only({"schema", _OWN_HASH, *required}, set(optional))
    rest = {key: plain for key, plain in value.plain.items() if key != _OWN_HASH}
    if text != record_text(rest):
        raise HypervNetError("is damaged: this is not what hyperv-net wrote", where=Place(source))
    return fields


def _check_once(value: Value, paths: Sequence[str]) -> None:
    if len(set(paths)) < len(paths):
        raise value.error("one path stands there twice")


def _entry(value: Value) -> Entry:
    fields = value.only({"path", "in_place", "edited"}, {"before", "written"})
    return Entry(
        path=_path(fields["path"]),
        before=_state(fields["before"]) if "before" in fields else None,
        written=sha256_from(fields["written"]) if "written" in fields else None,
        in_place=fields["in_place"].boolean(),
        edited=fields["edited"].boolean(),
    )


def _step(value: Value) -> Step:
    fields = value.only({"path"}, {"before", "after"})
    return Step(
        path=_path(fields["path"]),
        before=_state(fields["before"]) if "before" in fields else None,
        after=sha256_from(fields["after"]) if "after" in fields else None,
    )


def _state(value: Value) -> FileState:
    fields = value.only({"sha256", "mode", "uid", "gid", "is_link"}, set())
    mode = fields["mode"].checked(
        lambda text: text if _MODE.match(text) else None, "a mode of four octal digits"
    )
    if int(mode, 8) & SET_ID:
        raise fields["mode"].error("a set-id mode, which none of our records has")
    owner = "the number of a user or group"
    uid, gid = (_number(fields[key], owner) for key in ("uid", "gid"))
    is_link = fields["is_link"].boolean()
    return FileState(sha256_from(fields["sha256"]), int(mode, 8), uid, gid, is_link)


def _number(value: Value, what: str) -> int:
    plain = value.plain
    if isinstance(plain, bool) or not isinstance(plain, int) or not 0 <= plain < _NUMBER_LIMIT:
        raise value.error(f"not {what}")
    return plain


def sha256_from(value: Value) -> str:
    """A hash of bytes; raises HypervNetError where it is none."""
    return value.checked(lambda text: text if _SHA256.match(text) else None, "a SHA-256 in hex")


def paths_from(value: Value) -> tuple[str, ...]:
    """A list of paths below the root; raises HypervNetError where one leads out of it."""
    return tuple(_path(element) for element in value.elements())


def _path(value: Value) -> str:
    return value.checked(
        lambda text: text if _is_below(text) else None, "a path below the root without '..'"
    )


def _is_below(path: str) -> bool:
    return "\0" not in path and not {"", ".", ".."} & set(path.split("/"))
