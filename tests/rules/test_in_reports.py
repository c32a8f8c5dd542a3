"""What the catalogue has on a rule stands in the reports that have a place for it."""

from __future__ import annotations

import json
from pathlib import Path

from hyperv_net.cli import main
from hyperv_net.review.formats.rule_texts import rule_texts
from hyperv_net.rules.catalogue import find
from tests.paths import EXAMPLES

MCE = EXAMPLES / "azure-freebsd-mce"
OPTIONS = [
    *("--inventory", str(MCE / "inventory.json")),
    *("--network-config", str(MCE / "network-config.yaml")),
]


def test_sarif_says_what_a_rule_is_and_why_and_what_to_do(tmp_path: Path) -> None:
    report = tmp_path / "report.sarif"
    main(["review", *OPTIONS, "--format", "sarif", "-o", str(report)])
    rules = json.loads(report.read_text())["runs"][0]["tool"]["driver"]["rules"]
    (told,) = [one for one in rules if one["id"] == "setting-dropped"]
    rule = find("setting-dropped")
    assert told["shortDescription"]["text"] == rule.title
    assert told["fullDescription"]["text"] == rule.why
    assert rule.mend in told["help"]["text"]


def test_the_page_says_beside_a_finding_why_it_matters(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    main(["review", *OPTIONS, "--format", "html", "-o", str(page)])
    rule = find("setting-dropped")
    assert rule.title in page.read_text() and rule.why in page.read_text()


def test_a_rule_of_an_inventory_that_another_version_made_is_told_by_its_id() -> None:
    assert rule_texts("was-a-rule-once").title == "Was a rule once"
