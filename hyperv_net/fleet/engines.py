"""What an engine calls: lines of records in, a part of the summary out, as an object or as text.

A part as text is for engines that hand on columns of plain values; examples/fleet/ has three.
"""

from __future__ import annotations

import json

from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.alike import Reviewer
from hyperv_net.fleet.reading import record_of_line
from hyperv_net.fleet.rows import row_of_error
from hyperv_net.fleet.summary import document, from_document, summary_of
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hyperv_net.fleet.model import Row
    from hyperv_net.fleet.summary import Summary


def rows_of_lines(lines: Iterable[str]) -> Iterator[Row]:
    """The row of each record, in order; a line that is none has one too."""
    reviewer = Reviewer()
    for line in lines:
        if line.strip():
            try:
                yield reviewer.review(record_of_line(line, "record"))
            except HypervNetError as error:
                yield row_of_error("record", str(error))


def summary_of_lines(lines: Iterable[str]) -> Summary:
    """The summary of some records."""
    return summary_of(rows_of_lines(lines))


def part_of_lines(lines: Iterable[str]) -> str:
    """The same as text."""
    return json.dumps(document(summary_of_lines(lines)))


def from_part(text: str) -> Summary:
    """The summary that `part_of_lines` made a text of."""
    return from_document(json.loads(text), "part")
