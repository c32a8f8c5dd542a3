"""Whether a packet gets out of the machine, and by which card: a pure function of its state.

By freebsd/freebsd-src, and by what a running 13.2 kernel was seen to do:

- the longest prefix of the routes and of the interfaces' own networks wins; without
  any, ENETUNREACH (sys/netinet/ip_output.c), and a route can reject;
- an address of the interface is the source; IPv6 leaves no interface that is
  IFDISABLED (nd6_output of sys/netinet6/nd6.c: ENETDOWN), and a link-local
  address is none for what is beyond the link;
- an interface that is down sends nothing (ether_output_frame() and the drivers);
- what a lagg port sends itself is lost (lagg_port_output() of sys/net/if_lagg.c:
  ENETDOWN), until the lagg is destroyed or lets it go;
- a failover lagg sends by its primary where that has a link, or else by the next port
  that has (lagg_link_active()); without ports ENXIO, without an active one ENETDOWN;
- a VLAN sends by its parent, a bridge by its members;
- what goes to an hn(4) whose VF has the datapath is lost, with a lagg and without
  (hn_rxvf_change() of if_hn.c sets its link down), unless the kernel drives both as one.

Whether an answer comes in is not asked, nor what a firewall would say; fibs are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from tests.freebsd_machine.links import active_port
from tests.freebsd_machine.state import Address, Interface, Route, State

#: An address beyond every gateway, of each family (of those for benchmarks).
BEYOND = {"inet": "198.18.0.1", "inet6": "2001:2::1"}


@dataclass(frozen=True)
class Way:
    """How a packet leaves for a destination, or why it is lost.

    `route` is what led it (`default`, or a network), `gateway` the next hop ('' where
    the destination is on the interface's network), `source` its address, `card` the
    NIC by which it leaves; '' where it is lost, and `lost` says why.
    """

    destination: str
    route: str = ""
    gateway: str = ""
    interface: str = ""
    source: str = ""
    card: str = ""
    lost: str = ""

    def __str__(self) -> str:
        by = self.card or f"lost: {self.lost}"
        through = f" through {self.interface}" if self.interface else ""
        return f"{self.destination}{through}: {by}"


def way(state: State, destination: str) -> Way:
    """How a packet that the machine sends to an address leaves it."""
    found = _routed(state, destination)
    if found.lost:
        return found
    interface = state.find(found.interface)
    if interface is None:
        return replace(found, lost=f"{found.interface} is gone")
    lost = _unusable(interface, found)
    if lost:
        return replace(found, lost=lost)
    source = _source(interface, found)
    if not source:
        return replace(found, lost=f"{interface.name} has no address for it")
    card, lost = card_of(state, interface.name)
    return replace(found, source=source, card=card, lost=lost)


def to_gateway(state: State, family: str) -> Way:
    """The same for what is beyond the default gateway of a family, `inet` or `inet6`."""
    return way(state, BEYOND[family])


def card_of(state: State, name: str) -> tuple[str, str]:
    """The card that carries what is sent to an interface, or '' and why it is lost."""
    interface = state.find(name)
    if interface is None:
        return "", f"{name} is not there"
    lagg = state.lagg_of(name)
    if lagg is not None:
        return "", f"{name} is a port of {lagg.name} (ENETDOWN)"
    return _below(state, interface)


def _below(state: State, interface: Interface) -> tuple[str, str]:
    name = interface.name
    if not interface.up:
        return "", f"{name} is down"
    if interface.kind == "lagg":
        port = active_port(state, interface)
        if port and interface.proto != "none":
            return _below(state, state.get(port))
        return "", f"{name} has no {'active ' if interface.ports else ''}port"
    if interface.kind == "vlan":
        if not interface.parent:
            return "", f"{name} has no parent"
        return card_of(state, interface.parent)
    if interface.kind == "bridge":
        ways = [_below(state, state.get(one)) for one in interface.members]
        able = [one for one in ways if one[0]]
        return able[0] if able else ("", f"{name} has no member that sends")
    if interface.kind != "ether":
        return "", f"{name} leads to no network"
    return _by_card(state, interface)


def _by_card(state: State, card: Interface) -> tuple[str, str]:
    if card.datapath and state.transparent:
        return card.vf, ""
    if card.datapath:
        return "", f"the host has the traffic of {card.name} by {card.vf}"
    if card.link != "up":
        return "", f"{card.name} has no link"
    return card.name, ""


def _routed(state: State, destination: str) -> Way:
    plain, _, scope = destination.partition("%")
    target = ip_address(plain)
    if target.is_link_local and target.version == 6:
        lost = "" if scope else "a link-local address without its interface"
        return Way(destination, "fe80::/64", "", scope, lost=lost)
    best = Way(destination, lost="no route (ENETUNREACH)")
    longest = -1
    for network, route in _routes(state, target.version):
        if target in network and network.prefixlen > longest:
            longest = network.prefixlen
            gateway = "" if route.gateway.startswith("link#") else route.gateway
            lost = "a route rejects it" if "R" in route.flags else ""
            best = Way(destination, route.destination, gateway, route.interface, lost=lost)
    return best


def _routes(state: State, version: int) -> Iterator[tuple[IPv4Network | IPv6Network, Route]]:
    """Those of the interfaces' own networks first: what was added as well is never reached."""
    family = "inet" if version == 4 else "inet6"
    for interface in state.interfaces:
        for address in _addresses(interface, version):
            network = ip_network(f"{address.address}/{address.prefix}", strict=False)
            link = f"link#{interface.index}"
            yield network, Route(family, str(network), link, interface.name, "U", address.address)
    for route in state.routes:
        if route.family == family:
            everything = "0.0.0.0/0" if version == 4 else "::/0"
            given = everything if route.destination == "default" else route.destination
            yield ip_network(given), route


def _unusable(interface: Interface, found: Way) -> str:
    if not interface.up:
        return f"{interface.name} is down"
    version = ip_address(found.destination.partition("%")[0]).version
    if version == 6 and "IFDISABLED" in interface.nd6:
        return f"IPv6 is off on {interface.name} (ENETDOWN)"
    if not found.gateway:
        return ""
    gateway, _, scope = found.gateway.partition("%")
    hop = ip_address(gateway)
    if hop.is_link_local and hop.version == 6:
        return "" if scope in ("", interface.name) else f"{found.gateway} is not on this link"
    if not any(hop in _network(one) for one in _addresses(interface, version)):
        return f"the gateway {gateway} is in no network of {interface.name}"
    return ""


def _source(interface: Interface, found: Way) -> str:
    """The address that it is sent from: one of the next hop's network, or the first."""
    target = ip_address(found.destination.partition("%")[0])
    able = _addresses(interface, target.version)
    if target.version == 6:
        able = [one for one in able if _is_local(one) is target.is_link_local]
    hop = ip_address((found.gateway or found.destination).partition("%")[0])
    near = [one.address for one in able if hop in _network(one)]
    return next(iter([*near, *(one.address for one in able)]), "")


def _addresses(interface: Interface, version: int) -> list[Address]:
    found = interface.inet if version == 4 else interface.inet6
    return [one for one in found if one.address != "0.0.0.0"]


def _network(address: Address) -> IPv4Network | IPv6Network:
    return ip_network(f"{address.address}/{address.prefix}", strict=False)


def _is_local(address: Address) -> bool:
    plain: IPv4Address | IPv6Address = ip_address(address.address)
    return plain.is_link_local
