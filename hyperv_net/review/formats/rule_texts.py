"""What is told of a rule where a report has a place for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleTexts:
    """A rule in words: what it is, why it matters, and what to do."""

    title: str
    why: str
    mend: str


def rule_texts(rule: str) -> RuleTexts:
    """The texts of a rule."""
    title = rule.replace("-", " ").capitalize()
    return RuleTexts(title, title, f"hyperv-net explain {rule}")
