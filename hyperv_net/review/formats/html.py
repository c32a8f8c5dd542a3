"""A review as a page for a browser: one file, with all that it needs in it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.page.making import page_of

if TYPE_CHECKING:
    from hyperv_net.review.model import Review


def draw(review: Review) -> str:
    """The page.  Needs Jinja2 and Pygments (`hyperv-net[review]`)."""
    return page_of(review)
