"""The findings of any number of reviews as reports for CI list them: one a place, with a name.

The name ("fingerprint") is what a finding is known by from one commit to the next, so it is
made of the rule and the key path, and not of lines, which move.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace

from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.locating import file_of, in_checkout
from hyperv_net.review.model import Finding, Span
from hyperv_net.review.verdict import NETWORK
from hyperv_net.visible import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hyperv_net.review.model import Review

#: The rule of a verdict's reason that is no finding of the plan.
NETWORK_LOST = "network-lost"

#: What a finding is since the base that it is compared with.
NEW, UNCHANGED = "new", "unchanged"

#: Where in a file: `:12`, `:12:3` or `: line 12`, at the end or before what follows.
_LINE = re.compile(r":(?: line )?\d+(?::\d+)?(?=:|\Z)")


@dataclass(frozen=True)
class Result:
    """A finding at its place in the checkout."""

    rule: str
    severity: str
    message: str
    hint: str
    path: str
    span: Span
    allowed: bool
    fingerprint: str
    since: str = ""
    """`new` or `unchanged` since the base; empty where there is none."""


def results(reviews: Iterable[Review]) -> list[Result]:
    """All findings, the most severe first; what two machines have in common is there once."""
    found: dict[tuple[Result, str], set[str]] = {}
    for review in reviews:
        for one, key, since in _of_one(review):
            found.setdefault((one, key), set()).add(since)
    seen = Counter[tuple[str, str]]()
    numbered = []
    for (one, key), states in found.items():
        base = hashlib.sha256(f"{one.rule}\0{key}".encode("utf-8", "surrogateescape")).hexdigest()
        seen[one.path, base] += 1
        fingerprint = f"{base[:32]}:{seen[one.path, base]}"
        # What is new on one of the machines is new.
        since = NEW if NEW in states else min(states)
        numbered.append(replace(one, fingerprint=fingerprint, since=since))
    return sorted(numbered, key=lambda one: (one.allowed, Severity.rank_of(one.severity)))


def all_findings(review: Review) -> Iterator[Finding]:
    """The findings, and the reasons of a red verdict that none of them says."""
    yield from review.findings
    if review.verdict.level != NETWORK:
        return
    for reason in unsaid_reasons(review):
        yield Finding(
            rule=NETWORK_LOST,
            severity=Severity.ERROR.value,
            message=reason,
            where="",
            hint="",
        )


def unsaid_reasons(review: Review) -> list[str]:
    """The reasons of the verdict that no finding says."""
    said = [one.message for one in review.findings]
    return [one for one in review.verdict.reasons if not any(text in one for text in said)]


def _since(review: Review, finding: Finding) -> str:
    """Whether the base has it too; of a reason of the verdict, whether that is one there."""
    base = review.against
    if base is None:
        return ""
    if finding.rule == NETWORK_LOST:
        return UNCHANGED if finding.message in base.verdict.reasons else NEW
    return NEW if finding in base.new_findings else UNCHANGED


def _of_one(review: Review) -> Iterator[tuple[Result, str, str]]:
    for one in all_findings(review):
        path, is_named = file_of(review, one.file or None, one.where.partition(":")[0])
        key = _key(review, one)
        message = f"{key}: {one.message}" if key else one.message
        result = Result(
            rule=one.rule,
            severity=one.severity,
            message=in_one_line(message),
            hint=in_one_line(one.hint),
            path=in_checkout(review, path),
            span=one.span if one.span is not None and is_named else _first_line(review, path),
            allowed=one.allowed,
            fingerprint="",
        )
        # Without a key there is the sentence, which names what it is about.
        yield result, key or one.message, _since(review, one)


def _key(review: Review, finding: Finding) -> str:
    """The key path, or what stands for it: a finding's place without the input's name and line."""
    if finding.key:
        return finding.key_path
    where = finding.where
    for name in filter(None, (finding.file or None, review.network_config)):
        if where.startswith(name):
            where = where[len(name) :]
            break
    return _LINE.sub("", where).lstrip(": ")


def _first_line(review: Review, path: str) -> Span:
    text = next((one.text for one in review.inputs if one.name == path), "")
    first = text.partition("\n")[0]
    return Span(1, 1, 1, max(len(first), 1) + 1)
