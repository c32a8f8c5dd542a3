"""What of a NIC can be tuned, and which NICs of which pairs are to be.

A small list, wished for where a VF loses it at every return (flatcar/Flatcar issue 1458,
Azure/azure-vm-utils issue 81, scylladb/scylladb issue 21554).  The affinity of interrupts is
irqbalance's, and the MTU is the aggregate's, which the network config has.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A NIC's settings in order, each as a text: a qdisc's kind, a number, `on` or `off`.
Tuning = tuple[tuple[str, str], ...]

VF, SYNTHETIC = "vf", "synthetic"

QDISC = "qdisc"
#: The number of combined channels, and of entries in a ring.
NUMBERS = ("channels", "rx_ring", "tx_ring")
OFFLOADS = ("rx_checksum", "tx_checksum", "sg", "tso", "gso", "gro", "lro", "ntuple", "rxhash")
SETTINGS = (QDISC, *NUMBERS, *OFFLOADS)

# Compiled when they are needed, which they are at few events of a VF.
#: Of a qdisc that needs no parameters (IFNAMSIZ of TCA_KIND in net/sched/sch_api.c).
_KIND = r"[a-z][a-z0-9_]{0,14}\Z"
_NUMBER = r"[1-9][0-9]{0,5}\Z"


class TuningRule(NamedTuple):
    """What one kind of NIC is to have, VF or SYNTHETIC, of one pair, or of all where it is ''.

    A pair is named by its synthetic NIC, its aggregate or its MAC address.
    """

    nic: str
    pair: str
    settings: Tuning


def checked(setting: str, text: str) -> str | None:
    """The text, where a NIC's setting can be that; None otherwise."""
    if setting == QDISC:
        return text if re.match(_KIND, text) else None
    if setting in NUMBERS:
        return text if re.match(_NUMBER, text) else None
    return text if setting in OFFLOADS and text in ("on", "off") else None


def tuning_of(rules: Iterable[TuningRule], nic: str, names: Iterable[str]) -> Tuning:
    """What the rules say of one NIC of the pair that goes by `names`; the last one counts."""
    pairs = {"", *names}
    merged: dict[str, str] = {}
    for rule in rules:
        if rule.nic == nic and rule.pair in pairs:
            merged.update(rule.settings)
    return tuple((one, merged[one]) for one in SETTINGS if one in merged)
