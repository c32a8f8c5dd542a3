"""What is made of a pair, in a few words."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.review.model import Pair


def becomes(pair: Pair) -> str:
    """Its mode with the name of its aggregate; that there is none where it needs one."""
    if pair.aggregate:
        return f"{pair.mode} {pair.aggregate}"
    return "needs an aggregate, left alone" if pair.mode == "aggregate" else pair.mode
