"""The manifest and the journal as text: what is written is what is read, all else is refused."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.applying.manifest import (
    Entry,
    FileState,
    Journal,
    Manifest,
    Step,
    journal_from_json,
    journal_json,
    manifest_from_json,
    manifest_json,
)
from hyperv_net.errors import HypervNetError

SHA = "0123456789abcdef" * 4

hashes = st.sampled_from([SHA, SHA[::-1]])
numbers = st.integers(0, 2**32 - 1)
states = st.builds(FileState, hashes, st.integers(0, 0o1777), numbers, numbers)
names = st.text(min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..") and not {"/", "\0"} & set(name)
)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
entries = st.builds(
    Entry, paths, st.none() | states, st.none() | hashes, st.booleans(), st.booleans()
)
manifests = st.builds(
    Manifest,
    st.lists(entries, max_size=4, unique_by=lambda entry: entry.path).map(
        lambda found: tuple(sorted(found, key=lambda entry: entry.path))
    ),
    st.lists(paths, max_size=3).map(tuple),
    numbers,
)
steps = st.builds(Step, paths, st.none() | states, st.none() | hashes)
journals = st.builds(
    Journal,
    st.lists(steps, max_size=4, unique_by=lambda step: step.path).map(tuple),
    st.lists(paths, max_size=3).map(tuple),
    hashes,
)


@given(manifests)
def test_a_manifest_that_is_written_is_read_the_same(manifest: Manifest) -> None:
    assert manifest_from_json(manifest_json(manifest), "m") == manifest


@given(journals)
def test_a_journal_that_is_written_is_read_the_same(journal: Journal) -> None:
    assert journal_from_json(journal_json(journal), "j") == journal


def document() -> dict[str, Any]:
    """A manifest without the hash of itself."""
    entry = Entry("etc/rc.conf", FileState(SHA, 0o644, 0, 0), SHA)
    document: dict[str, Any] = json.loads(manifest_json(Manifest((entry,), ("var",), 1)))
    del document["sha256_of_the_rest"]
    return document


def hashed(document: dict[str, Any]) -> str:
    """The text of a document with a hash that is right."""
    text = json.dumps(document, indent=2) + "\n"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps({**document, "sha256_of_the_rest": sha256}, indent=2) + "\n"


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("schema",), "hyperv-net/applied/3", "schema: not hyperv-net/applied/2"),
        (("generation",), True, "generation: not a number of changes"),
        (("files",), {}, "files: not a list"),
        (("files", 0, "path"), "../etc/passwd", "files[0].path: not a path below the root"),
        (("files", 0, "path"), "/etc/rc.conf", "files[0].path: not a path below the root"),
        (("files", 0, "path"), "etc//rc.conf", "files[0].path: not a path below the root"),
        (("files", 0, "path"), "", "files[0].path: not a path below the root"),
        (("files", 0, "path"), "a\0b", "files[0].path: not a path below the root"),
        (("files", 0, "written"), "../x", "files[0].written: not a SHA-256"),
        (("files", 0, "before", "sha256"), SHA + "\n", "before.sha256: not a SHA-256"),
        (("files", 0, "before", "mode"), "rw-", "before.mode: not a mode"),
        (("files", 0, "before", "mode"), "4755", "before.mode: a set-id mode"),
        (("files", 0, "before", "mode"), "2644", "before.mode: a set-id mode"),
        (("files", 0, "before", "uid"), -1, "before.uid: not the number of a user"),
        (("files", 0, "in_place"), 1, "in_place: neither true nor false"),
        (("files", 0, "more"), 1, "files[0].more: unknown key"),
        (("files", 0, "edited"), None, "files[0]: has no 'edited'"),
        (("directories", 0), "..", "directories[0]: not a path below the root"),
    ],
)
def test_a_manifest_that_is_not_as_we_write_it_is_refused_with_its_place(
    place: tuple[Any, ...], value: object, says: str
) -> None:
    """Its paths are written to and its hashes are names of files."""
    changed = document()
    inside: Any = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    with pytest.raises(HypervNetError) as raised:
        manifest_from_json(hashed(changed), "m.json")
    assert str(raised.value).startswith("m.json: ")
    assert says in str(raised.value)


def test_a_path_that_stands_there_twice_is_refused() -> None:
    twice = document()
    twice["files"] *= 2
    with pytest.raises(HypervNetError, match="files: one path stands there twice"):
        manifest_from_json(hashed(twice), "m")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1, "schema": 2}', "\ufffd"])
def test_what_is_no_json_of_ours_is_refused(text: str) -> None:
    for read in (manifest_from_json, journal_from_json):
        with pytest.raises(HypervNetError, match=r"^m(:1:\d)?: "):
            read(text, "m")
