"""What is known of a machine, and the words that say it.

Apart from the rest of the model because this is all that the hook needs of it,
which is started at every event of a VF.
"""

from __future__ import annotations

from enum import Enum

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.places import Where


class System(str, Enum):
    """The guest's operating system."""

    LINUX = "linux"
    FREEBSD = "freebsd"


class Kind(str, Enum):
    """What sort of network device a NIC is.

    Only an ETHERNET device can be half of a pair.  FAILOVER is the master
    that virtio_net's standby feature creates above a pair the kernel owns.
    """

    ETHERNET = "ethernet"
    FAILOVER = "failover"
    BOND = "bond"
    LAGG = "lagg"
    BRIDGE = "bridge"
    VLAN = "vlan"
    MACVLAN = "macvlan"
    VRF = "vrf"
    TUNNEL = "tunnel"
    LOOPBACK = "loopback"
    OTHER = "other"


class Mode(str, Enum):
    """What a pair needs (DESIGN: Words)."""

    AGGREGATE = "aggregate"
    TRANSPARENT = "transparent"
    VF_ONLY = "vf-only"
    SYNTHETIC_ONLY = "synthetic-only"


class Severity(str, Enum):
    """How much a finding matters: an ERROR makes the command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @staticmethod
    def rank_of(word: str) -> int:
        """How many severities are worse than the one of this word; of all, where it is of none."""
        worst_first = [one.value for one in Severity]
        return worst_first.index(word) if word in worst_first else len(worst_first)


class Nic(NamedTuple):
    """One network device as the kernel shows it.

    MAC addresses are lower case with colons.  `driver` is the name the bus
    knows the driver by (mlx4_core, hv_netvsc; on FreeBSD hn, mce).  `bus` is
    `vmbus`, `pci`, `virtio` or None for a device made of software; `device`
    is the path of the bus device below /sys (FreeBSD: its nexus name).
    `lowers` are the devices stacked below this one.  `state` is up, down or
    unknown.  `counts_vf` tells of hv_netvsc whether it counts what its VF carries, as
    one does that takes the VF itself; None where that was not asked.
    """

    name: str
    kind: Kind = Kind.ETHERNET
    mac: str | None = None
    permanent_mac: str | None = None
    driver: str | None = None
    bus: str | None = None
    device: str | None = None
    vmbus_class_id: str | None = None
    master: str | None = None
    lowers: tuple[str, ...] = ()
    state: str = "unknown"
    mtu: int | None = None
    counts_vf: bool | None = None

    @property
    def hardware_mac(self) -> str | None:
        """The address burnt in, or the current one where the kernel shows no other."""
        return self.permanent_mac or self.mac


def at_least(severity: Severity) -> tuple[Severity, ...]:
    """This severity and those that are worse, the worst first."""
    return tuple(Severity)[: Severity.rank_of(severity.value) + 1]


class Finding(NamedTuple):
    """Something a person should know: a constant rule id, a sentence, a place, a hint.

    `where` is text where it is not about a part of a file: a NIC, an option, a program.
    """

    rule: str
    severity: Severity
    message: str
    where: Where = ""
    hint: str = ""

    def document(self) -> dict[str, Any]:
        """Its fields as JSON has them, everywhere that a finding is told in JSON.

        `where` is text; `file`, `key`, `line`, `column`, `end_line` and `end_column` are there
        as far as they are known.
        """
        where = self.where
        parts = {} if isinstance(where, str) else where.document()
        return {**self._asdict(), "severity": self.severity.value, "where": str(where), **parts}


class Inventory(NamedTuple):
    """The NICs of one machine and the kernel's facts about pairs.

    `vf_transparent` is FreeBSD's `hw.hn.vf_transparent` (None: no such sysctl,
    an old kernel, which means non-transparent).  `vf_map` is `hw.hn.vfmap` as
    (synthetic, VF) names.  `taken_macs` are the addresses of Linux's synthetic NICs
    that another program has (DPDK), so that their VFs are its too.
    """

    system: System
    kernel: str
    nics: tuple[Nic, ...]
    vf_transparent: bool | None = None
    vf_map: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    taken_macs: tuple[str, ...] = ()
