"""Where the files of a review are for those who read the checkout that they are in.

A report for CI names files as the repository does: relative to its top, with links resolved,
since what is reported for a link is not shown (docs.github.com, "SARIF support for code
scanning": relative paths are from the root of the repository; GitLab's code quality too).
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import model

if TYPE_CHECKING:
    from collections.abc import Iterator


def located(review: model.Review) -> model.Review:
    """The review with the files that it names and that are there, as their checkout names them."""
    names = (review.network_config, review.inventory, *_of_findings(review))
    known = {}
    # A name is looked up once: there are fewer than findings.
    for name in dict.fromkeys(filter(None, names)):
        path = _path(review, name)
        if path is not None:
            known[name] = in_checkout(path)
    found = tuple(model.Located(name, path) for name, path in known.items())
    return dataclasses.replace(review, located=found)


def located_as_named(review: model.Review) -> model.Review:
    """The review of files of which nothing is read, each where its name says: links stay links.

    Git has a link as a file, and nothing of what is behind it.
    """
    names = dict.fromkeys(one.file for one in review.findings if isinstance(one.file, str))
    found = tuple(model.Located(name, _as_named(name)) for name in names)
    return dataclasses.replace(review, located=found)


def _as_named(name: str) -> str:
    named, here = Path(os.path.abspath(name)), Path.cwd()  # noqa: PTH100
    top = _top(here) or here
    if top not in named.parents:
        return named.as_posix()
    below = [one for one in (*reversed(named.parents), named) if top in one.parents]
    path = next((one for one in below if one.is_symlink()), named)
    return path.relative_to(top).as_posix()


def _of_findings(review: model.Review) -> Iterator[str | None]:
    for one in review.findings:
        yield one.file or None
        yield one.where.partition(":")[0]


def _path(review: model.Review, name: str) -> Path | None:
    """The file that a review names by itself or below its root; a config may be gone."""
    if "\0" in name:
        return None
    path = Path(name)
    places = [path] if review.root is None or path.is_absolute() else [path, review.root / path]
    there = next((one for one in places if one.is_file()), None)
    is_told = name in (review.network_config, review.inventory) and ("/" in name or "." in name)
    return path if there is None and is_told else there


def in_checkout(path: Path) -> str:
    """The path from the top of the checkout that it is in, else from here, with slashes.

    One outside of both stays absolute.
    """
    real = path.resolve()
    top = _top(real.parent) or Path.cwd().resolve()
    return real.relative_to(top).as_posix() if top in real.parents else real.as_posix()


def _top(folder: Path) -> Path | None:
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
