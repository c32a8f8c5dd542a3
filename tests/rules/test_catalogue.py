"""The catalogue of rules: complete, and true of the findings that can be made."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from hyperv_net.facts import Severity
from hyperv_net.inventory.snapshot import _RULE
from hyperv_net.rules.catalogue import catalogue, stages
from hyperv_net.rules.rule import Rule
from tests.imports import modules
from tests.paths import CHECKOUT
from tests.rules.texts import fragments, pieces
from tests.rules.told import UNKNOWN, replaced, told

#: A snapshot has the findings of the version that made it.
READ_FROM_OUTSIDE = {("hyperv_net.inventory.snapshot", "_finding")}

#: Who changes the severity of findings: those of which modules or rules, and to what.
CHANGES = {
    ("hyperv_net.commands.plan", "_with_findings_of_root"): (
        r"hyperv_net\.(lint\..*|root\.extension|renderers\.\w+\.lint)",
        "warning",
    ),
    ("hyperv_net.commands.bake", "_rendered"): ("missing-package", "error"),
    ("hyperv_net.renderers.freebsd.adopt", "_as_errors"): (
        "rc-conf-unreadable|rc-conf-overridden",
        "error",
    ),
}
#: Told under `--expect-driver` alone, which a plan does not have.
NEVER_IN_A_PLAN = {"no-kernel"}

#: What they say is an error of another module.
PASSED_ON = {"cannot-plan", "network-lost", "rc-conf-unreadable", "unreadable-file"}

#: Begin a sentence as they are.
NAMES = {"cloud-init", "hyperv-net", "networkd", "rc.conf", "resolv.conf", "udev"}

#: A finding's line in a text.
FINDING = re.compile(r"^ *(?:error|warning|note): .*\[([a-z-]+)\]$", re.MULTILINE)

LIMIT = 1024  # characters of a text in SARIF, as GitHub takes it

RULES = list(catalogue().values())


@cache
def severities() -> Mapping[str, set[str]]:
    """Rule → the severities that its findings can have."""
    found = defaultdict[str, set[str]](set)
    for one in told():
        if (one.module, one.function) in READ_FROM_OUTSIDE:
            continue
        found[one.rule].add(one.severity)
        for which, severity in CHANGES.values():
            is_meant = re.fullmatch(which, one.module) or re.fullmatch(which, one.rule)
            is_changed = severity == "error" or one.severity == "error"
            if is_meant and is_changed and one.rule not in NEVER_IN_A_PLAN:
                found[one.rule].add(severity)
    return found


def test_every_finding_has_a_rule_in_the_catalogue_and_every_rule_a_finding() -> None:
    assert severities().keys() - catalogue().keys() == set()
    assert catalogue().keys() - severities().keys() == set()


def test_what_a_finding_can_say_is_read_from_the_text_everywhere_but_where_it_is_from_outside() -> (
    None
):
    unread = {(one.module, one.function) for one in told() if UNKNOWN in one}
    assert unread == READ_FROM_OUTSIDE
    assert replaced() == CHANGES.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_the_severities_of_a_rule_are_those_of_its_findings(rule: Rule) -> None:
    assert {one.value for one in rule.severities} == severities()[rule.id]
    order = list(Severity)
    assert list(rule.severities) == sorted(rule.severities, key=order.index), "most severe first"


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_a_rule_is_written_for_somebody_who_meets_it_for_the_first_time(rule: Rule) -> None:
    assert _RULE.match(rule.id)
    first = rule.title.split()[0].rstrip(",").removesuffix("'s")
    assert first[0].isupper() or first in NAMES
    assert len(rule.title) < 80 and not rule.title.endswith(".") and ". " not in rule.title
    assert 1 <= len(re.findall(r"[.](?= [A-Z`]|\Z)", rule.why)) <= 4 and rule.why.endswith(".")
    assert rule.mend.endswith(".") and rule.mend[0].isupper()
    for text in (rule.title, rule.why, rule.mend, rule.example):
        assert 0 < len(text) <= LIMIT
        assert " ".join(text.split()) == text, "one line, no two blanks"


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_what_markdown_would_take_for_its_own_is_marked_as_code(rule: Rule) -> None:
    for text in (rule.title, rule.why, rule.mend):
        assert text.count("`") % 2 == 0
        # An underscore within a word is one.
        assert not re.search(r"[*<>|]|\b_|_\b|\[.*\]", re.sub(r"`[^`]+`", "", text))


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.id)
def test_an_example_is_a_line_as_the_program_prints_it_of_this_rule(rule: Rule) -> None:
    severity, _, rest = rule.example.partition(": ")
    assert severity in [one.value for one in rule.severities]
    assert rest.endswith(f" [{rule.id}]") and ": line " not in rest
    said = fragments(rule.id)
    if rule.id in PASSED_ON:
        said = frozenset(one for module in modules() for one in pieces(module))
    assert any(one in rest for one in said), "no text of the program is in it"


def test_an_id_is_in_the_catalogue_once() -> None:
    ids = [rule.id for stage in stages() for rule in stage.rules]
    assert len(ids) == len(set(ids))
    assert all(list(stage.rules) == sorted(stage.rules) and stage.rules for stage in stages())


def rules_in(value: object) -> Iterator[str]:
    """Every rule of a document."""
    if isinstance(value, dict):
        if "rule" in value and "severity" in value:
            yield value["rule"]
        for one in value.values():
            yield from rules_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from rules_in(one)


def test_every_rule_in_an_expected_plan_is_in_the_catalogue() -> None:
    found = set[str]()
    for file in CHECKOUT.glob("examples/*/**/*.json"):
        found.update(rules_in(json.loads(file.read_text())))
    for file in CHECKOUT.glob("examples/*/**/*.txt"):
        found.update(FINDING.findall(file.read_text()))
    assert found and found <= catalogue().keys()
