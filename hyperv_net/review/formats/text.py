"""A review in a few lines: the verdict with its reasons, findings, and what changes."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count, indent, table
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hyperv_net.review.model import Comparison, Finding, Review


def draw_all(reviews: Sequence[Review]) -> str:
    """The reviews for a terminal, or the log of a pipeline, one behind the other."""
    return "\n".join("\n".join((*_lines(one), "")) for one in reviews)


def _lines(review: Review) -> Iterator[str]:
    verdict = review.verdict
    yield f"{review.network_config}: {verdict.sentence}"
    yield from indent(verdict.reasons)
    if review.pairs:
        yield ""
        rows = [("PAIR", "MAC", "MODE", "BECAUSE")]
        for one in review.pairs:
            names = " + ".join(name for name in (one.synthetic, one.vf) if name)
            mode = f"{one.mode} {one.aggregate}" if one.aggregate else one.mode
            rows.append((names, one.mac, mode, one.reason))
        yield from table(rows)
    if review.findings:
        yield ""
        yield "Findings"
        yield from indent(map(_finding, review.findings))
    if review.against is not None:
        yield ""
        yield from _comparison(review.against)
    yield ""
    yield _summary(review)


def _finding(one: Finding) -> str:
    where = f"{one.where}: " if one.where else ""
    hint = f" ({one.hint})" if one.hint else ""
    allowed = ", allowed" if one.allowed else ""
    return f"{one.severity}{allowed}: {where}{one.message}{hint} [{one.rule}]"


def _comparison(against: Comparison) -> Iterator[str]:
    yield f"Against {against.base} (there: {against.verdict.level})"
    if not (against.settings or against.pairs or against.files):
        yield "  nothing changes on the machine"
    yield from indent(against.pairs)
    rows = []
    for one in against.settings:
        sign = "+" if one.before is None else "-" if one.after is None else "~"
        values = [as_written(value) for value in (one.before, one.after) if value is not None]
        rows.append((f"{sign} {one.key}", " -> ".join(values)))
    yield from indent(table(rows) if rows else ())
    for file in against.files:
        yield ""
        yield from file.diff.splitlines()


def _summary(review: Review) -> str:
    counts = review.counts
    parts = [
        count(
            len([one for one in review.pairs if one.mode == "aggregate" and one.aggregate]),
            "aggregate",
        )
    ]
    settings = ", ".join(f"{number} {word}" for word, number in counts.settings.items() if number)
    parts += [f"settings: {settings}"] if settings else []
    findings = ", ".join(count(number, word) for word, number in counts.findings.items() if number)
    parts += [findings] if findings else []
    changed = counts.files["create"] + counts.files["change"]
    parts.append(f"{count(changed, 'file')} to change" if changed else "nothing to change")
    return "; ".join(parts)
