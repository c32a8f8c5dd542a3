"""Findings as they are shown: the worst first, each with its line of the input."""

from __future__ import annotations

from dataclasses import dataclass

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.verdict import worst_first
from hyperv_net.rules.catalogue import catalogue
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.review.model import Finding, Review
    from hyperv_net.rules.rule import Rule

#: So many lines of what is meant are shown.
_LONGEST = 6


@dataclass(frozen=True)
class Excerpt:
    """A line of an input in three parts, of which the middle one is meant."""

    number: int
    before: str
    meant: str
    after: str


@dataclass(frozen=True)
class Risk:
    """A finding with its lines, and what is known of its rule."""

    finding: Finding
    lines: tuple[Excerpt, ...]
    about: Rule | None
    devices: str


def risks_of(review: Review, devices: Sequence[str]) -> tuple[Risk, ...]:
    """The findings; those that somebody allowed come last."""
    texts = {one.name: one.text for one in review.inputs}
    ordered = worst_first(review.findings)
    return tuple(
        Risk(one, tuple(_lines(one, texts)), catalogue().get(one.rule), _devices(one, devices))
        for one in ordered
    )


def _lines(finding: Finding, texts: dict[str, str]) -> Iterable[Excerpt]:
    """The line that a finding is about, and one on either side of it."""
    span = finding.span
    if span is None or finding.file not in texts:
        return
    lines = texts[finding.file].split("\n")
    last = min(span.end_line, span.line + _LONGEST - 1)
    for number in range(max(span.line - 1, 1), min(last + 1, len(lines)) + 1):
        line = lines[number - 1]
        start, end = len(line), len(line)
        if span.line <= number <= span.end_line:
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(line)
        parts = line[:start], line[start:end], line[end:]
        if number in (span.line, span.end_line) or line.strip():
            yield Excerpt(number, *map(visible, parts))


def _devices(finding: Finding, devices: Sequence[str]) -> str:
    words = {
        part
        for word in f"{finding.where} {finding.message}".replace(":", " ").split()
        for part in (word, *word.split("."), *word.split("_"))
    }
    return " ".join(str(place) for place, name in enumerate(devices) if name in words)
