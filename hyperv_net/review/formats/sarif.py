"""Reviews as SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for and within its limits.

Which properties are required, and how long and how many they may be, is said in docs.github.com,
"SARIF support for code scanning" (github/docs: content/code-security/code-scanning/
integrating-with-code-scanning/sarif-support-for-code-scanning.md and data/reusables/
code-scanning/sarif-limits.md).  A file beyond a limit is refused whole, so what is too much is
left out here, the mildest first, and a notification of the run says so.

With a base each result has its `baselineState` (SARIF 2.1.0, 3.27.24), new or unchanged.  The
same page lists all properties that are read there, and that is none of them: a result that is
`absent` would be an alert about what is gone.  So a notification counts those.
"""

from __future__ import annotations

import gzip

from hyperv_net import __version__
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.locating import uri_of
from hyperv_net.review.formats.results import results
from hyperv_net.review.formats.rule_texts import rule_texts
from hyperv_net.review.json_text import json_text
from hyperv_net.review.layout import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from hyperv_net.review.formats.results import Result
    from hyperv_net.review.model import Review

#: The schema's own name (OASIS, errata 01).
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

#: GitHub's limits: results of a run, characters of a description, bytes of the file gzipped.
MOST_RESULTS = 25_000
LONGEST = 1_024
LARGEST = 10_000_000

#: What `level` is called in `problem.severity`.
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def draw_all(reviews: Sequence[Review]) -> str:
    """One run with the findings of all reviews."""
    found = results(reviews)
    number = min(len(found), MOST_RESULTS)
    while True:
        notifications = list(_notifications(found[:number], reviews, len(found) - number))
        text = json_text(_log(found[:number], notifications))
        size = len(gzip.compress(text.encode("ascii"), mtime=0))
        if size <= LARGEST or not number:
            return text
        number = number * LARGEST // size * 9 // 10


def _log(found: Sequence[Result], notifications: Sequence[dict[str, Any]]) -> dict[str, Any]:
    rules = list(dict.fromkeys(one.rule for one in found))
    drawn = [_result(one, rules.index(one.rule)) for one in found]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "hyperv-net",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule, found) for rule in rules],
                        "notifications": [{"id": one["descriptor"]["id"]} for one in notifications],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {"executionSuccessful": True, "toolExecutionNotifications": notifications}
                ],
                "results": drawn,
            }
        ],
    }


def _notifications(
    found: Sequence[Result], reviews: Sequence[Review], left_out: int
) -> Iterator[dict[str, Any]]:
    """What is not in the file: because of a limit, or since it is gone."""
    if left_out:
        yield _notification(
            "results-left-out",
            f"{count(left_out, 'finding')} left out: GitHub takes {MOST_RESULTS} of a run, and "
            f"{LARGEST} bytes of a file gzipped",
        )
    long = sum(len(_message(one)) > LONGEST for one in found)
    if long:
        yield _notification("messages-cut", f"{count(long, 'message')} cut to {LONGEST} characters")

    gone = sum(len(one.against.gone_findings) for one in reviews if one.against is not None)
    if gone:
        told = f"{count(gone, 'finding')} of the base {'is' if gone == 1 else 'are'} gone"
        yield _notification("findings-gone", told, "note")


def _notification(name: str, text: str, level: str = "warning") -> dict[str, Any]:
    return {"descriptor": {"id": name}, "level": level, "message": {"text": text}}


def _rule(rule: str, found: Sequence[Result]) -> dict[str, Any]:
    texts = rule_texts(rule)
    level = next(one.severity for one in found if one.rule == rule)
    return {
        "id": rule,
        "name": rule,
        "shortDescription": {"text": _cut(_literal(texts.title))},
        "fullDescription": {"text": _cut(_literal(texts.why))},
        "help": {"text": _literal(f"{texts.why}\n\n{texts.mend}")},
        "defaultConfiguration": {"level": level},
        "properties": {
            "precision": "very-high",
            "problem.severity": _PROBLEM[level],
            "tags": ["network"],
        },
    }


def _result(one: Result, index: int) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": _cut(_message(one))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri_of(one.path)},
                    "region": {
                        "startLine": one.span.line,
                        "startColumn": one.span.column,
                        "endLine": one.span.end_line,
                        "endColumn": one.span.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": one.fingerprint},
    }
    if one.since:
        drawn["baselineState"] = one.since
    if one.allowed:
        drawn["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return drawn


def _message(one: Result) -> str:
    """The sentence, and what to do as a second one: where space is short the first is shown."""
    if not one.hint:
        return _literal(one.message)
    end = "" if one.hint.endswith(("?", "!", ".")) else "."
    return _literal(f"{one.message}. {one.hint[:1].upper()}{one.hint[1:]}{end}")


def _literal(text: str) -> str:
    """A text as a message string of SARIF, in which neither a placeholder nor a link is.

    Braces are doubled, and a link is `[text](destination)` (SARIF 2.1.0, 3.11.5 and 3.11.6).
    """
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    kept = text[: LONGEST - 1]
    # Half of a doubled brace would be a placeholder's.
    odd = next((brace for brace in "{}" if (len(kept) - len(kept.rstrip(brace))) % 2), "")
    return f"{kept[: -1 if odd else None]}…"
