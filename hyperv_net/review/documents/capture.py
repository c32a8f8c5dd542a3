"""The type of hyperv-net/capture/1, which `inventory.answers` makes and reads at every start.

So that is no place for dataclasses; a test holds what it writes against this.
"""

from dataclasses import dataclass
from typing import Annotated, Optional

from hyperv_net.facts import System


@dataclass(frozen=True)
class NotCaptured:
    """What could not be read, for people."""

    path: str
    why: str


@dataclass(frozen=True)
class CaptureDocument:
    """What a machine's kernel and tools answered, which no copy of its /sys has."""

    schema: str
    system: System
    program: Annotated[Optional[str], "the release that made it"] = None
    permanent_addresses: Annotated[
        Optional[dict[str, Optional[str]]], "Linux: of each card its permanent MAC"
    ] = None
    driver_statistics: Annotated[
        Optional[dict[str, dict[str, int]]], "Linux: of each card that counts, by counter"
    ] = None
    link_addresses: Annotated[
        Optional[dict[str, Optional[str]]], "FreeBSD: of each interface its address"
    ] = None
    left_out: Optional[tuple[NotCaptured, ...]] = None
