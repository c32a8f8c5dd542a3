"""The dashboard of examples/monitoring, on metrics that there are."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.status.catalogue import CATALOGUE
from tests.monitoring.test_alerts import promtool
from tests.paths import CHECKOUT

DASHBOARD: Any = json.loads((CHECKOUT / "examples/monitoring/dashboard.json").read_text())
TARGETS = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
QUERIES = [target["expr"] for target in TARGETS]
LABELS = {one.sample_name: {*one.labels, "instance"} for one in CATALOGUE}
_NAME = re.compile(r"\bhyperv_net_\w+")


def test_it_asks_only_for_metrics_and_labels_that_are_exported() -> None:
    variables = [one["query"] for one in DASHBOARD["templating"]["list"] if one["type"] == "query"]
    for query in [*QUERIES, *variables]:
        names = _NAME.findall(query)
        assert names and {*names} <= {*LABELS}, query
        for name, chosen in re.findall(r"(hyperv_net_\w+)\{([^}]*)\}", query):
            assert {*re.findall(r"(\w+)=", chosen)} <= LABELS[name], query
    for target in TARGETS:
        shown = {*re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])}
        assert shown <= set.union(*(LABELS[one] for one in _NAME.findall(target["expr"])))


def test_every_panel_has_a_place_of_its_own_and_the_chosen_machines() -> None:
    for one, other in combinations([panel["gridPos"] for panel in DASHBOARD["panels"]], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below, (one, other)
    assert all(query.count("$instance") == len(_NAME.findall(query)) for query in QUERIES)


@pytest.mark.debian
def test_prometheus_can_read_its_queries(tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$instance", "a")}
        for number, query in enumerate(QUERIES)
    ]
    file = tmp_path / "queries.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    checked = promtool("check", "rules", str(file))
    assert checked.returncode == 0, checked.stderr
    file.write_text(file.read_text().replace("rate(", "rat("))
    assert promtool("check", "rules", str(file)).returncode
