"""Records of what was written below a root, and the wanted state: refused, or read as written."""

from __future__ import annotations

from hyperv_net.applying.manifest import (
    journal_from_json,
    journal_json,
    manifest_from_json,
    manifest_json,
)
from hyperv_net.hotplug.wanted import from_json
from hyperv_net.names import is_interface_name
from tests.fuzz.inputs import choice, refused_in_one_line, texts


def once(data: bytes) -> None:
    parts = texts(data, 1)
    if parts is None:
        return
    read, text = choice(parts[0], (_manifest, _journal, _wanted))
    with refused_in_one_line():
        read(text)


def _manifest(text: str) -> None:
    manifest = manifest_from_json(text, "manifest.json")
    assert {*manifest_from_json(manifest_json(manifest), "again").entries} == {*manifest.entries}
    for entry in manifest.entries:
        _is_below(entry.path)


def _journal(text: str) -> None:
    journal = journal_from_json(text, "journal.json")
    assert journal_from_json(journal_json(journal), "again") == journal
    for step in journal.steps:
        _is_below(step.path)


def _is_below(path: str) -> None:
    assert not path.startswith("/") and ".." not in path.split("/"), path


def _wanted(text: str) -> None:
    for pair in from_json(text, "wanted.json").pairs:
        assert not pair.synthetic or is_interface_name(pair.synthetic)
        assert not pair.aggregate or is_interface_name(pair.aggregate)
