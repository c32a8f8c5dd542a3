"""The line of a file that an error is about, with carets below the place, for a terminal."""

from __future__ import annotations

import unicodedata

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.masking import masked

if TYPE_CHECKING:
    from hyperv_net.places import Place

_MARK = "\ufeff"

#: Columns of a terminal that a line may take; one that is longer begins later.
WIDEST = 100
_CUT = "..."


def excerpt(text: str, place: Place, widest: int = WIDEST) -> tuple[str, str] | None:
    """The line of `text` at a place, and carets below what is meant of it; None without a line.

    What is secret is hidden, and what a terminal would obey or not show is a `?`.  Neither takes
    more than `widest` columns.
    """
    number = place.line - 1
    lines = text.removeprefix(_MARK).split("\n")
    if not 0 <= number < len(lines):
        return None
    plain = lines[number].rstrip("\r")
    shown = masked(text).removeprefix(_MARK).split("\n")[number].rstrip("\r")
    first = min(max(place.column - 1, 0), len(plain))
    last = place.end_column - 1 if place.end_line == place.line else len(plain.rstrip())
    last = max(first, min(last, len(plain)))
    if plain != shown:
        # What stands behind a secret has moved with its end.
        moved = len(shown) - len(plain)
        first += moved if plain[:first] != shown[:first] else 0
        last += moved if plain[:last] != shown[:last] else 0
    while first < last and shown[first] in " \t":
        first += 1
    before, marked = _drawn(shown[:first]), _drawn(shown[first:last])
    line = before + _drawn(shown[first:]).rstrip()
    cut = max(0, len(before) + min(len(marked), widest // 2) - widest)
    if cut:
        line, before = _CUT + line[cut + len(_CUT) :], before[cut:]
    carets = "^" * max(1, min(_width(marked), widest - _width(before)))
    return line[:widest].rstrip(), " " * _width(before) + carets


def _drawn(text: str) -> str:
    return "".join(one if one.isprintable() else " " if one == "\t" else "?" for one in text)


def _width(text: str) -> int:
    """Columns: two for what is wide in East Asia, none for a mark over the one before."""
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )
