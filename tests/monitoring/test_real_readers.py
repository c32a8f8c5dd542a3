"""The metrics as Debian's own promtool, node_exporter and Prometheus client read them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hyperv_net.errors import printable
from hyperv_net.status import textfile
from hyperv_net.status.catalogue import CATALOGUE
from hyperv_net.status.exposition import open_metrics, prometheus_text
from tests.debian.packages import unpacked
from tests.debian.tools import NODE_EXPORTER, PROMETHEUS, PROMETHEUS_CLIENT
from tests.review.formats.poisoned import HOSTILE
from tests.status.test_hostile import hostile
from tests.status.told import NOW_SECONDS, everything

pytestmark = pytest.mark.debian

SUITE = "trixie"
#: What the client made of each family, as JSON on its output.
PARSE = """\
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(json.dumps([
    [one.name, one.type, one.unit, [[s.name, s.labels, s.value] for s in one.samples]]
    for one in parse(sys.stdin.read())
]))
"""


def promtool(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [*unpacked(SUITE, PROMETHEUS).command("/usr/bin/promtool"), *words]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)


def client(text: str) -> subprocess.CompletedProcess[str]:
    """Debian's prometheus_client, which refuses what the specification does not allow."""
    packages = unpacked(SUITE, PROMETHEUS_CLIENT).root / "usr/lib/python3/dist-packages"
    return subprocess.run(
        [sys.executable, "-S", "-c", PARSE],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(packages)},
    )


@contextmanager
def node_exporter(folder: Path) -> Iterator[str]:
    """The address of one that serves the files of a folder, on this machine's loopback alone."""
    options = [
        *("--web.listen-address=127.0.0.1:0", "--web.disable-exporter-metrics"),
        *("--collector.disable-defaults", "--collector.textfile"),
        f"--collector.textfile.directory={folder}",
    ]
    program = unpacked(SUITE, NODE_EXPORTER).command("/usr/bin/prometheus-node-exporter")
    with subprocess.Popen([*program, *options], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        try:
            said = (re.search(r'Listening on" address=(127\S+)', one) for one in running.stderr)
            yield next(one[1] for one in said if one)
        finally:
            running.terminate()
            running.stderr.read()


def served(folder: Path) -> str:
    with node_exporter(folder) as address:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{address}/metrics", timeout=60) as answer:
            text: str = answer.read().decode()
            return text


def _samples(lines: list[str]) -> set[tuple[str, frozenset[str], float]]:
    """Ours: node_exporter sorts labels, and writes large numbers in its own way."""
    found = map(re.compile(r"(hyperv_net_\w+)(?:\{(.*)\})? (\S+)\Z").match, lines)
    return {(one[1], frozenset((one[2] or "").split(",")), float(one[3])) for one in found if one}


def test_promtool_has_nothing_to_say_of_the_textfile(tmp_path: Path) -> None:
    """Neither of its syntax, nor of names and help texts."""
    text = textfile.MARK + prometheus_text(CATALOGUE, everything(tmp_path))
    checked = promtool("check", "metrics", given=text)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    wrong = promtool("check", "metrics", given="# TYPE a_milliseconds counter\na_milliseconds 1\n")
    assert wrong.returncode and "counter metrics should have" in wrong.stderr


def test_prometheus_takes_open_metrics_in(tmp_path: Path) -> None:
    """Samples of a file are to have times, which those that are scraped have not."""
    found = everything(tmp_path / "root")
    lines = open_metrics(CATALOGUE, found).splitlines()
    timed = [one if one.startswith("#") else f"{one} {NOW_SECONDS}" for one in lines]
    file, blocks = tmp_path / "metrics", tmp_path / "blocks"
    file.write_text("".join(f"{one}\n" for one in timed))
    made = promtool("tsdb", "create-blocks-from", "openmetrics", str(file), str(blocks))
    assert made.returncode == 0, made.stderr
    (summary,) = (json.loads(one.read_text()) for one in blocks.glob("*/meta.json"))
    assert summary["stats"]["numSeries"] == len(found)
    file.write_text("".join(f"{one}\n" for one in timed[:-1]))
    assert promtool("tsdb", "create-blocks-from", "openmetrics", str(file), str(blocks)).returncode


def test_the_strictest_parser_of_open_metrics_reads_what_was_told(tmp_path: Path) -> None:
    found = everything(tmp_path)
    parsed = client(open_metrics(CATALOGUE, found))
    assert parsed.returncode == 0, parsed.stderr
    families = json.loads(parsed.stdout)
    assert [one[:3] for one in families] == [
        [one.name, one.kind.value, one.unit] for one in CATALOGUE
    ]
    read = [tuple(sample) for family in families for sample in family[3]]
    told = [
        (one.metric.sample_name, dict(zip(one.metric.labels, one.labels)), one.value)
        for metric in CATALOGUE
        for one in found
        if one.metric is metric
    ]
    assert read == told
    assert client(prometheus_text(CATALOGUE, found)).returncode


def test_labels_that_mean_no_good_are_read_as_they_are(tmp_path: Path) -> None:
    """By the strictest parser and by promtool, which both read no more than there is."""
    ordinary = everything(tmp_path)
    found = hostile(ordinary, "".join(HOSTILE))
    checked = promtool("check", "metrics", given=prometheus_text(CATALOGUE, found))
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    parsed = client(open_metrics(CATALOGUE, found))
    assert parsed.returncode == 0, parsed.stderr
    read = [(name, labels) for family in json.loads(parsed.stdout) for name, labels, _ in family[3]]
    told = [
        (
            one.metric.sample_name,
            {key: printable(text) for key, text in zip(one.metric.labels, one.labels)},
        )
        for metric in CATALOGUE
        for one in found
        if one.metric is metric
    ]
    assert read == told


def test_node_exporter_serves_the_textfile_line_by_line(tmp_path: Path) -> None:
    text = prometheus_text(CATALOGUE, everything(tmp_path / "root"))
    textfile.write(str(tmp_path), text)
    lines = served(tmp_path).splitlines()
    assert "node_textfile_scrape_error 0" in lines
    assert _samples(lines) == _samples(text.splitlines())
    comments = {one for one in text.splitlines() if one.startswith("#")}
    assert comments <= set(lines)
    assert any(one.startswith(f'node_textfile_mtime_seconds{{file="{tmp_path}') for one in lines)


def test_node_exporter_takes_no_open_metrics_which_is_why_there_are_two_formats(
    tmp_path: Path,
) -> None:
    textfile.write(str(tmp_path), open_metrics(CATALOGUE, everything(tmp_path / "root")))
    lines = served(tmp_path).splitlines()
    assert "node_textfile_scrape_error 1" in lines
    assert not any(one.startswith("hyperv_net_") for one in lines)
