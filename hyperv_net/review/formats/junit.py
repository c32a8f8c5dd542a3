"""Reviews as JUnit's XML: a suite for each machine, in it a case for each pair and two more.

A case fails by a finding as severe as `--fail-on` says; what else is to be known stands in its
output.  The elements are those that Jenkins and GitLab read (jenkinsci/xunit-plugin:
junit-10.xsd; gitlabhq/gitlabhq: lib/gitlab/ci/parsers/test/junit.rb, which shows a failure's text
and not its message).
"""

from __future__ import annotations

import re

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.machines import machine_names, pair_name
from hyperv_net.review.formats.results import all_findings, unsaid_reasons
from hyperv_net.review.pairs import becomes
from hyperv_net.review.verdict import NETWORK, is_fatal
from hyperv_net.visible import in_one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.review.model import Finding, Pair, Review

_SETTINGS = "settings"
_VERDICT = "verdict"


def draw_all(reviews: Sequence[Review]) -> str:
    """The suites of all machines."""
    document = JUnitXml("hyperv-net review")
    for name, review in zip(machine_names(reviews), reviews):
        document.add_testsuite(_suite(in_one_line(name), review))
    # The reader takes what has no declaration for UTF-8 (XML 1.0, 4.3.3).
    text: bytes = document.tostring()  # type: ignore[no-untyped-call]
    return text.decode()


def _suite(name: str, review: Review) -> TestSuite:
    suite = TestSuite(name)
    pairs = {_case_name(one): one for one in review.pairs}
    found: dict[str, list[Finding]] = {one: [] for one in (*pairs, _SETTINGS, _VERDICT)}
    for one in all_findings(review):
        of_pair = (case for case, pair in pairs.items() if _is_about(one, pair))
        other = _SETTINGS if one.key or one.rule.startswith("setting-") else _VERDICT
        found[next(of_pair, other)].append(one)
    for case, findings in found.items():
        failing = [one for one in findings if is_fatal(one, review.fail_on)]
        told = [*map(_line, failing)]
        others = [_line(one) for one in findings if one not in failing]
        if case in pairs:
            others.insert(0, f"{becomes(pairs[case])}: {pairs[case].reason}")
        elif case == _SETTINGS:
            counts = review.counts.settings.items()
            others.insert(0, ", ".join(f"{number} {word}" for word, number in counts if number))
        elif review.verdict.level == NETWORK:
            # Its reasons are findings that fail here, or where they belong.
            told.insert(0, review.verdict.sentence)
        else:
            others = [review.verdict.sentence, *unsaid_reasons(review), *others]
        rule = failing[0].rule if failing else _VERDICT
        suite.add_testcase(_case(name, case, rule, told, others))
    return suite


def _case(
    suite: str, name: str, rule: str, failing: Sequence[str], others: Sequence[str]
) -> TestCase:
    """A case that fails by some lines, the first of which is the message, and tells others."""
    case = TestCase(name, classname=suite, time=0.0)
    if failing:
        failure = Failure(in_one_line(failing[0]), rule)
        failure.text = "\n".join(map(in_one_line, failing))
        case.result = [failure]
    lines = [in_one_line(one) for one in others if one]
    if lines:
        case.system_out = "\n".join(lines)
    return case


def _case_name(pair: Pair) -> str:
    return in_one_line(f"pair {pair_name(pair)} ({pair.mac})")


def _is_about(finding: Finding, pair: Pair) -> bool:
    """Whether it names the pair: its address, or one of its devices."""
    names = filter(None, (pair.mac, pair.synthetic, pair.vf, pair.aggregate))
    word = rf"(?<![\w.:-])({'|'.join(map(re.escape, names))})(?![\w:-])"
    return bool(re.search(word, f"{finding.key_path or finding.where} {finding.message}"))


def _line(one: Finding) -> str:
    where = f"{one.where}: " if one.where else ""
    hint = f" ({one.hint})" if one.hint else ""
    allowed = ", allowed" if one.allowed else ""
    return f"{one.severity}{allowed}: {where}{one.message}{hint} [{one.rule}]"
