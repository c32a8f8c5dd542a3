"""What follows by itself from flags and cables: links, datapaths, link-local addresses."""

from __future__ import annotations

from ipaddress import ip_interface

from tests.freebsd_machine.state import Address, Interface, State

NO_MAC = "00:00:00:00:00:00"


def settle(state: State) -> None:
    """Links, datapaths and link-local addresses follow from flags and cables; devd is told.

    hn(4) hears of its VF ahead of the VF's driver (if_up() and if_unroute() of sys/net/if.c
    raise the event before the driver's ioctl), so its link goes before the VF's comes: a lagg
    over both flaps where a VF goes up, and does not where one goes down.
    """
    _until_quiet(state, [one for one in state.interfaces if not _is_other_card(one)])
    for hn in state.interfaces:
        if hn.switched:
            state.notify("HYPERV_NIC_VF", hn.name, "VF_UP" if hn.datapath else "VF_DOWN")
            hn.switched = False
    _until_quiet(state, state.interfaces)
    for one in state.interfaces:
        _link_local(one)


def _is_other_card(interface: Interface) -> bool:
    return interface.kind == "ether" and interface.driver != "hn"


def _until_quiet(state: State, interfaces: list[Interface]) -> None:
    for _ in range(len(interfaces) + 2):
        changed = [_settle_one(state, one) for one in interfaces]
        if not any(changed):
            break


def _settle_one(state: State, interface: Interface) -> bool:
    changed = False
    vf = state.find(interface.vf) if interface.vf else None
    if state.transparent:
        # hn_xpnt_vf_init(): the kernel drives the VF, and says nothing to devd.
        interface.datapath = vf is not None and interface.up
        if vf is not None:
            changed = vf.up is not interface.up
            vf.up = vf.running = interface.up
    elif interface.datapath is not (vf is not None and vf.up):
        # hn_rxvf_change()
        interface.datapath = not interface.datapath
        interface.switched = changed = True
    link = _link(state, interface)
    if link != interface.link:
        is_news = (interface.link, link) != ("unknown", "down")
        interface.link, changed = link, True
        if is_news:
            state.notify("IFNET", interface.name, f"LINK_{link.upper()}")
        if link == "up":
            state.relinked.append(interface.name)
    return changed


def _link(state: State, interface: Interface) -> str:
    if interface.kind == "lagg":
        up = any(state.get(port).link == "up" for port in interface.ports)
    elif interface.kind == "vlan":
        parent = state.find(interface.parent)
        up = parent is not None and parent.link == "up"
    elif interface.kind != "ether":
        return "unknown"
    elif interface.driver == "hn":
        up = interface.carrier and (bool(state.transparent) or not interface.datapath)
    else:
        # Drivers of VFs open the port, and so see its link, when the interface goes up.
        up = interface.carrier and interface.up
    return "up" if up else "down"


def _link_local(interface: Interface) -> None:
    """in6_ifattach(): an interface that is up and has IPv6 gets its fe80:: address."""
    wanted = (
        interface.up and "IFDISABLED" not in interface.nd6 and interface.mac not in ("", NO_MAC)
    )
    if wanted and "AUTO_LINKLOCAL" in interface.nd6 and interface.kind != "loopback":
        address = eui64("fe80::", interface.mac)
        if not any(one.address.startswith("fe80:") for one in interface.inet6):
            interface.inet6.insert(0, Address(address, 64, automatic=True))


def eui64(prefix: str, mac: str) -> str:
    """The address of a /64 that is made from a MAC (in6_get_hw_ifid() of in6_ifattach.c)."""
    octets = bytes.fromhex(mac.replace(":", ""))
    identifier = bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:]
    whole = int(ip_interface(f"{prefix}/64").network.network_address) | int.from_bytes(
        identifier, "big"
    )
    return str(ip_interface(whole.to_bytes(16, "big")).ip)


def active_port(state: State, lagg: Interface) -> str:
    """lagg_link_active(): the primary where it has a link, or else the next that has; or ''."""

    def active(name: str) -> bool:
        port = state.get(name)
        return port.up and port.link == "up"

    if lagg.primary and active(lagg.primary):
        return lagg.primary
    return next((port for port in lagg.ports if active(port)), "")
