"""A review as a page for a browser: one file, with all that it needs in it.

Several reviews are a folder of such pages with one that leads to them.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.machines import machine_names
from hyperv_net.review.page.making import index_of, page_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.review.model import Review


_INDEX = "index.html"


def draw(review: Review) -> str:
    """The page.  Needs Jinja2 and Pygments (`hyperv-net[review]`)."""
    return page_of(review)


def draw_folder(reviews: Sequence[Review]) -> dict[str, str]:
    """A page for each, and `index.html`, which leads to them with the worst first."""
    names = machine_names(reviews)
    digits = len(str(len(names)))
    files = [
        f"{number:0{digits}}-{re.sub('[^A-Za-z0-9]+', '-', name)[-60:].strip('-')}.html"
        for number, name in enumerate(names, 1)
    ]
    pages = {file: page_of(review, _INDEX) for file, review in zip(files, reviews)}
    return {_INDEX: index_of([*zip(names, files, reviews)]), **pages}
