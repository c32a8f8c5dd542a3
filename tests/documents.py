"""Every JSON document of this program that a test has it print is held against its schema.

The schemas are taken at their word: a key that is not in them is a fault here, though a
reader of theirs is to pass over it.
"""

from __future__ import annotations

import functools
import json
from typing import Any, Callable, TextIO

import jsonschema

from hyperv_net import terminal
from hyperv_net.review.documents import DOCUMENTS, described

#: Files that nobody but this program reads, and that `render` shows as it does any file.
OWN = frozenset(
    f"hyperv-net/{name}"
    for name in (
        *("applied/1", "applied/2", "journal/1", "journal/2", "pending/1"),
        *("wanted/1", "last/1", "noticed/1", "drained/1", "announced/1"),
    )
)

#: Documents that are lines of a file, and do not name their schema.
LINES = ("hyperv-net/record/1", "hyperv-net/row/1")

_BEGINNING = '{\n  "schema": "hyperv-net/'

#: What was printed and does not fit, since somebody asked.
_faults: list[str] = []


def watch() -> Callable[[], None]:
    """Have an eye on all that is printed, and written in place of it; the result ends that."""
    put, write_file = terminal._put, terminal.write_file

    def watched_put(stream: TextIO | None, text: str) -> None:
        _look(text)
        put(stream, text)

    def watched_file(path: str, text: str) -> None:
        _look(text)
        write_file(path, text)

    terminal._put, terminal.write_file = watched_put, watched_file

    def end() -> None:
        terminal._put, terminal.write_file = put, write_file

    return end


def take() -> list[str]:
    """The faults since the last time."""
    found = [*_faults]
    _faults.clear()
    return found


def _look(text: str) -> None:
    if text.startswith(_BEGINNING):
        document = json.loads(text)
        if document["schema"] not in OWN:
            _faults.extend(faults(document))


def faults(document: dict[str, Any], name: str | None = None) -> list[str]:
    """What does not fit its schema in a document, one sentence each."""
    name = name or document["schema"]
    if name not in {one.name for one in DOCUMENTS}:
        return [f"{name}: nothing describes it"]
    return [
        f"{name}: {error.json_path}: {error.message[:200]}"
        for error in _validator(name).iter_errors(document)
    ]


@functools.cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = described(name).schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(_at_its_word(schema))


def _at_its_word(schema: Any) -> Any:
    """The schema, in which no object has keys that it does not name."""
    if isinstance(schema, list):
        return [_at_its_word(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _at_its_word(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if "required" in schema else closed
