"""The findings of any number of reviews as reports for CI list them: one a place, with a name.

The name ("fingerprint") is what a finding is known by from one commit to the next, so it is
made of the rule and the key path, and not of lines, which move.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

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


def results(reviews: Iterable[Review]) -> list[Result]:
    """All findings, the most severe first; what two machines have in common is there once."""
    found = dict.fromkeys(one for review in reviews for one in _of_one(review))
    seen = Counter[tuple[str, str]]()
    numbered = []
    for one, key in found:
        base = hashlib.sha256(f"{one.rule}\0{key}".encode("utf-8", "surrogateescape")).hexdigest()
        seen[one.path, base] += 1
        fingerprint = f"{base[:32]}:{seen[one.path, base]}"
        numbered.append(Result(**{**vars(one), "fingerprint": fingerprint}))
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


def _of_one(review: Review) -> Iterator[tuple[Result, str]]:
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
        yield result, key or one.message


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
