"""Version 2 of the network config: every key that netplan and cloud-init define, checked.

Keys and the values they take are those of netplan's YAML reference
(canonical/netplan doc/netplan-yaml.md and src/parse.c); cloud-init's version 2
is a part of it (cloudinit/config/schemas/schema-network-config-v2.json).  The
keys that hyperv-net adds for version 1 are checked here as well, so that
nobody can pass them in unchecked.
"""

from __future__ import annotations

from hyperv_net.netconfig import values
from hyperv_net.netconfig.addressing import (
    ADDRESSES,
    DHCP_OVERRIDES,
    NAMESERVERS,
    POLICIES,
    RA_OVERRIDES,
    ROUTES,
)
from hyperv_net.netconfig.checks import (
    anything,
    each,
    flag,
    listing,
    mapping,
    named,
    scalar,
    suggesting,
    united,
)
from hyperv_net.netconfig.parameters import BOND, BRIDGE
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.netconfig.checks import (
        Check,
        Notes,
    )

_NUMBER = scalar(values.unsigned)
_NAMES = listing(scalar(values.device_name), once=True)
_TEXT = scalar(values.anything)

_BACKENDS = scalar(values.one_of("networkd", "NetworkManager", "sriov"))


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

#: What no pair needs is netplan's to judge; a key that is mistyped there is told of.
_AUTH = suggesting(
    "key-management method identity anonymous-identity password ca-certificate client-certificate"
    " client-key client-key-password phase2-auth"
)
_NETWORKMANAGER = suggesting("name uuid stable-id device passthrough")
_OPENVSWITCH = suggesting(
    "external-ids other-config lacp fail-mode mcast-snooping rstp protocols ports",
    controller=suggesting("addresses connection-mode"),
    ssl=suggesting("ca-cert certificate private-key"),
)
_KEYS_IN_A_TUNNEL = suggesting("input output private private-key-flags")

_COMMON: Mapping[str, Check] = {
    "accept-ra": flag,
    "activation-mode": scalar(values.one_of("manual", "off")),
    "addresses": ADDRESSES,
    "control": scalar(values.one_of("auto", "manual", "hotplug", "off")),
    "critical": flag,
    "dhcp-identifier": scalar(values.one_of("mac", "duid")),
    "dhcp4": flag,
    "dhcp4-overrides": DHCP_OVERRIDES,
    "dhcp6": flag,
    "dhcp6-overrides": DHCP_OVERRIDES,
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
    "nameservers": NAMESERVERS,
    "neigh-suppress": flag,
    "networkmanager": _NETWORKMANAGER,
    "openvswitch": _OPENVSWITCH,
    "optional": flag,
    "optional-addresses": _OPTIONAL_ADDRESSES,
    "port-mac-learning": flag,
    "ra-overrides": RA_OVERRIDES,
    "renderer": _BACKENDS,
    "routes": ROUTES,
    "routing-policy": POLICIES,
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
    "wakeonwlan": anything,
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
    "auth": _AUTH,
    "link": scalar(values.device_name),
    "virtual-function-count": _NUMBER,
    "embedded-switch-mode": scalar(values.one_of("switchdev", "legacy")),
    "delay-virtual-functions-rebind": flag,
    "infiniband-mode": scalar(values.one_of("datagram", "connected")),
}

_ACCESS_POINT = suggesting(
    "band bssid hidden channel mode password", auth=_AUTH, networkmanager=_NETWORKMANAGER
)
_WIFI: Mapping[str, Check] = {
    **_PHYSICAL,
    "access-points": each(_ACCESS_POINT),
    "auth": _AUTH,
    "regulatory-domain": anything,
}

_MODEM_KEYS = (
    "apn auto-config device-id network-id number password pin sim-id sim-operator-id username"
)
_MODEM: Mapping[str, Check] = {**_PHYSICAL, **dict.fromkeys(_MODEM_KEYS.split(), anything)}

_TUNNEL_MODES = "ipip gre sit isatap vti ip6ip6 ipip6 ip6gre vti6 gretap ip6gretap vxlan wireguard"
_PEER = mapping(
    {
        "keepalive": scalar(values.port),
        "allowed-ips": listing(scalar(values.ip_network)),
        "endpoint": anything,
        "keys": suggesting("public shared"),
    }
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
    **dict.fromkeys(("key", "keys"), _KEYS_IN_A_TUNNEL),
    **dict.fromkeys(("checksums", "extensions", "notifications"), anything),
}


def _of_one_type(devices: Check) -> Check:
    """Devices, and perhaps beside them the `renderer` of those that name none.

    Netplan takes it there (handle_network_type of src/parse.c); it goes to each device, so
    that nobody else has to know of the place.
    """

    def check(notes: Notes, node: Node) -> Node | None:
        backend = node.get("renderer")
        if backend is None or isinstance(backend.value, dict):
            return devices(notes, node)
        others = {key: child for key, child in node.items() if key != "renderer"}
        checked = devices(notes, Node(others, node.origins))
        if checked is None or backend.value is None:
            return checked and Node(checked.value, united(checked.origins, backend.origins))
        backend = _BACKENDS(notes, backend)
        given = {
            one: Node({"renderer": backend, **dict(device.items())}, device.origins)
            for one, device in checked.items()
        }
        is_used = any(device.get("renderer") is backend for device in given.values())
        spent = () if is_used else backend.origins
        return Node(given, united(checked.origins, spent))

    return check


def _free(device: Check) -> Check:
    """Devices whose id need not be an interface's name, since `match` may find them."""
    return _of_one_type(named(values.device_name, device))


def _made(device: Check) -> Check:
    """Devices that are created under their id."""
    return _of_one_type(named(values.interface_name, device))


_TREE = mapping(
    {
        "version": _TEXT,
        "renderer": _BACKENDS,
        "ethernets": _free(mapping(_ETHERNET)),
        "wifis": _free(mapping(_WIFI)),
        "modems": _free(mapping(_MODEM)),
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
        "openvswitch": _OPENVSWITCH,
        "nameservers": NAMESERVERS,
        "routes": ROUTES,
    }
)


def check_tree(notes: Notes, node: Node) -> Node:
    """The tree with canonical values; its `version` becomes 2."""
    checked = _TREE(notes, node)
    version = checked.get("version")
    origins = version.origins if version else ()
    children = {**dict(checked.items()), "version": Node(2, origins)}
    return Node(children, checked.origins)
