"""What goes to the terminal of what was planned, seen or done: its secrets are hidden ahead."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.document import as_plain
from hyperv_net.review.json_text import json_text
from hyperv_net.review.layout import finding_lines
from hyperv_net.review.presenting import without_secrets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import TypeVar

    from hyperv_net.model import Finding
    from hyperv_net.review.layout import Look

    _Told = TypeVar("_Told")


def shown(told: _Told) -> _Told:
    """The same, without what this run knows to be secret; to be drawn, and printed as it is."""
    return without_secrets(told, terminal.hidden, terminal.renamed)


def print_document(told: object) -> None:
    """Print a document of dataclasses, or of dicts and lists, as JSON."""
    terminal.write(json_text(as_plain(shown(told))), is_hidden=True)


def print_drawn(text: str, look: Look) -> None:
    """Print a text that was drawn of what is `shown`."""
    terminal.write(text, coloured=look.coloured, is_hidden=True)


def complain_of(
    findings: Iterable[Finding], allowed: Collection[Finding] = frozenset(), *, head: str = ""
) -> None:
    """Print a line for each finding on standard error, with `head` ahead of it."""
    for one in findings:
        hidden = shown(one)
        for line in finding_lines([hidden], {hidden} if one in allowed else ()):
            terminal.complain(f"{head}{line}", is_hidden=True)
