"""The values that flow from the facts to the text.

Every type here is frozen: a stage of the flow receives some of them and
returns others, and nothing is changed on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from hyperv_net.tree import Node, Path, Scalar


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


@dataclass(frozen=True)
class Nic:
    """One network device as the kernel shows it.

    MAC addresses are lower case with colons.  `driver` is the name the bus
    knows the driver by (mlx4_core, hv_netvsc; on FreeBSD hn, mce).  `bus` is
    `vmbus`, `pci`, `virtio` or None for a device made of software; `device`
    is the path of the bus device below /sys (FreeBSD: its nexus name).
    `lowers` are the devices stacked below this one.  `state` is up, down or
    unknown.
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

    @property
    def hardware_mac(self) -> str | None:
        """The address burnt in, or the current one where the kernel shows no other."""
        return self.permanent_mac or self.mac


class Severity(str, Enum):
    """How much a finding matters: an ERROR makes the command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """Something a person should know: a constant rule id, a sentence, a place, a hint."""

    rule: str
    severity: Severity
    message: str
    where: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Inventory:
    """The NICs of one machine and the kernel's facts about pairs.

    `vf_transparent` is FreeBSD's `hw.hn.vf_transparent` (None: no such sysctl,
    an old kernel, which means non-transparent).  `vf_map` is `hw.hn.vfmap` as
    (synthetic, VF) names.
    """

    system: System
    kernel: str
    nics: tuple[Nic, ...]
    vf_transparent: bool | None = None
    vf_map: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two NICs that are one card, or one of them while the other is away."""

    mac: str
    synthetic: Nic | None
    vf: Nic | None


class Mode(str, Enum):
    """What a pair needs (DESIGN: Words)."""

    AGGREGATE = "aggregate"
    TRANSPARENT = "transparent"
    VF_ONLY = "vf-only"
    SYNTHETIC_ONLY = "synthetic-only"


@dataclass(frozen=True)
class Decision:
    """A pair's mode, the reason in one sentence, and the evidence it rests on.

    `aggregate` is the name of an aggregate that exists over the synthetic NIC.
    """

    pair: Pair
    mode: Mode
    reason: str
    evidence: tuple[str, ...] = ()
    aggregate: str | None = None


class AggregatePolicy(str, Enum):
    """The setting `aggregate`: where an aggregate is wanted."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True)
class Settings:
    """hyperv-net's own settings (`hyperv_net:` in cloud.cfg.d, or options)."""

    enabled: bool = True
    aggregate: AggregatePolicy = AggregatePolicy.AUTO
    synthetic_drivers: tuple[str, ...] = ("hv_netvsc",)
    mii_monitor_interval: int = 100


@dataclass(frozen=True)
class NetworkConfig:
    """A network config, read and checked, in version 2's shape.

    `tree` is a mapping with `version`, perhaps `renderer`, and one mapping a
    device type (`ethernets`, `bonds`, …).  What version 1 can say and version
    2 cannot stands under keys of its own: top level `nameservers` and
    `routes` (no device), and in a device `control` (auto, manual, hotplug,
    off) and `dhcp6-stateless`.  Each node knows the places in the file it came from;
    `leaves` are all leaves of the file, and `dropped` those that could not
    be brought into this shape, with the reason.
    """

    source: str
    tree: Node
    leaves: tuple[tuple[Path, Scalar], ...]
    dropped: tuple[tuple[Path, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Aggregate:
    """One failover aggregate in a rewritten configuration.

    `name` is both its id in the tree (below `bonds`) and its interface name.
    `synthetic_id` and `vf_id` are the members' ids below `ethernets`.
    `administrators` is true where the configuration already had it.
    """

    name: str
    pair: Pair
    synthetic_id: str
    vf_id: str
    administrators: bool = False


@dataclass(frozen=True)
class Rewritten:
    """A configuration after the rewrite, and all a renderer needs besides.

    `interfaces` gives for each id below `ethernets` the name the interface
    bears once configured (after set-name); `kernel_names` the name it has
    before that.  An id that no NIC of the inventory answers to is in neither,
    and a renderer takes the id (or set-name) itself; a VF that is away has no
    name at all.  `inventory` is the machine's.  `refused` are leaves of the
    file (by origin) that found no place, with the reason.
    """

    tree: Node
    aggregates: tuple[Aggregate, ...]
    interfaces: Mapping[str, str]
    kernel_names: Mapping[str, str]
    inventory: Inventory
    settings: Settings = field(default_factory=Settings)
    findings: tuple[Finding, ...] = ()
    refused: tuple[tuple[Path, str], ...] = ()

    @property
    def member_ids(self) -> frozenset[str]:
        """The ids of all members of aggregates."""
        return frozenset(one for each in self.aggregates for one in (each.synthetic_id, each.vf_id))


@dataclass(frozen=True)
class RenderedFile:
    """One file of the result: path below the root without a leading slash, text, mode."""

    path: str
    text: str
    mode: int = 0o644


@dataclass(frozen=True)
class Rendered:
    """What a renderer returns.

    `places` tells for every leaf of the rewritten tree that is in the text
    where it is (`etc/rc.conf: ifconfig_lagg0`); `dropped` those the target
    cannot express, with the reason.
    """

    files: tuple[RenderedFile, ...]
    places: Mapping[Path, str]
    dropped: Mapping[Path, str]
    findings: tuple[Finding, ...] = ()
