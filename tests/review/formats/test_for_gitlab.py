"""What GitLab reads: code quality, and the counts of a plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from hyperv_net.cli import main
from hyperv_net.review import model
from hyperv_net.review.formats import codequality, terraform
from hyperv_net.review.located import located
from tests.commands.calling import Capture
from tests.review.formats.made import ALL_EXAMPLES, MAC, config, finding, review, reviewed

#: What GitLab's documentation says of a degradation, and its own validator.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^[^/.]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def degradations(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    jsonschema.validate(found, SCHEMA)
    assert len({one["fingerprint"] for one in found}) == len(found)
    return found


def test_all_examples_are_one_report_that_gitlab_reads(capsys: Capture) -> None:
    assert main([*ALL_EXAMPLES, "--format", "codequality"]) == 1
    found = degradations(capsys.readouterr().out)
    assert {one["severity"] for one in found} == {"info", "major", "critical"}
    paths = {one["location"]["path"] for one in found}
    assert "examples/azure-freebsd-mce/network-config.yaml" in paths


def test_a_finding_is_at_its_line_and_those_of_other_files_are_others(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    config(tmp_path, name="a.yaml")
    config(tmp_path, name="b.yaml")
    span = model.Span(3, 5, 4, 14)
    one = finding(file="a.yaml", key=("ethernets", "eth0", "mtu"), span=span, hint="do this")
    other = finding(file="b.yaml", key=("ethernets", "eth0", "mtu"), span=span)
    found = degradations(codequality.draw_all([located(review(one, other))]))
    assert [one["location"]["path"] for one in found] == ["a.yaml", "b.yaml"]
    assert found[0]["location"]["lines"] == {"begin": 3, "end": 4}
    assert found[0]["description"] == "ethernets.eth0.mtu: 100 is not in the result (do this)"


def test_what_is_allowed_is_no_degradation() -> None:
    text = codequality.draw_all([review(finding(allowed=True), finding(rule="other"))])
    assert [one["check_name"] for one in degradations(text)] == ["other"]


def test_the_counts_are_those_of_all_machines() -> None:
    text = terraform.draw_all([review(), review()])
    assert json.loads(text) == {"create": 2, "update": 4, "delete": 0}


def test_against_a_base_the_counts_are_of_what_changes_between_the_two(tmp_path: Path) -> None:
    card = f"match: {{macaddress: '{MAC}'}}"
    base = config(tmp_path, card, "addresses: [10.0.0.4/24]", name="base.yaml")
    head = config(tmp_path, card, "dhcp4: true", name="head.yaml")
    _, text = reviewed(tmp_path / "out", "terraform", str(head), "--against", str(base))
    assert json.loads(text) == {"create": 0, "update": 1, "delete": 0}
    _, text = reviewed(tmp_path / "out", "terraform", str(head), "--against", str(head))
    assert json.loads(text) == {"create": 0, "update": 0, "delete": 0}


def test_a_file_that_only_the_base_or_only_this_one_has_is_deleted_or_made() -> None:
    files = tuple(
        model.ChangedFile("etc/a", change, "configuration", False, "")
        for change in ("create", "change", "delete")
    )
    verdict = model.Verdict("fine", "Fine.", ())
    against = model.Comparison("base", verdict, (), (), files, (), ())
    text = terraform.draw_all([review(against=against)])
    assert json.loads(text) == {"create": 1, "update": 1, "delete": 1}
