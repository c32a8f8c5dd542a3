"""What ifconfig prints of an interface, as sbin/ifconfig of freebsd-src does."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network

from tests.freebsd_machine.links import active_port
from tests.freebsd_machine.state import Address, Interface, State

# sys/net/if.h
_FLAGS = {
    "UP": 0x1,
    "BROADCAST": 0x2,
    "LOOPBACK": 0x8,
    "POINTOPOINT": 0x10,
    "RUNNING": 0x40,
    "PROMISC": 0x100,
    "SIMPLEX": 0x800,
    "MULTICAST": 0x8000,
    "LOWER_UP": 0x1000000,
}
# sys/netinet6/nd6.h
_ND6 = {
    "PERFORMNUD": 0x1,
    "ACCEPT_RTADV": 0x2,
    "PREFER_SOURCE": 0x4,
    "IFDISABLED": 0x8,
    "DONT_SET_IFROUTE": 0x10,
    "AUTO_LINKLOCAL": 0x20,
    "NO_RADR": 0x40,
    "NO_PREFER_IFACE": 0x80,
    "NO_DAD": 0x100,
}
_MEDIA = {
    "hn": "Ethernet autoselect (10Gbase-T <full-duplex>)",
    "lagg": "Ethernet autoselect",
    "vlan": "Ethernet autoselect",
}
_OPTIONS = {
    "hn": "8051b<RXCSUM,TXCSUM,VLAN_MTU,VLAN_HWTAGGING,TSO4,LRO,LINKSTATE>",
    "lagg": "8051b<RXCSUM,TXCSUM,VLAN_MTU,VLAN_HWTAGGING,TSO4,LRO,LINKSTATE>",
    "vlan": "80000<LINKSTATE>",
    "lo": "680003<RXCSUM,TXCSUM,LINKSTATE,RXCSUM_IPV6,TXCSUM_IPV6>",
}
_OPTIONS_OF_A_CARD = (
    "8805bb<RXCSUM,TXCSUM,VLAN_MTU,VLAN_HWTAGGING,JUMBO_MTU,VLAN_HWCSUM,TSO4,LRO,LINKSTATE>"
)


def shown(
    state: State, interface: Interface, family: str = "", *, with_driver: bool = False
) -> str:
    """The lines of one interface; of one address family only, if it is named."""
    lines = [_first_line(state, interface)]
    if interface.description:
        lines.append(f"description: {interface.description}")
    lines.append(f"options={_OPTIONS.get(interface.driver, _OPTIONS_OF_A_CARD)}")
    if family in ("", "link", "ether", "lladdr"):
        lines += _link_level(state, interface)
    if family in ("", "inet"):
        lines += [_inet(one) for one in interface.inet]
    if family in ("", "inet6"):
        lines += [_inet6(one, interface) for one in interface.inet6]
    if not family:
        lines += _lagg(state, interface)
        lines += _bridge(state, interface)
        if interface.groups:
            lines.append("groups: " + " ".join(interface.groups))
        if interface.kind == "vlan":
            parent = interface.parent or "<none>"
            lines.append(
                f"vlan: {interface.tag} vlanproto: 802.1q vlanpcp: 0 parent interface: {parent}"
            )
        if interface.fib:
            lines.append(f"fib: {interface.fib}")
        lines += _media(state, interface)
        # A port has none: lagg_port_create() took its IPv6 off, in6_domifdetach() frees it.
    if family in ("", "inet6"):
        lines.append(_nd6(interface))
    if with_driver:
        lines.append(f"drivername: {interface.born}")
    return "\n\t".join(lines) + "\n"


def _first_line(state: State, interface: Interface) -> str:
    words = ["UP"] * interface.up
    is_a_line = interface.kind == "clone" and not interface.mac
    words += ["LOOPBACK"] if interface.kind == "loopback" else ["BROADCAST"] * (not is_a_line)
    words += ["POINTOPOINT"] * is_a_line
    words += ["RUNNING"] * interface.running
    words += ["SIMPLEX"] * (interface.kind != "loopback")
    words += ["MULTICAST"]
    newer = int(state.release.partition(".")[0]) >= 14
    words += ["LOWER_UP"] * (newer and interface.up and interface.link != "down")
    bits = sum(_FLAGS[word] for word in words)
    return f"{interface.name}: flags={bits:x}<{','.join(words)}> metric 0 mtu {interface.mtu}"


def _link_level(state: State, interface: Interface) -> list[str]:
    if not interface.mac:
        return []
    lines = [f"ether {interface.mac}"]
    older = int(state.release.partition(".")[0]) < 12
    if interface.kind == "ether" and (older or interface.own_mac != interface.mac):
        lines.append(f"hwaddr {interface.own_mac}")
    return lines


def _inet(address: Address) -> str:
    mask = int(IPv4Address(int(ip_network(f"0.0.0.0/{address.prefix}").netmask)))
    broadcast = f" broadcast {address.broadcast}" if address.broadcast else ""
    return f"inet {address.address} netmask 0x{mask:08x}{broadcast}"


def _inet6(address: Address, interface: Interface) -> str:
    if address.address.startswith("fe80:"):
        scope = f"%{interface.name} prefixlen {address.prefix} scopeid 0x{interface.index:x}"
        return f"inet6 {address.address}{scope}"
    automatic = " autoconf" * address.automatic
    return f"inet6 {address.address} prefixlen {address.prefix}{automatic}"


def _nd6(interface: Interface) -> str:
    words = [word for word in _ND6 if word in interface.nd6]
    return f"nd6 options={sum(_ND6[word] for word in words):x}<{','.join(words)}>"


def _lagg(state: State, interface: Interface) -> list[str]:
    if interface.kind != "lagg":
        return []
    active = active_port(state, interface)
    lines = [f"laggproto {interface.proto} lagghash l2,l3,l4"]
    for port in interface.ports:
        master, runs = port == interface.primary, port == active
        words = ["MASTER"] * (master and interface.proto == "failover") + ["ACTIVE"] * runs
        bits = master * 1 + runs * 4
        lines.append(f"laggport: {port} flags={bits:x}<{','.join(words)}>")
    return lines


def _bridge(state: State, interface: Interface) -> list[str]:
    if interface.kind != "bridge":
        return []
    lines = [
        "id 00:00:00:00:00:00 priority 32768 hellotime 2 fwddelay 15",
        "maxage 20 holdcnt 6 proto rstp maxaddr 2000 timeout 1200",
        "root id 00:00:00:00:00:00 priority 32768 ifcost 0 port 0",
    ]
    for member in interface.members:
        port = state.get(member).index
        lines.append(f"member: {member} flags=143<LEARNING,DISCOVER,AUTOEDGE,AUTOPTP>")
        lines.append(f"        ifmaxaddr 0 port {port} priority 128 path cost 2000")
    return lines


def _media(state: State, interface: Interface) -> list[str]:
    if interface.kind not in ("ether", "lagg", "vlan"):
        return []
    media = _MEDIA.get(interface.driver, "Ethernet autoselect <full-duplex,rxpause,txpause>")
    if interface.driver == "hn" and interface.link != "up":
        media = "Ethernet autoselect (none)"
    is_lagg = interface.kind == "lagg"
    up = active_port(state, interface) != "" if is_lagg else interface.link == "up"
    return [f"media: {media}", f"status: {'active' if up else 'no carrier'}"]
