"""How what goes to standard output is shown: as wide as its terminal, or as it is for a pipe."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.review.layout import Look


def look_of_terminal(*, shows_all: bool = False) -> Look:
    """How what goes to standard output is shown."""
    width = terminal.width()
    return Look(
        width=width,
        folds=width is not None and not shows_all,
        coloured=terminal.has_colours(),
        ellipsis="…" if terminal.has_letter("…") else "...",
    )
