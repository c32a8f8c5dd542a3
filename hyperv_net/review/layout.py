"""What texts for people have in common: tables, what stands below a heading, findings."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.hidden import Hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hyperv_net.facts import Finding
    from hyperv_net.model import Entry


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, their columns below each other."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows)
    return [line.rstrip() for line in padded]


def indent(lines: Iterable[str]) -> list[str]:
    """The lines as they stand below a heading."""
    return [f"  {line}" for line in lines]


def count(number: int, noun: str) -> str:
    """So many of something, in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def revealed(entry: Entry) -> Entry:
    """The entry as it is, for its owner."""
    value, result = (
        one.revealed if isinstance(one, Hidden) else one for one in (entry.value, entry.result)
    )
    return entry._replace(value=value, result=result)


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
