"""What the kernel does with interfaces: flags, names, MTUs, addresses, ports.

Each function raises RefusedError where the real one returns an error.
"""

from __future__ import annotations

import re
from ipaddress import ip_interface

from tests.freebsd_machine.links import NO_MAC, settle
from tests.freebsd_machine.state import Address, Interface, RefusedError, State

#: if_clone.c: the cloners that a stock kernel has, and what their interfaces are.
CLONERS = {"lagg": "lagg", "vlan": "vlan", "bridge": "bridge", "lo": "loopback", "tap": "clone"}
_CLONE = re.compile(r"([a-z]+)([0-9]+)\Z")
_DOTTED_VLAN = re.compile(r"(.+)\.([0-9]{1,4})\Z")
_LARGEST_NAME = 15  # IFNAMSIZ less one
#: The release from which nd6_ifattach() of nd6.c sets IFDISABLED on all but loopback: measured on
#: 13.2, and not in the source of 13.0-CURRENT.  Before it rc turns IPv6 off, on what it starts.
IPV6_OFF_BY_KERNEL = (13, 2)


def attach(state: State, interface: Interface) -> Interface:
    """if_attach() and ether_ifattach(): the interface appears, and devd is told."""
    interface.index = state.next_index
    state.next_index += 1
    interface.born = interface.born or interface.name
    interface.own_mac = interface.own_mac or interface.mac
    disabled = interface.kind != "loopback" and state.version >= IPV6_OFF_BY_KERNEL
    interface.nd6 = interface.nd6 or ["PERFORMNUD", *["IFDISABLED"] * disabled, "AUTO_LINKLOCAL"]
    state.interfaces.append(interface)
    state.notify("IFNET", interface.name, "ATTACH")
    if interface.kind != "loopback":
        state.notify("ETHERNET", interface.name, "IFATTACH")
    settle(state)
    return interface


def detach(state: State, name: str) -> None:
    """if_detach(): it leaves its lagg, its vlans lose their parent, its client ends."""
    interface = state.get(name)
    depart(state, interface)
    lagg = state.lagg_of(name)
    if lagg is not None:
        leave(state, lagg, interface, detaching=True)
    for port in list(interface.ports):
        leave(state, interface, state.get(port))
    for one in state.interfaces:
        one.members = [member for member in one.members if member != name]
        if one.kind == "vlan" and one.parent == name:
            # vlan_ifdetach() of if_vlan.c destroys those with a cloner's name, too.
            one.parent, one.mac = "", NO_MAC
    state.interfaces.remove(interface)
    state.routes = [one for one in state.routes if one.interface != name]
    state.notify("IFNET", name, "DETACH")
    settle(state)


def depart(state: State, interface: Interface) -> None:
    """ifnet_departure_event: an hn forgets its VF (hn_ifnet_detevent() of if_hn.c)."""
    for hn in state.interfaces:
        if hn.vf == interface.name:
            hn.vf = ""
    settle(state)


def create(state: State, name: str) -> Interface:
    """SIOCIFCREATE: `lagg0`, `lagg` (the first free number), or `hn0.5`."""
    dotted = _DOTTED_VLAN.match(name)
    if dotted and state.find(dotted[1]):
        if state.find(name):
            raise RefusedError("EEXIST")
        vlan = attach(state, Interface(name, 0, "vlan", groups=["vlan"], mac=NO_MAC))
        configure_vlan(state, vlan, dotted[1], int(dotted[2]))
        return vlan
    if name in CLONERS:
        taken = {one.name for one in state.interfaces}
        name = next(f"{name}{n}" for n in range(4096) if f"{name}{n}" not in taken)
    match = _CLONE.match(name)
    if match is None or match[1] not in CLONERS:
        raise RefusedError("EINVAL")
    if state.find(name):
        raise RefusedError("EEXIST")
    kind = CLONERS[match[1]]
    mac = NO_MAC if kind in ("lagg", "vlan") else f"58:9c:fc:10:00:{int(match[2]) % 256:02x}"
    module = f"if_{match[1]}.ko"
    if kind != "loopback" and module not in state.modules:
        state.modules.append(module)
    return attach(state, Interface(name, 0, kind, mac=mac, groups=[match[1]]))


def destroy(state: State, name: str) -> None:
    """SIOCIFDESTROY, for what a cloner made."""
    if state.get(name).kind == "ether" or name == "lo0":
        raise RefusedError("EINVAL")
    detach(state, name)


def rename(state: State, interface: Interface, name: str) -> None:
    """SIOCSIFNAME: departs and arrives again, so that an hn forgets a VF; a lagg keeps its port."""
    if state.find(name):
        raise RefusedError("EEXIST")
    if not name or len(name) > _LARGEST_NAME:
        raise RefusedError("EINVAL")
    depart(state, interface)
    old, interface.name = interface.name, name
    for one in state.interfaces:
        one.ports = [name if port == old else port for port in one.ports]
        one.members = [name if member == old else member for member in one.members]
        one.primary = name if one.primary == old else one.primary
        one.parent = name if one.parent == old else one.parent
    for route in state.routes:
        route.interface = name if route.interface == old else route.interface
    settle(state)


def set_flag_up(state: State, interface: Interface, up: bool) -> None:
    """SIOCSIFFLAGS with IFF_UP."""
    interface.up = interface.running = up
    if interface.kind == "lagg" and up and state.lagg_raises_ports:
        for port in interface.ports:
            state.get(port).up = state.get(port).running = True
    settle(state)


def set_mtu(state: State, interface: Interface, mtu: int) -> None:
    """SIOCSIFMTU: not for a port; a lagg's is that of all its ports, or of none."""
    if state.lagg_of(interface.name) is not None:
        raise RefusedError("EINVAL")
    if not 72 <= mtu <= 65535:
        raise RefusedError("EINVAL")
    below = [state.get(port) for port in interface.ports] if interface.kind == "lagg" else []
    for one in (*below, interface):
        _driver_sets_mtu(one, mtu, change=False)
    for one in (*below, interface):
        one.mtu = mtu


def _driver_sets_mtu(interface: Interface, mtu: int, *, change: bool = True) -> None:
    if "mtu" in interface.refuses or mtu > interface.largest_mtu:
        raise RefusedError("EINVAL")
    if change:
        interface.mtu = mtu


def set_mac(state: State, interface: Interface, mac: str) -> None:
    """if_setlladdr(): a lagg hands it on to its ports, a vlan has its parent's."""
    interface.mac = mac
    for port in interface.ports if interface.kind == "lagg" else ():
        state.get(port).mac = mac
    for one in state.interfaces:
        if one.parent == interface.name:
            set_mac(state, one, mac)


def configure_vlan(state: State, vlan: Interface, parent: str, tag: int) -> None:
    """SIOCSETVLAN."""
    below = state.find(parent)
    if below is None or not 0 < tag < 4095:
        raise RefusedError("ENXIO" if below is None else "EINVAL")
    if any(one.parent == parent and one.tag == tag for one in state.interfaces):
        raise RefusedError("EEXIST")
    vlan.parent, vlan.tag, vlan.mtu = parent, tag, below.mtu
    # vlan_config() assigns the link's state, which tells nobody.
    vlan.link = below.link
    set_mac(state, vlan, below.mac)
    settle(state)


def join(state: State, lagg: Interface, port: Interface | None) -> None:
    """SIOCSLAGGPORT and lagg_port_create() of if_lagg.c."""
    if port is None or lagg.kind != "lagg":
        raise RefusedError("EINVAL")
    # Taken off before anything is checked: a port that is refused has lost them all the same.
    # All of them, but only where there is a link-local one (in6ifa_llaonifp()).
    if any(one.address.startswith("fe80:") for one in port.inet6):
        port.inet6 = []
    if "laggport" in port.refuses:
        raise RefusedError("EBUSY")
    holder = state.lagg_of(port.name)
    if holder is not None:
        raise RefusedError("EEXIST" if holder is lagg else "EBUSY")
    if port.kind not in ("ether", "vlan", "lagg"):
        raise RefusedError("EPROTONOSUPPORT")
    if port.kind == "lagg":
        raise RefusedError("EINVAL")
    if not lagg.ports:
        lagg.mtu = port.mtu
        lagg.primary = port.name
        set_mac(state, lagg, port.mac)
    else:
        if port.mtu != lagg.mtu:
            _driver_sets_mtu(port, lagg.mtu)
        port.mac = lagg.mac
    lagg.ports = sorted([*lagg.ports, port.name], key=lambda name: state.get(name).index)
    settle(state)


def leave(state: State, lagg: Interface, port: Interface, *, detaching: bool = False) -> None:
    """SIOCSLAGGDELPORT and lagg_port_destroy(): its own MAC again, and the next is primary."""
    if port.name not in lagg.ports:
        raise RefusedError("ENOENT")
    lagg.ports.remove(port.name)
    if not detaching:
        port.mac = port.own_mac
    if lagg.primary == port.name:
        lagg.primary = lagg.ports[0] if lagg.ports else ""
        first = state.find(lagg.primary)
        set_mac(state, lagg, first.own_mac if first else NO_MAC)
    settle(state)


def add_address(state: State, interface: Interface, text: str) -> None:
    """SIOCAIFADDR: `text` is an address with its prefix length; one that is there is replaced."""
    given = ip_interface(text)
    family = interface.inet if given.version == 4 else interface.inet6
    has_broadcast = given.version == 4 and interface.kind != "loopback"
    new = Address(
        str(given.ip),
        given.network.prefixlen,
        str(given.network.broadcast_address) if has_broadcast else "",
    )
    family[:] = [*(one for one in family if one.address != new.address), new]
    # in_control() and in6_update_ifa() bring the interface up.
    if not interface.up:
        set_flag_up(state, interface, True)


def remove_address(state: State, interface: Interface, address: str) -> None:
    """SIOCDIFADDR: the routes made with the address go with it (in_ifadown() of in_rmx.c)."""
    plain = address.partition("%")[0]
    family = interface.inet6 if ":" in plain else interface.inet
    if not any(one.address == plain for one in family):
        raise RefusedError("EADDRNOTAVAIL")
    family[:] = [one for one in family if one.address != plain]
    state.routes = [
        one for one in state.routes if (one.interface, one.source) != (interface.name, plain)
    ]
