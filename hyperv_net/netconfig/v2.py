"""Version 2 of the network config: every key that netplan and cloud-init define, checked.

Keys and the values they take are those of netplan's YAML reference
(canonical/netplan doc/netplan-yaml.md and src/parse.c); cloud-init's version 2
is a part of it (cloudinit/config/schemas/schema-network-config-v2.json).  The
keys that hyperv-net adds for version 1 are checked here as well, so that
nobody can pass them in unchecked.
"""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.netconfig import values
from hyperv_net.netconfig.checks import (
    Check,
    Notes,
    anything,
    flag,
    listing,
    mapping,
    named,
    scalar,
)
from hyperv_net.netconfig.parameters import BOND, BRIDGE
from hyperv_net.tree import Node

_NUMBER = scalar(values.unsigned)
_NAMES = listing(scalar(values.device_name), once=True)
_TEXT = scalar(values.anything)

_BACKENDS = scalar(values.one_of("networkd", "NetworkManager", "sriov"))


_ADDRESS_OPTIONS = mapping(
    {
        "label": scalar(values.interface_name),
        "lifetime": scalar(values.one_of("0", "forever")),
    }
)


def _address(notes: Notes, node: Node) -> Node:
    """An address, or a mapping from one address to its options."""
    if not isinstance(node.value, dict):
        return scalar(values.ip_interface)(notes, node)
    if len(node.value) != 1:
        raise notes.error(node, "expected one address with its options")
    return named(values.ip_interface, _ADDRESS_OPTIONS)(notes, node)


_ADDRESSES = listing(_address, once=True)


def _listed(element: Check) -> Check:
    """A list whose elements are also understood in one text, separated by blanks."""
    whole = listing(element, once=True)

    def check(notes: Notes, node: Node) -> Node:
        if isinstance(node.value, str):
            words = tuple(Node(word, node.origins) for word in node.value.split())
            node = Node(words, () if words else node.origins)
        return whole(notes, node)

    return check


_NAMESERVERS = mapping(
    {
        "addresses": _listed(scalar(values.ip_address)),
        "search": _listed(scalar(values.domain)),
    }
)

_ROUTE_TYPES = (
    "unicast anycast blackhole broadcast local multicast nat prohibit throw unreachable xresolve"
)
_ROUTE = mapping(
    {
        "to": scalar(values.destination),
        "via": scalar(values.ip_address),
        "from": scalar(values.ip_network),
        "on-link": flag,
        "metric": _NUMBER,
        "type": scalar(values.one_of(*_ROUTE_TYPES.split())),
        "scope": scalar(values.one_of("global", "link", "host")),
        "table": _NUMBER,
        "mtu": _NUMBER,
        "congestion-window": _NUMBER,
        "advertised-receive-window": _NUMBER,
        "advertised-mss": _NUMBER,
    },
    required=("to",),
)


def _route(notes: Notes, node: Node) -> Node:
    route = _ROUTE(notes, node)
    _one_family(notes, route, ("to", "via", "from"))
    return route


def _one_family(notes: Notes, node: Node, keys: tuple[str, ...]) -> None:
    """Refuse a mapping whose addresses are of both families (netplan does as well)."""
    given = [(key, node.get(key)) for key in keys]
    texts = [(key, child) for key, child in given if child and child.value != "default"]
    for key, child in texts[1:]:
        first_key, first = texts[0]
        assert first is not None and child is not None
        if values.is_ipv6(first.value) != values.is_ipv6(child.value):
            raise notes.error(
                child, f"{key!r} is of another IP version than {first_key!r} ({first.value})"
            )


_ROUTES = listing(_route)

_POLICY = mapping(
    {
        "from": scalar(values.ip_network),
        "to": scalar(values.ip_network),
        "table": _NUMBER,
        "priority": _NUMBER,
        "mark": _NUMBER,
        "type-of-service": scalar(values.byte),
    }
)


def _policy(notes: Notes, node: Node) -> Node:
    policy = _POLICY(notes, node)
    if not (policy.get("from") or policy.get("to")):
        raise notes.error(node, "has neither 'from' nor 'to'", "add one of them")
    _one_family(notes, policy, ("to", "from"))
    return policy


_USE_DOMAINS = scalar(values.either(values.one_of("route"), values.boolean))
_DHCP_OVERRIDES = mapping(
    {
        "hostname": scalar(values.host_name),
        "route-metric": _NUMBER,
        "send-hostname": flag,
        "use-dns": flag,
        "use-domains": _USE_DOMAINS,
        "use-hostname": flag,
        "use-mtu": flag,
        "use-ntp": flag,
        "use-routes": flag,
    }
)
_RA_OVERRIDES = mapping({"use-dns": flag, "use-domains": _USE_DOMAINS, "table": _NUMBER})


def _mtu(notes: Notes, node: Node) -> Node | None:
    """A device's MTU; 0, which means none, is ignored as cloud-init does (its issue 6239)."""
    checked = scalar(values.mtu_or_none)(notes, node)
    if checked.value == 0:
        notes.drop(node, "an MTU of 0 means none")
        return None
    return checked


_LINK_LOCAL = listing(scalar(values.one_of("ipv4", "ipv6")), once=True)
_OPTIONAL_ADDRESSES = listing(
    scalar(values.one_of("ipv4-ll", "ipv6-ra", "dhcp4", "dhcp6", "static")), once=True
)

_COMMON: Mapping[str, Check] = {
    "accept-ra": flag,
    "activation-mode": scalar(values.one_of("manual", "off")),
    "addresses": _ADDRESSES,
    "control": scalar(values.one_of("auto", "manual", "hotplug", "off")),
    "critical": flag,
    "dhcp-identifier": scalar(values.one_of("mac", "duid")),
    "dhcp4": flag,
    "dhcp4-overrides": _DHCP_OVERRIDES,
    "dhcp6": flag,
    "dhcp6-overrides": _DHCP_OVERRIDES,
    "dhcp6-stateless": flag,
    "gateway4": scalar(values.ipv4_address),
    "gateway6": scalar(values.ipv6_address),
    "hairpin": flag,
    "ignore-carrier": flag,
    "ipv6-address-generation": scalar(values.one_of("eui64", "stable-privacy")),
    "ipv6-address-token": scalar(values.ipv6_address),
    "ipv6-mtu": scalar(values.mtu),
    "ipv6-privacy": flag,
    "link-local": _LINK_LOCAL,
    "macaddress": scalar(values.own_mac),
    "mtu": _mtu,
    "nameservers": _NAMESERVERS,
    "neigh-suppress": flag,
    "optional": flag,
    "optional-addresses": _OPTIONAL_ADDRESSES,
    "port-mac-learning": flag,
    "ra-overrides": _RA_OVERRIDES,
    "renderer": _BACKENDS,
    "routes": _ROUTES,
    "routing-policy": listing(_policy),
}


def _drivers(notes: Notes, node: Node) -> Node:
    """`driver` of a match: one pattern or a list of them."""
    one = scalar(values.glob)
    return listing(one)(notes, node) if isinstance(node.value, tuple) else one(notes, node)


_PHYSICAL: Mapping[str, Check] = {
    **_COMMON,
    "match": mapping(
        {"name": scalar(values.glob), "macaddress": scalar(values.mac), "driver": _drivers}
    ),
    "set-name": scalar(values.interface_name),
    "wakeonlan": flag,
    "emit-lldp": flag,
    "receive-checksum-offload": flag,
    "transmit-checksum-offload": flag,
    "tcp-segmentation-offload": flag,
    "tcp6-segmentation-offload": flag,
    "generic-segmentation-offload": flag,
    "generic-receive-offload": flag,
    "large-receive-offload": flag,
}

_ETHERNET: Mapping[str, Check] = {
    **_PHYSICAL,
    "link": scalar(values.device_name),
    "virtual-function-count": _NUMBER,
    "embedded-switch-mode": scalar(values.one_of("switchdev", "legacy")),
    "delay-virtual-functions-rebind": flag,
    "infiniband-mode": scalar(values.one_of("datagram", "connected")),
}

_TUNNEL_MODES = "ipip gre sit isatap vti ip6ip6 ipip6 ip6gre vti6 gretap ip6gretap vxlan wireguard"
_PEER = mapping(
    {"keepalive": scalar(values.port), "allowed-ips": listing(scalar(values.ip_network))}
)
_TUNNEL: Mapping[str, Check] = {
    **_COMMON,
    "mode": scalar(values.one_of(*_TUNNEL_MODES.split())),
    "local": scalar(values.ip_address),
    "remote": scalar(values.ip_address),
    "ttl": scalar(values.byte),
    "mark": _NUMBER,
    "port": scalar(values.port),
    "peers": listing(_PEER),
    "link": scalar(values.device_name),
    "id": _NUMBER,
    "ageing": _NUMBER,
    "limit": _NUMBER,
    "type-of-service": scalar(values.byte),
    "flow-label": _NUMBER,
    "do-not-fragment": flag,
    "short-circuit": flag,
    "arp-proxy": flag,
    "mac-learning": flag,
    "port-range": listing(scalar(values.port)),
}


def _free(device: Check) -> Check:
    """Devices whose id need not be an interface's name, since `match` may find them."""
    return named(values.device_name, device)


def _made(device: Check) -> Check:
    """Devices that are created under their id."""
    return named(values.interface_name, device)


_TREE = mapping(
    {
        "version": _TEXT,
        "renderer": _BACKENDS,
        "ethernets": _free(mapping(_ETHERNET)),
        "wifis": _free(mapping(_PHYSICAL)),
        "modems": _free(mapping(_PHYSICAL)),
        "nm-devices": _free(mapping(_PHYSICAL)),
        "bonds": _made(mapping({**_COMMON, "interfaces": _NAMES, "parameters": BOND})),
        "bridges": _made(mapping({**_COMMON, "interfaces": _NAMES, "parameters": BRIDGE})),
        "vlans": _made(
            mapping(
                {
                    **_COMMON,
                    "id": scalar(values.vlan_id),
                    "link": scalar(values.device_name),
                },
                required=("id", "link"),
            )
        ),
        "vrfs": _made(
            mapping({**_COMMON, "table": _NUMBER, "interfaces": _NAMES}, required=("table",))
        ),
        "tunnels": _made(mapping(_TUNNEL, required=("mode",), aliases={"aging": "ageing"})),
        "dummy-devices": _made(mapping(_COMMON)),
        "virtual-ethernets": _made(
            mapping({**_COMMON, "peer": scalar(values.device_name)}, required=("peer",))
        ),
        "openvswitch": anything,
        "nameservers": _NAMESERVERS,
        "routes": _ROUTES,
    }
)


def check_tree(notes: Notes, node: Node) -> Node:
    """The tree with canonical values; its `version` becomes 2."""
    checked = _TREE(notes, node)
    version = checked.get("version")
    origins = version.origins if version else ()
    children = {**dict(checked.items()), "version": Node(2, origins)}
    return Node(children, checked.origins)
