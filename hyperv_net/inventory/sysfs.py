"""The NICs of a Linux machine, from /sys of the machine or of a captured tree.

Attributes and links are those of Documentation/ABI/testing/sysfs-class-net in
torvalds/linux.
"""

from __future__ import annotations

import posixpath

from hyperv_net.drivers import is_hv_netvsc
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Finding, Inventory, Kind, Nic, Severity, System
from hyperv_net.inventory import identifiers, rooted
from hyperv_net.inventory.rooted import CLASS_NET
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import natural

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

_OSRELEASE = ("/proc/sys/kernel", "osrelease")

_PERMANENT = "0"  # addr_assign_type: NET_ADDR_PERM of include/uapi/linux/netdevice.h

# ARPHRD_* of include/uapi/linux/if_arp.h.
_ETHERNET_TYPE = "1"
_LOOPBACK_TYPE = "772"
_TUNNEL_TYPES = frozenset({"512", "768", "769", "776", "778", "823", "65534"})

# IFF_MASTER | IFF_NOARP of include/uapi/linux/if.h: what vrf_dev_init() sets.
_VRF_FLAGS = 0x400 | 0x80

# DEVTYPE of uevent is the name in the driver's `struct device_type`.
_KIND_OF_DEVTYPE = {
    "bond": Kind.BOND,
    "bridge": Kind.BRIDGE,
    "vlan": Kind.VLAN,
    "macvlan": Kind.MACVLAN,
    "macvtap": Kind.MACVLAN,
    "ipvlan": Kind.MACVLAN,
    "vrf": Kind.VRF,
    "vxlan": Kind.TUNNEL,
    "geneve": Kind.TUNNEL,
    "bareudp": Kind.TUNNEL,
    "wireguard": Kind.TUNNEL,
    "ppp": Kind.TUNNEL,
    "gtp": Kind.TUNNEL,
    "amt": Kind.TUNNEL,
}

_STATE_OF_OPERSTATE = {"up": "up", "unknown": "unknown", "": "unknown"}


def read_sysfs(
    root: Path | str,
    permanent_address: Callable[[str], str | None] | None = None,
    counts_vf: Callable[[str], bool | None] | None = None,
) -> Inventory:
    """The inventory of the Linux machine whose files are below `root`.

    `permanent_address` asks the running kernel for a NIC's permanent MAC, and `counts_vf`
    hv_netvsc whether it counts a VF's packets; they are for the live root alone.  A NIC with
    a name that no file may carry is left out with a finding; a missing attribute is None.  Raises
    HypervNetError where there is no /sys/class/net to read.
    """
    tree = rooted.open_root(root)
    nics: list[Nic] = []
    findings: list[Finding] = []
    for name in _class_net(tree):
        directory = _nic_directory(tree, name)
        if directory is None:
            if (rooted.file_text(tree, CLASS_NET, name) or "").startswith("../"):
                findings.append(_link_lost(name))
            continue
        if not is_interface_name(name):
            findings.append(
                identifiers.bad_name(name, Place(CLASS_NET), "rename it with `ip link set`")
            )
            continue
        nic = _read_nic(tree, name, directory, permanent_address)
        if nic is not None and counts_vf is not None and is_hv_netvsc(nic):
            nic = nic._replace(counts_vf=counts_vf(name))
        if nic is not None:
            nics.append(nic)
        elif _nic_directory(tree, name) is not None:  # else it has left meanwhile
            findings.append(_unreadable(name))
    kernel = identifiers.release(rooted.file_text(tree, *_OSRELEASE) or "") or ""
    return Inventory(System.LINUX, kernel, _with_failover_masters(nics), findings=tuple(findings))


def _class_net(tree: rooted.Root) -> list[str]:
    entries = rooted.entries(tree, CLASS_NET)
    if entries is None:
        raise HypervNetError(
            "no network devices to read",
            where=Place(tree.base + CLASS_NET),
            hint="give the root of a Linux machine or of a copy of its /sys, or use --inventory",
        )
    return sorted(entries, key=natural)


def _nic_directory(tree: rooted.Root, name: str) -> str | None:
    """Where the entry `name` of /sys/class/net leads; None for a file such as bonding_masters."""
    target = rooted.link(tree, CLASS_NET, name)
    if target is not None:
        # A path that leads out of the root is kept: it is reported when it cannot be read.
        return rooted.target_path(CLASS_NET, target) or target
    entry = f"{CLASS_NET}/{name}"
    return entry if rooted.is_directory(tree, entry) else None


def _read_nic(
    tree: rooted.Root,
    name: str,
    directory: str,
    permanent_address: Callable[[str], str | None] | None,
) -> Nic | None:
    entries = rooted.entries(tree, directory)
    if entries is None:
        return None

    def attribute(name: str) -> str:
        entry = entries.get(name)
        regular = entry is not None and entry.is_file(follow_symlinks=False)
        return (rooted.regular_text(f"{tree.base}{directory}/{name}") if regular else None) or ""

    device = _device(tree, directory) if "device" in entries else None
    bus = _link_name(tree, device, "subsystem") if device else None
    mac = identifiers.mac(attribute("address"))
    is_permanent = attribute("addr_assign_type") == _PERMANENT
    is_enslaved = "bonding_slave" in entries
    burnt_in = None
    if device and permanent_address and (is_enslaved or not is_permanent):
        burnt_in = permanent_address(name)
    if burnt_in is None and is_enslaved:
        # The bond may have given its own address to this NIC; it keeps the former one.
        kept = rooted.file_text(tree, f"{directory}/bonding_slave", "perm_hwaddr")
        burnt_in = identifiers.mac(kept or "")
    if burnt_in is None and is_permanent:
        burnt_in = mac
    master = rooted.link(tree, directory, "master") if "master" in entries else None
    master = posixpath.basename(master or "")
    class_id = rooted.file_text(tree, device, "class_id") if device and bus == "vmbus" else None
    lowers = (entry[len("lower_") :] for entry in entries if entry.startswith("lower_"))
    return Nic(
        name=name,
        kind=_kind(attribute, entries, device is not None),
        mac=mac,
        permanent_mac=burnt_in,
        driver=_link_name(tree, device, "driver") if device else None,
        bus=bus,
        device=identifiers.device(device) if device else None,
        vmbus_class_id=identifiers.class_id(class_id or ""),
        master=master if is_interface_name(master) else None,
        lowers=tuple(sorted(filter(is_interface_name, lowers), key=natural)),
        state=_STATE_OF_OPERSTATE.get(attribute("operstate"), "down"),
        mtu=identifiers.mtu(attribute("mtu")),
    )


def _device(tree: rooted.Root, directory: str) -> str | None:
    """The bus device that a NIC's `device` link names, if it is below the root."""
    target = rooted.link(tree, directory, "device")
    device = rooted.target_path(directory, target) if target is not None else None
    return device if device is not None and rooted.is_directory(tree, device) else None


def _kind(attribute: Callable[[str], str], entries: Collection[str], has_device: bool) -> Kind:
    arphrd = attribute("type")
    if arphrd == _LOOPBACK_TYPE:
        return Kind.LOOPBACK
    devtype = _devtype(attribute("uevent"))
    if devtype in _KIND_OF_DEVTYPE:
        return _KIND_OF_DEVTYPE[devtype]
    if "bonding" in entries:
        return Kind.BOND
    if "bridge" in entries:
        return Kind.BRIDGE
    if "tun_flags" in entries or arphrd in _TUNNEL_TYPES:
        return Kind.TUNNEL
    if arphrd != _ETHERNET_TYPE or devtype:
        return Kind.OTHER  # InfiniBand, CAN, Wi-Fi (DEVTYPE=wlan), mobile broadband, …
    if has_device:
        return Kind.ETHERNET
    if _flags(attribute("flags")) & _VRF_FLAGS == _VRF_FLAGS:
        return Kind.VRF
    stacked = any(entry.startswith("lower_") for entry in entries)
    if stacked and attribute("iflink") != attribute("ifindex"):
        return Kind.MACVLAN  # a kernel that gives these drivers no DEVTYPE
    return Kind.OTHER  # dummy, veth, ifb, team, …


def _link_name(tree: rooted.Root, directory: str, name: str) -> str | None:
    """The last part of a link's text, where it is fit to be the name of a driver or a bus."""
    return identifiers.driver(posixpath.basename(rooted.link(tree, directory, name) or ""))


def _with_failover_masters(nics: list[Nic]) -> tuple[Nic, ...]:
    """The NICs, with those that net_failover made told from Ethernet devices.

    net_failover_create() gives its master the bus device of the standby NIC
    below it.  hv_netvsc has the VF below it too, but each has its own device.
    """
    device_of = {nic.name: nic.device for nic in nics}

    def is_failover_master(nic: Nic) -> bool:
        return nic.device is not None and nic.device in map(device_of.get, nic.lowers)

    return tuple(
        nic._replace(kind=Kind.FAILOVER)
        if nic.kind is Kind.ETHERNET and is_failover_master(nic)
        else nic
        for nic in nics
    )


def _devtype(uevent: str) -> str:
    for line in uevent.splitlines():
        if line.startswith("DEVTYPE="):
            return line[len("DEVTYPE=") :]
    return ""


def _flags(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0


def _link_lost(name: str) -> Finding:
    """The file has a link's text, as git and zip leave it where they make no links."""
    why = "it is a file where a link was, so the copy has lost its links"
    return _left_out(name, Severity.ERROR, why)


def _unreadable(name: str) -> Finding:
    why = "its directory is missing, unreadable or outside the root"
    return _left_out(name, Severity.WARNING, why)


def _left_out(name: str, severity: Severity, why: str) -> Finding:
    return Finding(
        rule="nic-unreadable",
        severity=severity,
        message=f"left out {name}: {why}",
        where=Place(f"{CLASS_NET}/{name}"),
        hint="capture the tree again with its links kept as they are",
    )
