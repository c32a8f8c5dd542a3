"""Lanes: what several actors were at the moments of a story, a column a moment."""

from __future__ import annotations

from dataclasses import dataclass

#: Kinds of parts: the VF carries the traffic, the synthetic NIC does, or it is off.
BY_VF, BY_SYNTHETIC, OFF = "v", "y", "n"


@dataclass(frozen=True)
class Part:
    """A part of a lane, as wide as so many columns; `kind` is one of those above, or empty."""

    text: str
    kind: str
    columns: int


@dataclass(frozen=True)
class Lane:
    """What one actor is at the moments."""

    name: str
    parts: tuple[Part, ...]
