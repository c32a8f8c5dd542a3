"""Rules as people and programs see them: a text, a table, a page of Markdown, JSON."""

from __future__ import annotations

import textwrap

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from hyperv_net.rules.catalogue import Stage
    from hyperv_net.rules.document import RuleDocument
    from hyperv_net.rules.rule import Rule

_GAP = "  "
#: Of the page of all rules.
_INTRODUCTION = (
    "Whatever hyperv-net tells of a configuration, an image or a machine is a finding, and its",
    "line ends with its rule in brackets. This is every rule: what goes wrong where it is passed",
    "over, and how to mend it. `hyperv-net explain RULE` prints the same.",
    "",
    "An **error** says that some part was not done, or that a pair is unhealthy, and the verb",
    "exits with 1. A **warning** is likely a fault, and a **note** is worth knowing. `plan` and",
    "`review` take `--fail-on` to be stricter, and `--allow` for what is known and meant",
    "([allowing.md](allowing.md)).",
)
#: What a column of titles has at least, so that a narrow terminal gets no word a line.
_NARROWEST = 24


def text(rule: Rule, width: int) -> str:
    """All that is known of one rule, in lines of at most `width` characters where words allow."""
    sections = (
        ("Why", rule.why),
        ("How to mend", rule.mend),
        ("Example", rule.example),
    )
    return "\n".join(
        (
            *_wrapped(f"{rule.id} ({_severities(rule)})", width),
            *_wrapped(f"{rule.title}.", width, _GAP),
            *(
                line
                for heading, said in sections
                for line in ("", heading, *_wrapped(said, width, _GAP))
            ),
        )
    )


def table(stages: Sequence[Stage], width: int) -> str:
    """Every rule with its most severe severity and its title, below the headings of the stages."""
    rules = [rule for stage in stages for rule in stage.rules]
    ids = max(len(one.id) for one in rules)
    severities = max(len(one.severity.value) for one in rules)
    blank = " " * (len(_GAP) + ids + len(_GAP) + severities + len(_GAP))
    titles = max(width - len(blank), _NARROWEST)
    lines: list[str] = []
    for stage in stages:
        lines += ["", stage.title] if lines else [stage.title]
        for rule in stage.rules:
            first, *others = _wrapped(rule.title, titles)
            row = (rule.id.ljust(ids), rule.severity.value.ljust(severities), first)
            lines += [_GAP + _GAP.join(row), *(blank + other for other in others)]
    return "\n".join(lines)


def markdown(rule: Rule) -> str:
    """One rule below a heading of its id, which makes `#rule-id` its anchor."""
    return "\n".join(_markdown(rule))


def page(stages: Sequence[Stage]) -> str:
    """All rules as a page (docs/rules.md)."""
    return "\n".join(_page(stages)) + "\n"


def document(stages: Sequence[Stage]) -> dict[str, Any]:
    """The rules as JSON has them (docs/json.md)."""
    from hyperv_net.review.document import as_plain
    from hyperv_net.rules.document import SCHEMA, RulesDocument

    rules = tuple(_told(rule, stage.title) for stage in stages for rule in stage.rules)
    plain: dict[str, Any] = as_plain(RulesDocument(SCHEMA, rules))
    return plain


def _told(rule: Rule, stage: str) -> RuleDocument:
    from hyperv_net.rules.document import RuleDocument

    return RuleDocument(
        id=rule.id,
        stage=stage,
        severity=rule.severity,
        severities=tuple(rule.severities),
        title=rule.title,
        why=rule.why,
        mend=rule.mend,
        example=rule.example,
    )


def _page(stages: Sequence[Stage]) -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield from _INTRODUCTION
    for stage in stages:
        yield ""
        yield f"## {stage.title}"
        yield ""
        yield " · ".join(f"[{one.id}](#{one.id})" for one in stage.rules)
        for rule in stage.rules:
            yield ""
            yield from _markdown(rule, level=3)


def _markdown(rule: Rule, level: int = 1) -> Iterator[str]:
    yield f"{'#' * level} {rule.id}"
    yield ""
    yield f"**{rule.title}** ({_severities(rule)})"
    yield ""
    yield from textwrap.wrap(rule.why, width=110, break_on_hyphens=False)
    yield ""
    yield from textwrap.wrap(f"*Mend:* {rule.mend}", width=110, break_on_hyphens=False)
    yield ""
    yield "```text"
    yield rule.example
    yield "```"


def _severities(rule: Rule) -> str:
    return " or ".join(one.value for one in rule.severities)


def _wrapped(said: str, width: int, indent: str = "") -> list[str]:
    """Lines that break at spaces alone, so that paths and options stay whole."""
    return textwrap.wrap(
        said,
        width=max(width, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
