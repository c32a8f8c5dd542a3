"""Tunnels, as systemd.netdev(5) makes them; one whose key is a secret is refused.

networkd reads its files as the user systemd-network, so that a file with a key in it would
have to be readable by a group, and what hyperv-net writes with a secret in it is root's alone.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkd.render.unit import Made
    from hyperv_net.renderers.networkd.render.values import Check

_KINDS = {
    **{one: one for one in ("gre", "gretap", "ip6gre", "ip6gretap", "ipip", "sit", "vti", "vti6")},
    "ip6ip6": "ip6tnl",
    "ipip6": "ip6tnl",
    "vxlan": "vxlan",
}
_KEYED = ("gre", "gretap", "ip6gre", "ip6gretap", "vti", "vti6")
_VXLAN: Mapping[str, tuple[str, Check]] = {
    "id": ("VNI", values.number),
    "local": ("Local", values.address),
    "ttl": ("TTL", values.number),
    "type-of-service": ("TOS", values.number),
    "mac-learning": ("MacLearning", values.boolean),
    "ageing": ("FDBAgeingSec", values.seconds),
    "aging": ("FDBAgeingSec", values.seconds),
    "limit": ("MaximumFDBEntries", values.number),
    "arp-proxy": ("ReduceARPProxy", values.boolean),
    "short-circuit": ("RouteShortCircuit", values.boolean),
    "port": ("DestinationPort", values.number),
    "flow-label": ("FlowLabel", values.number),
    "do-not-fragment": ("IPDoNotFragment", values.boolean),
}
_LISTS: Mapping[str, Mapping[str, str]] = {
    "notifications": {"l2-miss": "L2MissNotification", "l3-miss": "L3MissNotification"},
    "checksums": {
        "udp": "UDPChecksum",
        "zero-udp6-tx": "UDP6ZeroChecksumTx",
        "zero-udp6-rx": "UDP6ZeroChecksumRx",
        "remote-tx": "RemoteChecksumTx",
        "remote-rx": "RemoteChecksumRx",
    },
    "extensions": {
        "group-policy": "GroupPolicyExtension",
        "generic-protocol": "GenericProtocolExtension",
    },
}


def kind_of(made: Made) -> str:
    """What networkd calls a tunnel of this mode.  Raises RefusedError for one it is not given."""
    mode = made.value("mode")
    if mode == "wireguard":
        raise RefusedError(
            "its private key would have to be in a file that networkd's own user can read: "
            "make this tunnel with files of your own"
        )
    if mode not in _KINDS:
        raise RefusedError(f"networkd makes no tunnel of this mode: {', '.join(sorted(_KINDS))}")
    made.placed["mode",] = "[NetDev] Kind="
    return _KINDS[str(mode)]


def add_tunnel(made: Made) -> None:
    """The tunnel's own section.  Raises RefusedError where one end of it is missing."""
    if made.value("mode") == "vxlan":
        _vxlan(made)
        return
    if made.value("link") is not None:
        made.refused["link",] = "networkd makes it independent of any device"
    section = made.netdev.section("Tunnel")
    section.add("Independent", "yes")
    if made.value("mode") in ("ip6ip6", "ipip6"):
        section.add("Mode", str(made.value("mode")))
    for key, line in (("local", "Local"), ("remote", "Remote")):
        made.put((key,), values.address, section, line)
    if ("remote",) not in made.placed:
        raise RefusedError("a tunnel without a remote end")
    made.put(("ttl",), values.number, section, "TTL")
    if made.value("mode") in _KEYED:
        _keys(made)


def _keys(made: Made) -> None:
    """A GRE key tells tunnels apart, and is no secret."""
    section = made.netdev.section("Tunnel")
    for name in ("key", "keys"):
        if made.keys(name):
            for side, line in (("input", "InputKey"), ("output", "OutputKey")):
                made.put((name, side), _key, section, line)
        else:
            found = made.take((name,), _key, "[Tunnel] InputKey=, OutputKey=")
            if found is not None:
                section.add("InputKey", found)
                section.add("OutputKey", found)


def _key(value: object) -> str:
    """A number, or one in the form of an IPv4 address."""
    if isinstance(value, str) and "." in value:
        found = values.address(value)
        if ":" not in found:
            return found
    return values.number(value)


def _vxlan(made: Made) -> None:
    section = made.netdev.section("VXLAN")
    for key, (line, check) in _VXLAN.items():
        made.put((key,), check, section, line)
    if ("id",) not in made.placed:
        raise RefusedError("networkd makes no VXLAN without its id")
    remote = made.take(("remote",), values.address, "[VXLAN] Remote= or Group=")
    if remote is not None:
        from ipaddress import ip_address

        section.add("Group" if ip_address(remote).is_multicast else "Remote", remote)
    for name, lines in _LISTS.items():
        for index, _ in made.elements(name):
            found = made.take((name, index), values.one_of(*lines), "[VXLAN]")
            if found is not None:
                section.add(lines[found], "yes")
    low, high = ("port-range", 0), ("port-range", 1)
    ports = [made.take(one, values.number, "[VXLAN] PortRange=") for one in (low, high)]
    if all(ports):
        section.add("PortRange", f"{ports[0]}-{ports[1]}")
    if made.value("link") is None:
        section.add("Independent", "yes")
