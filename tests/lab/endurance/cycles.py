"""What a VF does in each cycle: kinds that take turns, under names and drivers that change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.lab.machine import OTHER_SLOT, SLOT

SUDDEN = "sudden"
DRAINED = "drained first"
DRAIN_TAKEN_BACK = "drained, and taken back"
OTHER_NAME = "back under another name"
OTHER_DRIVER = "back under another name and driver"
FLAPPING = "its link flaps, and it goes while that is down"
GONE_IN_JOIN = "gone again while it joins"
GONE_AT_ONCE = "gone again at once"

TURNS = (
    *(SUDDEN, OTHER_NAME, DRAINED, GONE_IN_JOIN, OTHER_DRIVER),
    *(FLAPPING, SUDDEN, DRAIN_TAKEN_BACK, GONE_AT_ONCE, OTHER_NAME),
)
"""The kinds in the order in which they come, again and again: each finds either driver in turn."""

DRIVERS = ("e1000e", "vmxnet3")
"""Devices of QEMU that have message-signalled interrupts, and modules that drive them.

Those of a device without them (e1000, rtl8139) do not arrive where it is plugged later:
such a VF sends and never receives.
"""


@dataclass(frozen=True)
class Cycle:
    """One leaving and coming back; slot and driver are those it comes back with."""

    number: int
    kind: str
    slot: int
    driver: str


def cycles(count: int) -> Iterator[Cycle]:
    """The first `count` cycles, numbered from 1; the VF was in SLOT under the first driver."""
    slot, driver = SLOT, 0
    for number in range(1, count + 1):
        kind = TURNS[(number - 1) % len(TURNS)]
        if kind in (OTHER_NAME, OTHER_DRIVER):
            slot = SLOT + OTHER_SLOT - slot
        if kind == OTHER_DRIVER:
            driver = 1 - driver
        yield Cycle(number, kind, slot, DRIVERS[driver])
