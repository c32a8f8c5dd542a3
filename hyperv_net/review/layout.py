"""What texts for people have in common: tables, what stands below a heading, findings."""

from __future__ import annotations

import re
from itertools import zip_longest

from hyperv_net.plan.ledger import with_values
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.secrets.hidden import Hidden
from hyperv_net.visible import BOLD, PLAIN, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hyperv_net.facts import Finding
    from hyperv_net.model import Entry
    from hyperv_net.tree import Scalar

_GAP = "  "
#: What is not broken; an arrow stays with what it points to.
_WORD = re.compile(r"\s*(?:-> )?\S+")
#: So narrow may a column become.
_NARROWEST = 4


class Look(NamedTuple):
    """How a text is shown: for a pipe as it is, for a terminal as wide as that.

    `width` is None where a line may have any length, `folds` leaves out what few look for, and
    `coloured` marks what a word says already.
    """

    width: int | None = None
    folds: bool = False
    coloured: bool = False
    ellipsis: str = "…"

    def paint(self, text: str, colour: str) -> str:
        """The text in a colour, where colours are wanted."""
        return f"{colour}{text}{PLAIN}" if self.coloured and colour else text

    def heading(self, text: str) -> str:
        """The text as a heading."""
        return self.paint(text, BOLD)

    def fitted(self, line: str, hang: int = 0) -> list[str]:
        """A line as lines that fit, broken at spaces; those behind the first begin at `hang`."""
        if self.width is None or len(line := visible(line)) <= self.width:
            return [line]
        lines = [""]
        for word in _WORD.findall(line):
            if not lines[-1].strip() or len(lines[-1]) + len(word) <= self.width:
                lines[-1] += word
            else:
                lines.append(" " * hang + word.lstrip())
        return [self.shortened(one.rstrip(), self.width) for one in lines]

    def shortened(self, text: str, width: int) -> str:
        """The text without its middle, where it is longer than `width`."""
        if len(text) <= width:
            return text
        left = max(width - len(self.ellipsis), 0)
        return f"{text[: (left + 1) // 2]}{self.ellipsis}{text[len(text) - left // 2 :]}"


#: As it is, for whoever reads on.
PLAIN_LOOK = Look()


def table(rows: Sequence[Sequence[str]], look: Look = PLAIN_LOOK, taken: int = 0) -> list[str]:
    """The rows as lines, their columns below each other; `taken` is what stands before them.

    Where that is too wide, cells are broken at spaces, and words are cut in their middle.
    """
    if look.width is not None:
        rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    if look.width is not None:
        _narrow(widths, rows, look.width - taken - len(_GAP) * (len(widths) - 1))
    lines = []
    for row in rows:
        cells = [look._replace(width=width).fitted(cell) for cell, width in zip(row, widths)]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = (part.ljust(width) for part, width in zip(parts, widths))
            lines.append(_GAP.join(padded).rstrip())
    return lines


def _narrow(widths: list[int], rows: Sequence[Sequence[str]], room: int) -> None:
    """Make columns narrower until there is room, the widest first: at spaces while that does."""
    words = [
        max(len(word.strip()) for cell in column for word in _WORD.findall(cell) or [""])
        for column in zip(*rows)
    ]
    for least in (words, [_NARROWEST] * len(widths)):
        while sum(widths) > room:
            free = [at for at, width in enumerate(widths) if width > least[at]]
            if not free:
                break
            widths[max(free, key=lambda at: widths[at])] -= 1


def indent(lines: Iterable[str]) -> list[str]:
    """The lines as they stand below a heading."""
    return [f"  {line}" for line in lines]


def count(number: int, noun: str) -> str:
    """So many of something, in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def revealed(entry: Entry) -> Entry:
    """The entry as it is, for its owner."""
    return with_values(entry, _revealed)


def _revealed(value: Scalar) -> Scalar:
    return value.revealed if isinstance(value, Hidden) else value


def finding_lines(
    findings: Iterable[Finding], allowed: Collection[Finding] = frozenset()
) -> list[str]:
    """One line a finding: severity, whether it is among those allowed, place, what, hint."""
    return [
        f"{one.severity.value}{', allowed' if one in allowed else ''}: {without_severity(one)}"
        for one in findings
    ]


def without_severity(finding: Finding) -> str:
    """The rest of a finding's line, for those who say the severity in their own way."""
    where = f"{finding.where}: " if finding.where else ""
    hint = f" ({finding.hint})" if finding.hint else ""
    return " ".join(f"{where}{finding.message}{hint} [{finding.rule}]".split())
