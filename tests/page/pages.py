"""Pages to look at: of every example, of a comparison, of findings, and with linked lines."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from unittest import mock

import yaml

from hyperv_net.cli import main
from hyperv_net.review.formats import html
from hyperv_net.review.model import Finding, Review, Setting, Span
from tests.commands.calling import example
from tests.paths import EXAMPLES

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/network-config.yaml"))


def review_of(*words: str) -> Review:
    """The review that these words of a command line make."""
    with mock.patch.object(html, "draw", return_value="") as draw:
        main(["review", *words, "--format", "html", "-o", "/dev/null"])
    review: Review = draw.call_args.args[0]
    return review


def review_of_example(name: str, *words: str) -> Review:
    """The review of an example, with its lines known."""
    return with_spans(review_of(*example(EXAMPLES / name), *words))


def write(folder: Path, name: str, review: Review) -> None:
    """Put the page of a review into a folder."""
    (folder / f"{name}.html").write_text(html.draw(review), encoding="utf-8")


def with_spans(review: Review) -> Review:
    """The review with the lines of its input known: those that PyYAML has of its leaves."""
    if len(review.inputs) != 1 or any(one.span for one in review.ledger):
        return review
    (read,) = review.inputs
    spans: dict[str, Span] = {}
    _walk(yaml.compose(read.text), "", spans)
    ledger = tuple(_placed(one, read.name, spans) for one in review.ledger)
    findings = tuple(_meant(one, read.name, spans) for one in review.findings)
    return dataclasses.replace(review, ledger=ledger, findings=findings)


def _walk(node: yaml.Node, path: str, spans: dict[str, Span]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _walk(value, f"{path}.{key.value}".removeprefix("."), spans)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            _walk(value, f"{path}[{place}]", spans)
    start, end = node.start_mark, node.end_mark
    spans[path] = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _placed(one: Setting, name: str, spans: dict[str, Span]) -> Setting:
    span = spans.get(re.sub(r"\['([^']*)'\]", r".\1", one.source))
    return dataclasses.replace(one, file=name, span=span) if span else one


def _meant(one: Finding, name: str, spans: dict[str, Span]) -> Finding:
    span = spans.get(one.where.partition(": ")[2] or "none")
    return dataclasses.replace(one, file=name, span=span) if span else one
