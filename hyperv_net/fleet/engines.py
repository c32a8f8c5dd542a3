"""What an engine calls: lines of records in, a part of the summary out, as an object or as text.

A part as text is for engines that hand on columns of plain values; examples/fleet/ has three.
Lines are bytes, or texts in which bytes that are no UTF-8 are kept (`surrogateescape`): an engine
that puts something else in their place comes to another name for such a line.

`target` and `settings` are for machines whose records do not say them, as `--target` and the
options for settings are.
"""

from __future__ import annotations

import json

from hyperv_net.fleet.alike import NO_SETTINGS, review_lines
from hyperv_net.fleet.merging import from_json
from hyperv_net.fleet.summary import document, summary_of
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hyperv_net.fleet.summary import Summary


def summary_of_lines(
    lines: Iterable[str | bytes],
    target: str | None = None,
    settings: Mapping[str, Any] = NO_SETTINGS,
) -> Summary:
    """The summary of some records."""
    return summary_of(review_lines(lines, target, settings))


def part_of_lines(
    lines: Iterable[str | bytes],
    target: str | None = None,
    settings: Mapping[str, Any] = NO_SETTINGS,
) -> str:
    """The same as text."""
    return json.dumps(document(summary_of_lines(lines, target, settings)))


def from_part(text: str) -> Summary:
    """The summary that `part_of_lines` made a text of."""
    return from_json(text, "part")
