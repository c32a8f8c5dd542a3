"""Reviews as one comment of a pull request, or the summary of a step.

A comment of GitHub has at most 65,536 characters.  What is too much is left out as whole parts
that are folded, from the end, and the comment says what; verdict and pairs come first, and the
verdict is always there.  The first line is a mark that nobody sees, by which whoever posts the
comment finds the one of last time.
"""

from __future__ import annotations

import hashlib
import re

from hyperv_net.facts import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.machines import machine_names, pair_name
from hyperv_net.review.formats.markdown_text import code, details, fenced, prose, table
from hyperv_net.review.formats.mermaid import flowchart
from hyperv_net.review.formats.results import all_findings
from hyperv_net.review.layout import count
from hyperv_net.review.pairs import becomes
from hyperv_net.review.since import findings_since
from hyperv_net.review.verdict import LEVELS
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hyperv_net.review.model import ChangedFile, Comparison, File, Finding, Review

#: Characters of the whole, and of each of its tables; the rest is for what was left out.
MOST = 64_900
_TABLE = 16_000
_LEFT_OUT = 1_500
_REASONS = 10

_SIGNS = {"fine": "✅", "look": "👀", "settings": "⚠", "network": "⛔"}
_PURPOSES = {
    "configuration": "",
    "machine": ", for the running machine",
    "cloud-init": ", of which cloud-init's own renderer writes the network",
}
_ACTIONS = ("dropped", "rewritten", "moved", "kept")


def draw_all(reviews: Sequence[Review]) -> str:
    """The comment about all machines, the worst first."""
    named = sorted(zip(machine_names(reviews), reviews), key=lambda one: -_rank(one[1]))
    text = "\n\n".join((mark(reviews[0].report), *_head(named)))
    left_out = []
    for name, part in _parts(named):
        if len(text) + len(part) + 2 <= MOST - _LEFT_OUT:
            text += f"\n\n{part}"
        else:
            left_out.append(name)
    if left_out:
        shown = [prose(name) for name in left_out[:5]]
        more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
        text += f"\n\nLeft out, since it would be too long here: {', '.join(shown)}{more}."
    return f"{text}\n"


def mark(report: str) -> str:
    """The comment in HTML that tells this comment from those of other reports.

    It is made of no machine, so that the comment is the same one when machines come and go.
    """
    if not report:
        return "<!-- hyperv-net review -->"
    digest = hashlib.sha256(report.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    readable = re.sub(r"[^A-Za-z0-9./]+", "-", report)[:80].strip("-")
    return f"<!-- hyperv-net review: {readable} {digest} -->"


def _rank(review: Review) -> int:
    return LEVELS.index(review.verdict.level)


def _head(named: Sequence[tuple[str, Review]]) -> Iterator[str]:
    """The verdict with its reasons, and the pairs."""
    _, worst = named[0]
    of_several = f" ({count(len(named), 'machine')})" if len(named) > 1 else ""
    called = f"{prose(worst.report)}: " if worst.report else ""
    yield f"### {_SIGNS[worst.verdict.level]} {called}{prose(worst.verdict.sentence)}{of_several}"
    reasons = [
        f"{code(name)}: {prose(reason)}" if len(named) > 1 else prose(reason)
        for name, review in named
        if review.verdict.level == worst.verdict.level
        for reason in review.verdict.reasons
    ]
    if reasons:
        more = [f"and {len(reasons) - _REASONS} more"] if len(reasons) > _REASONS else []
        yield "\n".join(f"- {one}" for one in (*reasons[:_REASONS], *more))
    text, hidden = _table(named, ("verdict", "pair", "MAC", "mode", "because"), _pair_rows(named))
    yield f"{text}\n\nand {hidden} more." if hidden else text


def _pair_rows(named: Sequence[tuple[str, Review]]) -> Iterator[tuple[str, ...]]:
    for name, review in named:
        verdict = f"{_SIGNS[review.verdict.level]} {review.verdict.level}"
        for one in review.pairs:
            mode = f"{one.mode} {code(one.aggregate)}" if one.aggregate else becomes(one)
            because = prose(one.reason)
            yield code(name), verdict, code(pair_name(one)), code(one.mac), mode, because
        if not review.pairs:
            yield code(name), verdict, "no pair", "", "", ""


def _parts(named: Sequence[tuple[str, Review]]) -> Iterator[tuple[str, str]]:
    """What may be left out, each with what it is called then; the most important first."""
    found = [(name, review, one) for name, review in named for one in all_findings(review)]
    found.sort(key=lambda one: (one[2].allowed, Severity.rank_of(one[2].severity)))
    if found:
        header = ("severity", "where", "what", "what to do", "rule")
        text, hidden = _table(named, header, map(_finding_row, found))
        more = f"\n\nand {hidden} more." if hidden else ""
        yield (
            "the findings",
            details(count(len(found), "finding"), f"{text}{more}", is_open=True),
        )
    for name, review in named:
        of = f" of {name}" if len(named) > 1 else ""
        if review.against is not None:
            yield f"what changes{of}", _comparison(review.against, of)
    for name, review in named:
        of = f" of {name}" if len(named) > 1 else ""
        chart = flowchart(review)
        if chart is not None:
            yield f"the devices{of}", details(f"Devices{of}", fenced(chart, "mermaid"))
        if review.ledger:
            yield f"the settings{of}", _settings(review, of)
    for name, review in named:
        of = f" of {name}" if len(named) > 1 else ""
        files: Sequence[File | ChangedFile] = (
            review.files if review.against is None else review.against.files
        )
        for file in files:
            if file.diff:
                yield f"{file.path}{of}", _diff(file, of)
    yield "how to make it again", _again(named[0][1])


def _table(
    named: Sequence[tuple[str, Review]], header: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[str, int]:
    """A table whose first column, the machine, is there where there are several."""
    first = 0 if len(named) > 1 else 1
    return table(("machine", *header)[first:], (row[first:] for row in rows), _TABLE)


def _finding_row(found: tuple[str, Review, Finding]) -> tuple[str, ...]:
    name, review, one = found
    severity = f"{one.severity}, allowed" if one.allowed else one.severity
    # The machine's own config goes without its name: `4:7: ethernets.eth0`.
    where = one.where.removeprefix(f"{review.network_config}:").strip()
    return (
        code(name),
        severity,
        code(where) if where else "",
        prose(one.message),
        prose(one.hint),
        code(one.rule),
    )


def _settings(review: Review, of: str) -> str:
    entries = sorted(review.ledger, key=lambda one: _ACTIONS.index(one.action))
    rows = (
        (
            one.action,
            code(one.source),
            code(as_written(one.value)),
            prose(one.reason) if one.action == "dropped" else " ".join(map(code, one.to)),
            " ".join(code(as_written(value)) for value in one.results or (one.result,))
            if one.results or one.result != one.value
            else "",
        )
        for one in entries
    )
    header = ("", "setting", "value", "goes to", "as")
    text, hidden = table(header, rows, _TABLE)
    more = f"\n\nand {hidden} more." if hidden else ""
    numbers = ", ".join(f"{n} {word}" for word, n in review.counts.settings.items() if n)
    return details(f"Settings{of}: {numbers}", f"{text}{more}")


def _comparison(against: Comparison, of: str) -> str:
    lines = [f"- {prose(one)}" for one in against.pairs]
    rows = [
        (
            code(one.key),
            code(as_written(one.before)) if one.before is not None else "",
            code(as_written(one.after)) if one.after is not None else "",
        )
        for one in against.settings
    ]
    text, hidden = table(("setting", "before", "after"), rows, _TABLE)
    more = f"\n\nand {hidden} more." if hidden else ""
    nothing = "Nothing changes on the machine." if not (rows or lines or against.files) else ""
    found = (_since(title, findings) for title, findings in findings_since(against))
    parts = ("\n".join(lines), f"{text}{more}" if rows else nothing, *found)
    inside = "\n\n".join(filter(None, parts))
    return details(
        f"What changes{of} against {against.base} (there: {against.verdict.level})",
        inside or "Files alone change.",
        is_open=True,
    )


def _since(title: str, findings: Sequence[Finding]) -> str:
    rows = (
        (one.severity, code(one.where) if one.where else "", prose(one.message), code(one.rule))
        for one in findings
    )
    text, hidden = table((title, "where", "what", "rule"), rows, _TABLE // 2)
    return f"{text}\n\nand {hidden} more." if hidden else text


def _diff(file: File | ChangedFile, of: str) -> str:
    kind = _PURPOSES[file.purpose]
    return details(f"{file.path}{of}{kind}", fenced(file.diff, "diff"))


def _again(review: Review) -> str:
    return details("How to make it again", fenced(review.reproduce or "hyperv-net review", "sh"))
