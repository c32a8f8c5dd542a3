"""The alert rules of examples/monitoring, on metrics that there are."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml

from hyperv_net.status.catalogue import CATALOGUE
from tests.debian.packages import unpacked
from tests.debian.tools import PROMETHEUS
from tests.paths import CHECKOUT

FOLDER = CHECKOUT / "examples/monitoring"
RULES, TESTS = FOLDER / "alerts.yml", FOLDER / "alerts.test.yml"


def promtool(*words: str) -> subprocess.CompletedProcess[str]:
    command = [*unpacked("trixie", PROMETHEUS).command("/usr/bin/promtool"), *words]
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=60)


def test_rules_ask_only_for_metrics_and_labels_that_are_exported() -> None:
    labels = {one.sample_name: {*one.labels, "instance"} for one in CATALOGUE}
    for file in (RULES, TESTS):
        text = re.sub(r"#.*", "", file.read_text())
        assert {*re.findall(r"\bhyperv_net_\w+\b(?!\\)", text)} <= {*labels, "hyperv_net_prom"}
        for name, chosen in re.findall(r"\b(hyperv_net_\w+)\{([^}]*)\}", text):
            assert {*re.findall(r"(\w+)=", chosen)} <= labels[name], name


def test_every_rule_is_seen_to_fire_and_to_be_quiet() -> None:
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    tests = [
        one
        for machine in yaml.safe_load(TESTS.read_text())["tests"]
        for one in machine["alert_rule_test"]
    ]
    names = {rule["alert"] for rule in group["rules"]}
    assert {one["alertname"] for one in tests if one.get("exp_alerts")} == names
    assert {one["alertname"] for one in tests if not one.get("exp_alerts")} == names


@pytest.mark.debian
def test_promtool_finds_nothing_wrong_with_them_and_they_fire_when_they_should() -> None:
    checked = promtool("check", "rules", RULES.name)
    assert (checked.returncode, checked.stderr) == (0, "")
    tried = promtool("test", "rules", TESTS.name)
    assert tried.returncode == 0, tried.stdout + tried.stderr
