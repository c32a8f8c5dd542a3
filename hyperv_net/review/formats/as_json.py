"""A review as the document hyperv-net/plan/2."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.document import as_plain
from hyperv_net.review.json_text import json_text

if TYPE_CHECKING:
    from hyperv_net.review.model import Review


def draw(review: Review) -> str:
    """The document; keys are only ever added within a version of it."""
    return json_text(as_plain(review))
