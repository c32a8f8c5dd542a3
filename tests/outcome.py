"""How a program ended that a test has run, wherever it ran."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Exit status and both outputs."""

    status: int
    out: str
    err: str
