"""How long a VF took from its appearance to carrying traffic, from what the guest's agent noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Arrival:
    """Seconds on the guest's clock; None where it has not come to that.

    `joined` is from the netdev's appearance to its being in the bond, `link`
    from the appearance to the first carrier as a member, and `carrying` from
    that to the first frame sent as the active member.
    """

    joined: float | None
    link: float | None
    carrying: float | None


def arrival(notes: Iterable[dict[str, Any]], vf: str) -> Arrival:
    """The last arrival of the NIC that is now called `vf`; its name may have changed on the way."""
    said = list(notes)
    index = max(
        (one["index"] for one in said if one["what"] == "link" and one["name"] == vf), default=None
    )
    own = [one for one in said if one["what"] == "link" and one["index"] == index]
    if not own:
        return Arrival(None, None, None)
    appeared = own[0]["at"]
    joined = _first(own, lambda one: one["master"] != 0)
    carrier = _first(own, lambda one: one["master"] != 0 and one["carrier"])
    sends = _first(
        said, lambda one: one["what"] == "sends" and one["name"] == vf and one["at"] >= appeared
    )
    return Arrival(
        joined=_between(appeared, joined),
        link=_between(appeared, carrier),
        carrying=_between(carrier, sends),
    )


def _first(notes: Iterable[dict[str, Any]], wanted: Any) -> float | None:
    return next((one["at"] for one in notes if wanted(one)), None)


def _between(start: float | None, end: float | None) -> float | None:
    # The agent may hear of the frame before it has read the message about the link.
    return None if start is None or end is None else max(0.0, end - start)
