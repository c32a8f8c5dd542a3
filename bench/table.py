"""How figures are shown: a row is text by column, a table the rows of one title."""

from __future__ import annotations

Row = dict[str, str]

_WORDS = {"process", "aim"}


def aim(text: str, met: bool) -> str:
    """What was wanted, and whether it is so."""
    return f"{text}: {'met' if met else 'MISSED'}"


def print_table(rows: list[Row]) -> None:
    """An aligned table: words to the left, figures to the right."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        cells = (
            cell.ljust(width) if name in _WORDS else cell.rjust(width)
            for name, cell, width in zip(rows[0], line, widths)
        )
        print("  " + "  ".join(cells).rstrip(), flush=True)
