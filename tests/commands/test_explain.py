"""`hyperv-net explain`: what a rule means."""

from __future__ import annotations

import json

import pytest

from hyperv_net.cli import main
from hyperv_net.rules.catalogue import catalogue, stages
from tests import rules_page

RULES = list(catalogue().values())


@pytest.mark.parametrize("width", [30, 80, 120])
@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_all_of_a_rule_is_told_within_the_width_of_the_terminal(
    rule: object, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["explain", rule.id]) == 0  # type: ignore[attr-defined]
    lines = capsys.readouterr().out.splitlines()
    # A path or an option is not broken.
    assert [one for one in lines if len(one) > width and " " in one.strip()] == []
    said = " ".join(" ".join(lines).split())
    for field in ("id", "title", "why", "mend", "example"):
        assert getattr(rule, field) in said


def test_without_a_rule_all_are_listed_with_their_columns_below_each_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [one for one in lines if one.startswith("  ")]
    assert [row.split()[0] for row in rows] == list(catalogue())
    severities = ("error", "warning", "note")
    first = [min(row.find(f" {one} ") for one in severities if f" {one} " in row) for row in rows]
    (place,) = set(first)
    for row, rule in zip(rows, RULES):
        assert row[place:].split()[0] == rule.severity.value and row.endswith(rule.title)
    assert [one for one in lines if one and one not in rows] == [one.title for one in stages()]


def test_a_narrow_terminal_has_the_titles_in_their_column(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80 and len(lines) > len(RULES)


def test_a_rule_that_there_is_not_is_wrong_usage_that_says_what_may_be_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "vf-dwn"]) == 64
    assert "there is no rule 'vf-dwn' (did you mean vf-down" in capsys.readouterr().err
    assert main(["explain", "\x1b[2Jzzz"]) == 64
    said = capsys.readouterr().err
    assert "'hyperv-net explain' lists all" in said and "\x1b" not in said


def test_programs_get_all_that_is_known_of_a_rule_or_of_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hyperv-net/rules/1"
    assert [one["id"] for one in document["rules"]] == list(catalogue())
    assert main(["explain", "not-configured", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["rules"]
    assert one == next(one for one in document["rules"] if one["id"] == "not-configured")
    assert (one["severity"], one["severities"]) == ("warning", ["warning", "note"])
    assert one["stage"] == "A running machine"
    assert {"title", "why", "mend", "example"} < one.keys()


def test_the_page_in_the_docs_is_what_is_printed_as_markdown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Mended with `python -m tests.rules_page`."""
    assert main(["explain", "--format", "markdown"]) == 0
    page = capsys.readouterr().out
    assert rules_page.PAGE.read_text() == page
    for rule in RULES:
        assert f"\n### {rule.id}\n" in page, "its anchor is #rule-id"
        assert page.count(f"](#{rule.id})") == 1


def test_one_rule_as_markdown_is_its_part_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "vf-down", "--format", "markdown"]) == 0
    part = capsys.readouterr().out
    assert part.startswith("# vf-down\n") and part[1:] in rules_page.PAGE.read_text()
