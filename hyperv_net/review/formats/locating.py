"""Where a file of a review is for those who read the checkout that it is in.

A report for CI names files as the repository does: relative to its top, with links resolved,
since what is reported for a link is not shown (docs.github.com, "SARIF support for code
scanning": relative paths are from the root of the repository; GitLab's code quality too).
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.review.model import Review


def file_of(review: Review, *names: str | None) -> tuple[str, bool]:
    """The first input among the files that a finding names, and whether there is one.

    What names no file, or one that is only rendered, is about the network config.
    """
    for name in names:
        if name:
            found = _found(review, name)
            if found is not None:
                return found, True
    found = _found(review, review.network_config)
    return found or review.inventory or review.network_config, False


def _found(review: Review, name: str) -> str | None:
    """The path of a file that a review names by itself, or below its root."""
    path = Path(name)
    places = [path] if review.root is None or path.is_absolute() else [path, review.root / path]
    return next((str(one) for one in places if _is_path(str(one)) and one.is_file()), None)


def _is_path(name: str) -> bool:
    """Whether it may be one: what a review names is in part somebody else's."""
    return "\0" not in name


def in_checkout(path: str) -> str:
    """The path from the top of the checkout that it is in, else from here, with slashes.

    One outside of both stays absolute.
    """
    if not _is_path(path):
        return path
    real = Path(path).resolve()
    here = Path.cwd().resolve()
    top = next((one for one in real.parents if (one / ".git").exists()), here)
    return real.relative_to(top).as_posix() if top in real.parents else real.as_posix()


def uri_of(path: str) -> str:
    """A path of `in_checkout` as a URI reference (RFC 3986)."""
    encoded = quote(os.fsencode(path), safe="/")
    return f"file://{encoded}" if path.startswith("/") else encoded
