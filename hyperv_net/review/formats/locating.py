"""Which file a finding is shown at in a report, and how that file is named there."""

from __future__ import annotations

from urllib.parse import quote

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.review.model import Review


def file_of(review: Review, *names: str | None) -> tuple[str, bool]:
    """The first input among the files that a finding names, and whether there is one.

    What names no file, or one that is only rendered, is about the network config.
    """
    known = {one.name for one in review.located} | {one.name for one in review.inputs}
    for name in names:
        if name in known:
            return name, True
    if review.network_config in known:
        return review.network_config, False
    return review.inventory or review.network_config, False


def in_checkout(review: Review, name: str) -> str:
    """The file as its checkout names it; one that nobody has located goes by its name."""
    return next((one.path for one in review.located if one.name == name), name)


def uri_of(path: str) -> str:
    """A path of `in_checkout` as a URI reference (RFC 3986)."""
    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{encoded}" if path.startswith("/") else encoded
