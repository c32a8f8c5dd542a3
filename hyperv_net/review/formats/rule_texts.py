"""What is told of a rule where a report has a place for it."""

from __future__ import annotations

from dataclasses import dataclass

from hyperv_net.rules.catalogue import catalogue


@dataclass(frozen=True)
class RuleTexts:
    """A rule in words: what it is, why it matters, and what to do."""

    title: str
    why: str
    mend: str


def rule_texts(rule: str) -> RuleTexts:
    """The texts of a rule; of one that an inventory of another version has, what its id says."""
    found = catalogue().get(rule)
    if found is not None:
        return RuleTexts(found.title, found.why, found.mend)
    title = rule.replace("-", " ").capitalize()
    return RuleTexts(title, title, f"hyperv-net explain {rule}")
