"""The formats that a review is drawn in: a module each, with `draw(review) -> str`."""

from __future__ import annotations

import importlib
from typing import Protocol

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.review.model import Review

#: Name on the command line → module here.
FORMATS = {
    "text": "text",
    "json": "as_json",
    "html": "html",
}


class Format(Protocol):
    """What a module of a format has."""

    def draw(self, review: Review) -> str:
        """The whole text of the review in this format."""


def load(name: str) -> Format:
    """The format's module; with it the libraries that it draws with are imported."""
    module: Format = importlib.import_module(f"{__name__}.{FORMATS[name]}")
    return module
