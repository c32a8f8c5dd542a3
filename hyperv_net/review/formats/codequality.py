"""Reviews as a report of GitLab's code quality.

The fields, and that equal fingerprints are shown as one, are told by GitLab's documentation
(gitlabhq/gitlabhq: doc/ci/testing/code_quality.md, app/validators/json_schemas/
codeclimate.json).  It has no word for a finding that is allowed, so these are not in it.
"""

from __future__ import annotations

import hashlib

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.results import results
from hyperv_net.review.json_text import json_text
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.review.formats.results import Result
    from hyperv_net.review.model import Review

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def draw_all(reviews: Sequence[Review]) -> str:
    """The findings of all reviews, each with a fingerprint of its own."""
    return json_text([_degradation(one) for one in results(reviews) if not one.allowed])


def _degradation(one: Result) -> dict[str, Any]:
    name = f"{one.path}\0{one.fingerprint}".encode("utf-8", "surrogateescape")
    return {
        "description": f"{one.message} ({one.hint})" if one.hint else one.message,
        "check_name": one.rule,
        "fingerprint": hashlib.sha256(name).hexdigest(),
        "severity": _SEVERITIES[one.severity],
        "location": {
            "path": visible(one.path),
            "lines": {"begin": one.span.line, "end": one.span.end_line},
        },
    }
