"""The formats that a review is drawn in: a module each.

A module has `draw(review) -> str`, the text of one machine's review, or
`draw_all(reviews) -> str`, one text of any number of them; a report for CI is of all machines.
With `draw` there may be `draw_folder(reviews)`, the texts of several by the names of their files.
"""

from __future__ import annotations

import importlib

from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.review.model import Review

#: Name on the command line → module here.
FORMATS = {
    "text": "text",
    "json": "as_json",
    "html": "html",
    "markdown": "markdown",
    "sarif": "sarif",
    "codequality": "codequality",
    "junit": "junit",
    "terraform": "terraform",
}


class MissingLibraryError(HypervNetError):
    """A format cannot be drawn, since the library that it is drawn with is not installed."""


#: What formats are drawn with besides Python → the package of Debian that has it.
LIBRARIES = {
    "jinja2": "python3-jinja2",
    "pygments": "python3-pygments",
    "junitparser": "python3-junitparser",
}


def load(name: str) -> Any:
    """The format's module; with it the libraries that it draws with are imported.

    Raises MissingLibraryError where one of them is not there.
    """
    try:
        return importlib.import_module(f"{__name__}.{FORMATS[name]}")
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in LIBRARIES:
            raise
        raise MissingLibraryError(
            f"needs the library {library}, which this Python has not",
            where=f"format {name}",
            hint=f"install {LIBRARIES[library]}, or hyperv-net[review] with pip",
        ) from None


def has_folder(name: str) -> bool:
    """Whether the texts of several reviews in this format are a folder, a file each."""
    return hasattr(load(name), "draw_folder")


def draw_folder(name: str, reviews: Sequence[Review]) -> dict[str, str]:
    """The texts of reviews by the names of their files, in a format that `has_folder`."""
    folder: dict[str, str] = load(name).draw_folder(reviews)
    return folder


def draw(name: str, reviews: Sequence[Review]) -> str:
    """The text of the reviews, of which there is at least one.

    Raises UsageError for several in a format that is of one machine.
    """
    module = load(name)
    if hasattr(module, "draw_all"):
        return str(module.draw_all(reviews))
    if len(reviews) > 1:
        raise UsageError(
            f"it is of one machine, and {len(reviews)} are reviewed",
            where=f"format {name}",
            hint="review each by itself",
        )
    return str(module.draw(reviews[0]))
