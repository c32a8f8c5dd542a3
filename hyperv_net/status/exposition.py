"""Metrics as text, in the two formats that Prometheus reads.

OpenMetrics 1.0 is what a scraper asks for (openmetrics.io, "Text format").  node_exporter takes
text files in the format before it alone: to its parser (text_parse.go of expfmt in
prometheus/common) `info` is no type, the name of a counter's family ends in _total, and what
else begins with # is a comment.
"""

from __future__ import annotations

from enum import Enum

from hyperv_net.errors import printable
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(str, Enum):
    """What a metric does; INFO has the value 1, and tells by its labels."""

    GAUGE = "gauge"
    COUNTER = "counter"
    INFO = "info"


_SUFFIX = {Kind.GAUGE: "", Kind.COUNTER: "_total", Kind.INFO: "_info"}


class Metric(NamedTuple):
    """A family of metrics: its name without the kind's suffix, and the labels of each sample.

    `help` is a sentence without quotes and backslashes, which the formats write differently.
    `unit` is the end of the name where there is one.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    unit: str = ""

    @property
    def sample_name(self) -> str:
        """What its samples, and queries, call it."""
        return f"{self.name}{_SUFFIX[self.kind]}"


class Sample(NamedTuple):
    """A value, and those of its metric's labels in their order."""

    metric: Metric
    labels: tuple[str, ...]
    value: float


def open_metrics(catalogue: Iterable[Metric], samples: Iterable[Sample]) -> str:
    """OpenMetrics 1.0: the samples by metric, in the order of the catalogue."""
    lines = []
    for metric, own in _by_metric(catalogue, samples):
        lines.append(f"# TYPE {metric.name} {metric.kind.value}")
        if metric.unit:
            lines.append(f"# UNIT {metric.name} {metric.unit}")
        lines += [f"# HELP {metric.name} {metric.help}", *map(_line, own)]
    return "\n".join([*lines, "# EOF", ""])


def prometheus_text(catalogue: Iterable[Metric], samples: Iterable[Sample]) -> str:
    """Prometheus' text format 0.0.4, the same samples by the same names."""
    lines = []
    for metric, own in _by_metric(catalogue, samples):
        kind = Kind.GAUGE if metric.kind is Kind.INFO else metric.kind
        lines.append(f"# HELP {metric.sample_name} {metric.help}")
        lines += [f"# TYPE {metric.sample_name} {kind.value}", *map(_line, own)]
    return "\n".join([*lines, ""])


def _by_metric(
    catalogue: Iterable[Metric], samples: Iterable[Sample]
) -> Iterator[tuple[Metric, list[Sample]]]:
    """Those that have samples; a format wants all of a metric together, and each once."""
    found: dict[Metric, dict[tuple[str, ...], Sample]] = {one: {} for one in catalogue}
    for sample in samples:
        found[sample.metric][sample.labels] = sample
    return ((metric, list(own.values())) for metric, own in found.items() if own)


def _line(sample: Sample) -> str:
    metric = sample.metric
    told = ",".join(
        f'{name}="{_escaped(value)}"' for name, value in zip(metric.labels, sample.labels)
    )
    return (
        f"{metric.sample_name}{{{told}}} {sample.value}"
        if told
        else (f"{metric.sample_name} {sample.value}")
    )


def _escaped(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
