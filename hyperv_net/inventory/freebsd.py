"""The NICs of a FreeBSD machine, from what ifconfig, sysctl and netifaces say."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER, FREEBSD_VF_DRIVERS
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Finding, Inventory, Kind, Nic, Severity, System
from hyperv_net.inventory import identifiers
from hyperv_net.inventory.ifconfig import Interface, parse_ifconfig
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import natural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

IFCONFIG = ("/sbin/ifconfig", "-a")
# -D adds each interface's first name; ifconfig(8) of 12 does not know it yet.
IFCONFIG_WITH_DRIVERS = ("/sbin/ifconfig", "-a", "-D")
# -i passes over the names that this kernel has not.
SYSCTL = ("/sbin/sysctl", "-i", "kern.osrelease", "hw.hn", "dev.hn")

_UNIT_NAME = re.compile(r"([a-z][a-z0-9_]*?)[0-9]+\Z")
_CLONE_NAME = re.compile(r"([a-z][a-z0-9_]*?)[0-9]+[ab]?\Z")  # epair0a
_VLAN_NAME = re.compile(r".+\.[0-9]+\Z")  # hn0.5
_HN_SYSCTL = re.compile(r"dev\.hn\.([0-9]+)\.")

# An interface joins the group of the cloner that made it: if_clone.c, if_clone_createif().
_KIND_OF_GROUP = {
    "lo": Kind.LOOPBACK,
    "lagg": Kind.LAGG,
    "vlan": Kind.VLAN,
    "bridge": Kind.BRIDGE,
    "tun": Kind.TUNNEL,
    "tap": Kind.TUNNEL,
    "vmnet": Kind.TUNNEL,
    "gif": Kind.TUNNEL,
    "gre": Kind.TUNNEL,
    "stf": Kind.TUNNEL,
    "ipsec": Kind.TUNNEL,
    "ovpn": Kind.TUNNEL,
    "vxlan": Kind.TUNNEL,
    "geneve": Kind.TUNNEL,
    "wg": Kind.TUNNEL,
    "epair": Kind.OTHER,
    "wlan": Kind.OTHER,
    "enc": Kind.OTHER,
    "disc": Kind.OTHER,
    "edsc": Kind.OTHER,
    "pflog": Kind.OTHER,
    "pfsync": Kind.OTHER,
    "ipfw": Kind.OTHER,
    "ipfwlog": Kind.OTHER,
    "usbus": Kind.OTHER,
    "plip": Kind.OTHER,
    "ng": Kind.OTHER,
    "ngeth": Kind.OTHER,
}

# Drivers of Ethernet cards (section 4 of FreeBSD's manual, names of interfaces).  Any other
# first part of a name is taken for one that an administrator gave.
_BUS_OF_DRIVER = {
    FREEBSD_SYNTHETIC_DRIVER: "vmbus",
    "vtnet": "virtio",
    "ue": "usb",
    **dict.fromkeys((*FREEBSD_VF_DRIVERS, "ixlv", "iavf", "ixv", "igb", "em", "ix"), "pci"),
    **dict.fromkeys(("ixl", "ice", "ena", "gve", "vmx", "bnxt", "cxl", "cxlv", "cc"), "pci"),
    **dict.fromkeys(("vcxl", "vcc", "de", "dc", "re", "rge", "bge", "bce", "igc", "ax"), "pci"),
    **dict.fromkeys(("oce", "qlxgb", "qlnxe", "ql", "sfxge", "mxge", "liquidio"), "pci"),
}


def parse_sysctl(text: str) -> Mapping[str, str]:
    """The `name: value` (or, with -e, `name=value`) lines of sysctl(8)."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"([A-Za-z0-9_.%-]+)(?:: ?|=)(.*)\Z", line)
        if match:
            found[match[1]] = match[2].strip()
    return found


def inventory_from(
    ifconfig: str | None, sysctl: str | None, link_addresses: Mapping[str, str | None]
) -> Inventory:
    """The inventory from the output of the tools.

    `ifconfig` and `sysctl` are what IFCONFIG (or IFCONFIG_WITH_DRIVERS) and
    SYSCTL print, None where the tool could not be run.  `link_addresses` are
    names and addresses from elsewhere (netifaces); they add the NICs that
    ifconfig did not show, whose kind follows from the name alone.
    """
    told = {interface.name: interface for interface in parse_ifconfig(ifconfig or "")}
    for name, address in link_addresses.items():
        told.setdefault(name, Interface(name, ether=address))
    findings = [
        identifiers.bad_name(name, "ifconfig -a", "rename it with `ifconfig OLD name NEW`")
        for name in sorted(told)
        if not is_interface_name(name)
    ]
    interfaces = [told[name] for name in sorted(filter(is_interface_name, told), key=natural)]
    values = parse_sysctl(sysctl or "")
    vf_map = _vf_map(values.get("hw.hn.vfmap", ""))
    devices, unnamed = _devices(interfaces, values, vf_map)
    if unnamed:
        findings.append(_unknown_driver(unnamed))
    masters = _masters(interfaces)
    transparent = values.get("hw.hn.vf_transparent", "")
    return Inventory(
        system=System.FREEBSD,
        kernel=identifiers.release(values.get("kern.osrelease", "")) or "",
        nics=tuple(
            _nic(one, devices.get(one.name), masters.get(one.name), one.name in unnamed)
            for one in interfaces
        ),
        vf_transparent=int(transparent) != 0 if re.match(r"[0-9]{1,9}\Z", transparent) else None,
        vf_map=vf_map,
        findings=tuple(findings),
    )


def read_freebsd(
    run: Callable[[Sequence[str]], str | None], link_addresses: Mapping[str, str | None]
) -> Inventory:
    """The inventory of the running machine.

    `run` gives what a command printed, or None where it failed.  Raises
    HypervNetError where neither ifconfig nor `link_addresses` tells of a NIC.
    """
    ifconfig = run(IFCONFIG_WITH_DRIVERS) or run(IFCONFIG)
    if not ifconfig and not link_addresses:
        raise HypervNetError(
            "no network devices to read: it did not run, and netifaces is not there",
            where=" ".join(IFCONFIG),
            hint="run it by hand to see why, or use --inventory",
        )
    return inventory_from(ifconfig, run(SYSCTL), link_addresses)


def netifaces_link_addresses() -> Mapping[str, str | None]:
    """The names and link addresses that netifaces knows; nothing where it is not installed."""
    try:
        import netifaces
    except ImportError:
        return {}
    found: dict[str, str | None] = {}
    for name in netifaces.interfaces():
        # An interface may leave between the two calls.
        try:
            addresses = netifaces.ifaddresses(name).get(netifaces.AF_LINK, [])
        except ValueError:
            continue
        found[name] = next((one["addr"] for one in addresses if one.get("addr")), None)
    return found


def _nic(interface: Interface, device: str | None, master: str | None, may_be_hn: bool) -> Nic:
    kind = _kind(interface)
    is_card = kind is Kind.ETHERNET
    mac = identifiers.mac(interface.ether or "")
    unit = _UNIT_NAME.match(device or "") if is_card else None
    driver = unit[1] if unit else None
    lowers = (*interface.laggports, *interface.members, interface.vlan_parent or "")
    return Nic(
        name=interface.name,
        kind=kind,
        mac=mac,
        # No hwaddr line means that the address in use is the card's own.
        permanent_mac=(identifiers.mac(interface.hwaddr or "") or mac) if is_card else None,
        driver=driver,
        # Cards are on PCI but for the few buses in the table.
        bus=_BUS_OF_DRIVER.get(driver or "", "pci") if is_card and not may_be_hn else None,
        device=device if is_card else None,
        master=master,
        lowers=tuple(name for name in lowers if is_interface_name(name)),
        state=_state(interface),
        mtu=identifiers.mtu(interface.mtu or ""),
    )


def _kind(interface: Interface) -> Kind:
    if interface.laggproto is not None:
        return Kind.LAGG
    if interface.is_vlan:
        return Kind.VLAN
    if interface.is_bridge:
        return Kind.BRIDGE
    if "LOOPBACK" in interface.flags:
        return Kind.LOOPBACK
    for group in interface.groups:
        if group in _KIND_OF_GROUP:
            return _KIND_OF_GROUP[group]
    # Old releases print no groups, and netifaces has none.
    first_name = interface.driver_name or interface.name
    clone = _CLONE_NAME.match(first_name)
    if clone and clone[1] in _KIND_OF_GROUP:
        return _KIND_OF_GROUP[clone[1]]
    if not interface.flags and _VLAN_NAME.match(first_name):
        return Kind.VLAN
    return Kind.ETHERNET if identifiers.mac(interface.ether or "") else Kind.OTHER


def _state(interface: Interface) -> str:
    if interface.flags and "UP" not in interface.flags:
        return "down"
    if interface.status is None:
        return "unknown"
    return "up" if interface.status in ("active", "associated") else "down"


def _masters(interfaces: Iterable[Interface]) -> Mapping[str, str]:
    """Port → the lagg or bridge it is in."""
    masters: dict[str, str] = {}
    for interface in interfaces:
        for port in (*interface.laggports, *interface.members):
            masters.setdefault(port, interface.name)
    return masters


def _vf_map(text: str) -> tuple[tuple[str, str], ...]:
    """hw.hn.vfmap as (synthetic, VF): hn_vfmap_sysctl() of if_hn.c prints `VF:hn` with blanks."""
    pairs = (entry.split(":") for entry in text.split())
    named = ((pair[1], pair[0]) for pair in pairs if len(pair) == 2)
    return tuple(pair for pair in named if all(map(is_interface_name, pair)))


def _devices(
    interfaces: Sequence[Interface], sysctl: Mapping[str, str], vf_map: Sequence[tuple[str, str]]
) -> tuple[Mapping[str, str], Sequence[str]]:
    """Name → the device's own name with unit, which stays when an interface is renamed.

    In this order: what `ifconfig -D` says; `dev.hn.N.vf`, which names the VF
    of unit N, together with hw.hn.vfmap, which names its hn; the interface's
    own name where it is that of a driver; and the one unit of hn that is left
    over for the one card that is.  (The sysctls are made by hn_attach() of
    sys/dev/hyperv/netvsc/if_hn.c, and print the current names.)  Second, the
    cards that may or may not be an hn, where that leaves a doubt.
    """
    devices = {
        one.name: one.driver_name
        for one in interfaces
        if one.driver_name and _UNIT_NAME.match(one.driver_name)
    }
    synthetic_of = {vf: synthetic for synthetic, vf in vf_map}
    units = {match[1] for match in map(_HN_SYSCTL.match, sysctl) if match}
    for unit in sorted(units):
        synthetic = synthetic_of.get(sysctl.get(f"dev.hn.{unit}.vf", ""))
        if synthetic is not None:
            devices.setdefault(synthetic, f"hn{unit}")
    nameless = []
    for one in interfaces:
        if one.name in devices or _kind(one) is not Kind.ETHERNET:
            continue
        unit_name = _UNIT_NAME.match(one.name)
        is_own = unit_name is not None and unit_name[1] in _BUS_OF_DRIVER
        if is_own and one.name not in devices.values():
            devices[one.name] = one.name
        else:
            nameless.append(one.name)
    left = {f"hn{unit}" for unit in units}.difference(devices.values())
    if len(nameless) == 1 and len(left) == 1:
        return {**devices, nameless[0]: left.pop()}, ()
    return devices, nameless if left else ()


def _unknown_driver(names: Sequence[str]) -> Finding:
    return Finding(
        rule="nic-driver",
        severity=Severity.WARNING,
        message=f"cannot tell which of {', '.join(names)} is an hn(4): they were renamed, and this "
        "system does not say what they were",
        where="ifconfig -a",
        hint="give them the names of their drivers again, or attach the VF and run this again",
    )
