"""The type of hyperv-net/inventory/1.

`inventory.snapshot` makes and reads it, which is no place for dataclasses: its stage knows
nothing of what is shown.  Tests hold all that it prints against this.  What has a default
here may be missing in a file that is read.
"""

from dataclasses import dataclass
from typing import Annotated, Optional, Union

from hyperv_net.facts import Kind, Severity, System
from hyperv_net.review.model import Pair


@dataclass(frozen=True)
class NicOfInventory:
    """A NIC."""

    name: str
    kind: Optional[Kind] = Kind.ETHERNET
    mac: Annotated[Optional[str], "current address"] = None
    permanent_mac: Annotated[Optional[str], "address burnt in, where the system tells"] = None
    driver: Annotated[Optional[str], "of the bus device: hv_netvsc, mlx5_core, hn, mce"] = None
    bus: Annotated[Optional[str], "vmbus, pci, virtio, …; null for a device made of software"] = (
        None
    )
    device: Annotated[
        Optional[str], "path of the bus device in /sys; on FreeBSD the device's own name"
    ] = None
    vmbus_class_id: Annotated[Optional[str], "VMBus class of a Hyper-V device"] = None
    master: Annotated[Optional[str], "the bond, bridge, lagg or other device it belongs to"] = None
    lowers: Annotated[Optional[tuple[str, ...]], "the devices stacked below it"] = ()
    state: Annotated[Optional[str], "up, down or unknown"] = "unknown"
    mtu: Annotated[Optional[int], "bytes"] = None
    counts_vf: Annotated[
        Optional[bool],
        "of hv_netvsc: whether it has the counters vf_*, as one has that takes the VF itself; "
        "null where it was not asked",
    ] = None


@dataclass(frozen=True)
class VfMapEntry:
    """One of FreeBSD's hw.hn.vfmap."""

    synthetic: str
    vf: str


@dataclass(frozen=True)
class FindingOfInventory:
    """What could not be read."""

    rule: str
    severity: Severity
    message: str
    where: Optional[str] = ""
    hint: Optional[str] = ""
    file: Optional[str] = None
    key: Optional[tuple[Union[str, int], ...]] = None
    line: Optional[int] = None
    column: Optional[int] = None
    end_line: Optional[int] = None
    end_column: Optional[int] = None


@dataclass(frozen=True)
class InventoryDocument:
    """The NICs of one machine, and its kernel's facts about pairs."""

    schema: str
    system: System
    nics: tuple[NicOfInventory, ...]
    kernel: Annotated[Optional[str], "release, as `uname -r` prints it"] = ""
    vf_transparent: Annotated[
        Optional[bool], "FreeBSD's hw.hn.vf_transparent; null where there is no such sysctl"
    ] = None
    vf_map: Optional[tuple[VfMapEntry, ...]] = ()
    taken_macs: Annotated[
        Optional[tuple[str, ...]],
        "addresses of synthetic NICs that another program has, where their ids tell",
    ] = ()
    findings: Optional[tuple[FindingOfInventory, ...]] = ()
    pairs: Annotated[
        Optional[tuple[Pair, ...]], "what follows from the rest; passed over when read"
    ] = ()
