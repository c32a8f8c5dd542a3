"""A review as the document hyperv-net/plan/2, several as hyperv-net/reviews/1."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.document import as_plain
from hyperv_net.review.json_text import json_text
from hyperv_net.review.model import OF_SEVERAL, Reviews

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.review.model import Review


def draw_all(reviews: Sequence[Review]) -> str:
    """The document of one, or that of several; keys are only ever added within a version of it."""
    several = Reviews(OF_SEVERAL, tuple(reviews))
    return json_text(as_plain(reviews[0] if len(reviews) == 1 else several))
