"""A review as the document hyperv-net/plan/2."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.document import as_plain
from hyperv_net.review.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.review.model import Review


def draw_all(reviews: Sequence[Review]) -> str:
    """The document, or a list of them; keys are only ever added within a version of it."""
    return json_text(as_plain(reviews[0] if len(reviews) == 1 else list(reviews)))
