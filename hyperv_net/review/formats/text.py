"""A review in a few lines: the verdict with its reasons, findings, and what changes."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import sections
from hyperv_net.review.layout import Look, count, indent, table
from hyperv_net.review.since import findings_since
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hyperv_net.review.model import Comparison, Review


#: As in the log of a pipeline.
_FOLDED = Look(folds=True)


def draw_all(reviews: Sequence[Review], look: Look = _FOLDED) -> str:
    """The reviews for a terminal, or the log of a pipeline, one behind the other."""
    return "\n".join("\n".join((*_lines(one, look), "")) for one in reviews)


def _lines(review: Review, look: Look) -> Iterator[str]:
    parts = [sections.verdict(review, look)]
    if review.target is not None:
        parts.append(sections.pairs(review.pairs, look))
        if _aggregates(review):
            parts.append(sections.settings(review, look))
    if review.findings:
        parts.append(sections.findings(review.findings, look, review.inputs))
    if review.differs:
        parts.append(sections.changes(review, look))
        diff = sections.diffs(review, look)
        if diff:
            parts[-1].extend(sections.painted(diff, look))
    if review.against is not None:
        parts.append([*_comparison(review.against, look)])
    for part in parts:
        yield from part
        yield ""
    yield from look.fitted(_summary(review), 2)


def _comparison(against: Comparison, look: Look) -> Iterator[str]:
    for line in look.fitted(f"Against {against.base} (there: {against.verdict.level})", 2):
        yield look.heading(line)
    if not (against.settings or against.pairs or against.files):
        yield "  nothing changes on the machine"
    for sentence in against.pairs:
        yield from look.fitted(f"  {sentence}", 4)
    rows = []
    for one in against.settings:
        sign = "+" if one.before is None else "-" if one.after is None else "~"
        values = [as_written(value) for value in (one.before, one.after) if value is not None]
        rows.append((f"{sign} {one.key}", " -> ".join(values)))
    yield from indent(table(rows, look, taken=2) if rows else ())
    for title, found in findings_since(against):
        yield f"  {title}"
        for line in sections.findings(found, look)[1:]:
            yield f"  {line}"
    for file in against.files:
        if look.folds and file.purpose == "machine":
            continue
        yield ""
        if file.purpose == "cloud-init":
            yield from look.fitted("  cloud-init's own renderer writes the network of this:", 4)
        yield from sections.painted(sections.fitted_diff(file.diff, look), look)


def _summary(review: Review) -> str:
    counts = review.counts
    parts = [count(_aggregates(review), "aggregate")]
    settings = ", ".join(f"{number} {word}" for word, number in counts.settings.items() if number)
    parts += [f"settings: {settings}"] if settings else []
    findings = ", ".join(count(number, word) for word, number in counts.findings.items() if number)
    parts += [findings] if findings else []
    changed = counts.files["create"] + counts.files["change"]
    parts.append(f"{count(changed, 'file')} to change" if changed else "nothing to change")
    return "; ".join(parts)


def _aggregates(review: Review) -> int:
    return len([one for one in review.pairs if one.mode == "aggregate" and one.aggregate])
