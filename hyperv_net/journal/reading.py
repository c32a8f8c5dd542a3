"""A history from a file that somebody was given: what `history` printed, or a journal itself."""

from __future__ import annotations

import json

from hyperv_net.errors import of_file
from hyperv_net.journal.document import SCHEMA
from hyperv_net.journal.lines import checked, told
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.journal.entry import Entry

_HINT = "give what 'history --format json' printed, or history/entries.jsonl of the machine"


def entries_of(text: str, source: str) -> tuple[Entry, ...]:
    """The entries that a file tells; a line of a journal that is damaged is passed over.

    Raises HypervNetError where it is no history at all; `source` names it.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict) and "schema" in document:
        entries = document.get("entries")
        if document["schema"] != SCHEMA or not isinstance(entries, list):
            raise of_file(source, f"not {SCHEMA}", _HINT)
        try:
            return tuple(map(checked, entries))
        except ValueError as error:
            raise of_file(source, f"an entry is none of a journal ({error})", _HINT) from None
    found = told(text.split("\n"))
    if found.damaged and not found.entries:
        raise of_file(source, "not a history", _HINT)
    return found.entries
