"""Names that mean no good, as labels of metrics: they stay within their quotes."""

from __future__ import annotations

import re
from pathlib import Path

from hyperv_net.status.catalogue import CATALOGUE
from hyperv_net.status.exposition import Sample, open_metrics, prometheus_text
from tests.review.formats.poisoned import HOSTILE
from tests.status.told import everything

#: A sample's line, of the grammar in openmetrics.io, "Text format"; older ones have the same.
LABEL = r'[a-z_]+="(?:[^"\\\n]|\\[n"\\])*"'
LINE = re.compile(rf"(hyperv_net_[a-z0-9_]+)(?:\{{{LABEL}(?:,{LABEL})*\}})? [0-9.e+]+")


def hostile(samples: list[Sample], text: str) -> list[Sample]:
    """The same samples, with this in each of their labels."""
    return [one._replace(labels=tuple(f"{label}{text}" for label in one.labels)) for one in samples]


def test_a_hostile_label_is_no_line_no_label_and_no_end(tmp_path: Path) -> None:
    ordinary = everything(tmp_path)
    for form in (open_metrics, prometheus_text):
        comments = [one for one in form(CATALOGUE, ordinary).split("\n") if one[:1] in ("#", "")]
        for text in HOSTILE:
            found = form(CATALOGUE, hostile(ordinary, text))
            assert all(one.isprintable() or one == "\n" for one in found)
            lines = found.split("\n")
            assert [one for one in lines if one[:1] in ("#", "")] == comments
            samples = [one for one in lines if one[:1] not in ("#", "")]
            assert len(samples) == len(ordinary)
            assert [one for one in samples if not LINE.fullmatch(one)] == []
