"""What a plan comes to, in one word and one sentence: the first thing a reviewer sees."""

from __future__ import annotations

from hyperv_net.facts import Severity, at_least
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count
from hyperv_net.review.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hyperv_net.plan.flow import Plan
    from hyperv_net.review.model import Finding, Review, Setting

FINE = "fine"
LOOK = "look"
SETTINGS = "settings"
NETWORK = "network"
#: From the best to the worst.
LEVELS = (FINE, LOOK, SETTINGS, NETWORK)

_SENTENCES = {
    FINE: "Fine: the machine keeps its network.",
    LOOK: "Have a look: the machine keeps its network and all settings, and something is to be "
    "known.",
    SETTINGS: "Settings will be lost.",
    NETWORK: "The network will be lost.",
}
#: Rules that say that a setting has no effect, besides those of the ledger.
_LOSING = frozenset(["setting-dropped", "unknown-key"])


#: Rules of errors that are about what was asked for, and not about what the machine gets.
_ASKED = frozenset(["unexpected-aggregates"])


def verdict_of(
    plan: Plan, ledger: Sequence[Setting], findings: Sequence[Finding], *, is_addressed: bool
) -> Verdict:
    """The verdict over a plan.  What is allowed in `findings` counts for nothing."""
    counted = [one for one in findings if not one.allowed]
    lost = tuple(_losing_the_network(plan, counted, is_addressed=is_addressed))
    if lost:
        return _verdict(NETWORK, lost)
    dropped = [one for one in ledger if one.action == "dropped"]
    told = [one for one in counted if one.rule in _LOSING and one.severity != "note"]
    allowed = any(one.allowed and one.rule in _LOSING for one in findings)
    if told or (dropped and not allowed):
        reasons = tuple(dict.fromkeys(f"{one.where}: {one.message}" for one in told))
        return _verdict(SETTINGS, reasons or (f"{count(len(dropped), 'setting')} dropped",))
    warned = [one for one in counted if one.severity == "warning" or one.rule in _ASKED]
    if warned:
        return _verdict(LOOK, tuple(dict.fromkeys(_line(one) for one in warned)))
    return _verdict(FINE, ())


def verdict_of_error(findings: Sequence[Finding]) -> Verdict:
    """The verdict where nothing could be planned."""
    return Verdict(NETWORK, "Nothing can be planned from this.", tuple(map(_line, findings)))


def is_refused(review: Review) -> bool:
    """Whether the verdict, or a finding that nobody allowed, is to stop a change."""
    return review.verdict.level == NETWORK or any(
        is_fatal(one, review.fail_on) for one in review.findings
    )


def is_fatal(finding: Finding, fail_on: str) -> bool:
    """Whether a finding is as severe as is to stop a change, and nobody allowed it."""
    return finding.severity in at_least(Severity(fail_on)) and not finding.allowed


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the order in which people read them; what is allowed comes last."""
    return sorted(findings, key=lambda one: (one.allowed, Severity.rank_of(one.severity)))


def _verdict(level: str, reasons: tuple[str, ...]) -> Verdict:
    return Verdict(level, _SENTENCES[level], reasons)


def _losing_the_network(
    plan: Plan, findings: Sequence[Finding], *, is_addressed: bool
) -> Iterator[str]:
    if not plan.meets:
        yield "the network config speaks of no NIC of this machine"
    elif plan.is_asked and not plan.stays and not is_addressed:
        yield "no device gets an address, or asks for one"
    for one in findings:
        if one.severity == "error" and one.rule not in _ASKED:
            yield _line(one)


def _line(finding: Finding) -> str:
    return f"{finding.where}: {finding.message}" if finding.where else finding.message
