"""A summary and rows as people and spreadsheets read them."""

from __future__ import annotations

import json

from hyperv_net.facts import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import PLAIN_LOOK, count, indent, table
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.fleet.model import Row
    from hyperv_net.fleet.summary import Group, Summary
    from hyperv_net.review.layout import Look

#: So many groups stand in a text; the others are in groups.csv.
_MOST_SHOWN = 40
#: What stands below a heading, and what does not fit into a line, begins there.
_HANG = 2
_HEADS = ("SIZE", "VERDICT", "TARGET", "PAIRS", "FILES", "FINDINGS", "EXAMPLE")
_ACTIONS = ("kept", "moved", "rewritten", "dropped")
_STATES = ("create", "change", "same")
#: A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

#: So many shapes' lines are kept.
_MOST_KEPT = 4096
#: What is not the same for rows of one shape with the same aggregates.
_OF_ONE = frozenset({"id", "exact", "errors"})

MACHINE_COLUMNS = (
    *("id", "system", "target", "verdict", "pairs", "modes", "aggregates"),
    *_ACTIONS,
    *_STATES,
    *(f"{one.value}s" for one in Severity),
    *("rules", "shape", "exact", "error"),
)


def csv_line(cells: Iterable[object]) -> str:
    """A line of CSV in which no cell is a formula.

    It ends as all lines of this program do (RFC 4180 has CR LF): a CR would be shown as an escape.
    """
    return ",".join(_cell(str(one)) for one in cells) + "\n"


def _cell(text: str) -> str:
    text = f"'{text}" if text.startswith(_FORMULA) else text
    if any(one in text for one in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


class MachineLines:
    """A line a machine, as JSON and as CSV; what rows of one shape have in common is made once."""

    def __init__(self) -> None:
        self._common: dict[tuple[object, ...], tuple[str, str]] = {}

    def of(self, row: Row) -> tuple[str, str]:
        """The lines of a row in machines.jsonl and in machines.csv."""
        # Of what a shape does not tell these alone are in the middle.
        key = row.shape, row.aggregates
        common = self._common.get(key)
        if common is None:
            if len(self._common) >= _MOST_KEPT:
                self._common.clear()
            common = self._common[key] = _middle_of_json(row), _middle_of_csv(row)
        of_json, of_csv = common
        machine, exact, errors = json.dumps(row.id), json.dumps(row.exact), json.dumps(row.errors)
        return (
            f'{{"id": {machine}, {of_json}, "exact": {exact}, "errors": {errors}}}\n',
            visible(f"{_cell(row.id)},{of_csv},{row.exact},{_cell(row.error)}\n"),
        )


def _middle_of_json(row: Row) -> str:
    middle = {key: one for key, one in row.document().items() if key not in _OF_ONE}
    return json.dumps(middle)[1:-1]


def _middle_of_csv(row: Row) -> str:
    cells = (
        *(row.system or "", row.target or "", row.level, row.pairs),
        *(_words(row.modes), " ".join(row.aggregates)),
        *(row.settings.get(one, 0) for one in _ACTIONS),
        *(row.files.get(one, 0) for one in _STATES),
        *(row.severities.get(one.value, 0) for one in Severity),
        *(" ".join(dict.fromkeys(one.rule for one in row.found)), row.shape),
    )
    return ",".join(_cell(str(one)) for one in cells)


def groups_csv(summary: Summary) -> str:
    """The groups, outliers first."""
    columns = ("machines", "verdict", "system", "target", "modes", "changes", "rules", "example")
    lines = [csv_line((*columns, "shape", "error"))]
    for one in summary.smallest_first:
        row = one.example
        cells = (one.machines, row.level, row.system or "", row.target or "", _words(row.modes))
        further = (_changes(row), _rules(one), row.id, row.shape, row.error)
        lines.append(csv_line((*cells, *further)))
    return "".join(lines)


def findings_csv(summary: Summary) -> str:
    """Findings by rule and group: where in the plan they are, and of how many machines."""
    lines = [csv_line(("rule", "severity", "machines", "shape", "where", "example"))]
    rows = sorted(
        (found.rule, found.severity, one.machines, one.example.shape, found.where, one.example.id)
        for one in summary.groups.values()
        for found in one.example.found
    )
    return "".join((*lines, *map(csv_line, rows)))


def summary_text(summary: Summary, look: Look = PLAIN_LOOK) -> str:
    """The groups with their sizes, outliers first, and what it comes to."""
    return "\n".join(_lines(summary, look)) + "\n"


def _lines(summary: Summary, look: Look) -> Iterator[str]:
    groups = summary.smallest_first
    if groups:
        shown = groups[:_MOST_SHOWN]
        digits = max(len(_HEADS[0]), len(str(shown[-1].machines)))
        rows = [_HEADS, *(_group(one, digits) for one in shown)]
        yield from table(rows, look)
        if len(groups) > _MOST_SHOWN:
            further = count(len(groups) - _MOST_SHOWN, "larger group")
            yield from look.fitted(f"and {further}: groups.csv", _HANG)
        if summary.in_further_groups:
            machines = count(summary.in_further_groups, "machine")
            told = f"and {machines} in groups that are not counted apart: machines.csv has them"
            yield from look.fitted(told, _HANG)
        yield ""
    wrong = [(one.example.id, _why(one.example)) for one in groups if one.example.errors]
    if wrong:
        yield "Why nothing could be planned, for example"
        yield from indent(table(wrong[:_MOST_SHOWN], look, _HANG))
        yield ""
    if summary.rules:
        yield "Findings"
        found = (
            (severity, rule, count(one.machines, "machine"))
            for (rule, severity), one in sorted(
                summary.rules.items(), key=lambda item: (Severity.rank_of(item[0][1]), item[0])
            )
        )
        yield from indent(table(list(found), look, _HANG))
        yield ""
    yield from look.fitted(closing_line(summary), _HANG)


def closing_line(summary: Summary) -> str:
    """The counts in one line."""
    levels = ", ".join(
        f"{summary.levels[one]} {one}"
        for one in ("network", "settings", "look", "fine")
        if summary.levels.get(one)
    )
    parts = [count(summary.machines, "machine"), count(len(summary.groups), "group")]
    parts += [levels] if levels else []
    parts += [f"{summary.errors} that nothing could be planned for"] if summary.errors else []
    parts += [f"{count(summary.changing, 'machine')} with files to change"]
    return "; ".join(parts)


def _group(one: Group, digits: int) -> tuple[str, ...]:
    row = one.example
    modes = _words(row.modes) or "none"
    files = "-" if row.errors else _changes(row) or "same"
    found = _rules(one) or "none"
    return (
        str(one.machines).rjust(digits),
        row.level,
        row.target or "-",
        modes,
        files,
        found,
        row.id,
    )


def _why(row: Row) -> str:
    """The first error, and how many more there are."""
    more = row.severities.get(Severity.ERROR.value, 1) - 1
    return f"{row.errors[0]} (and {more} more)" if more else row.errors[0]


def _changes(row: Row) -> str:
    return _words({one: row.files[one] for one in _STATES[:2] if row.files.get(one)})


def _rules(one: Group) -> str:
    counted = (found.rule for found in one.example.found if found.severity != Severity.NOTE.value)
    return " ".join(dict.fromkeys(counted))


def _words(counts: Mapping[str, int]) -> str:
    return " ".join(f"{number} {word}" for word, number in sorted(counts.items()))
