"""The keys netplan knows, since it refuses a file with any other.

A `None` means that the value is taken as it is; a mapping, that its keys are
checked in turn (`ANY_KEY` stands for every key); a tuple, that the value is a
list whose elements are checked against the tuple's one member.

Source: the handler tables of canonical/netplan, src/parse.c (1.2), which know
all that 0.106 knows.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Union

    from hyperv_net.tree import Node, Path

    Known = Union[None, Mapping[str, Any], tuple[Any]]

ANY_KEY = "*"


def _plain(names: str) -> dict[str, Known]:
    return dict.fromkeys(names.split())


_DHCP_OVERRIDES = _plain(
    "hostname route-metric send-hostname use-dns use-domains use-hostname use-mtu use-ntp"
    " use-routes"
)
_NETWORKMANAGER = {**_plain("name uuid stable-id device"), "passthrough": None}
_AUTH = _plain(
    "key-management method identity anonymous-identity password ca-certificate"
    " client-certificate client-key client-key-password phase2-auth"
)
_OPENVSWITCH: dict[str, Known] = {
    **_plain("external-ids other-config lacp fail-mode mcast-snooping rstp protocols"),
    "controller": _plain("addresses connection-mode"),
}
_COMMON: dict[str, Known] = {
    **_plain(
        "accept-ra activation-mode critical ignore-carrier dhcp4 dhcp6 dhcp-identifier"
        " gateway4 gateway6 ipv6-address-generation ipv6-address-token ipv6-mtu ipv6-privacy"
        " link-local macaddress mtu optional optional-addresses renderer hairpin"
        " port-mac-learning neigh-suppress"
    ),
    "addresses": ({ANY_KEY: _plain("lifetime label")},),
    "dhcp4-overrides": _DHCP_OVERRIDES,
    "dhcp6-overrides": _DHCP_OVERRIDES,
    "ra-overrides": _plain("use-dns use-domains table"),
    "nameservers": _plain("search addresses"),
    "routes": (
        _plain(
            "from on-link scope table to type via metric mtu congestion-window"
            " advertised-receive-window advertised-mss"
        ),
    ),
    "routing-policy": (_plain("from mark priority table to type-of-service"),),
    "networkmanager": _NETWORKMANAGER,
    "openvswitch": _OPENVSWITCH,
}
_PHYSICAL: dict[str, Known] = {
    **_COMMON,
    **_plain(
        "set-name wakeonlan wakeonwlan emit-lldp receive-checksum-offload"
        " transmit-checksum-offload tcp-segmentation-offload tcp6-segmentation-offload"
        " generic-segmentation-offload generic-receive-offload large-receive-offload"
    ),
    "match": _plain("driver macaddress name"),
}
_ETHERNET: dict[str, Known] = {
    **_PHYSICAL,
    **_plain(
        "link virtual-function-count embedded-switch-mode delay-virtual-functions-rebind"
        " infiniband-mode"
    ),
    "auth": _AUTH,
}
_TUNNEL: dict[str, Known] = {
    **_COMMON,
    **_plain(
        "mode local remote ttl mark port link ageing aging id limit type-of-service flow-label"
        " do-not-fragment short-circuit arp-proxy mac-learning notifications checksums"
        " extensions port-range"
    ),
    "key": _plain("input output private private-key-flags"),
    "keys": _plain("input output private private-key-flags"),
    "peers": ({**_plain("keepalive endpoint allowed-ips"), "keys": _plain("public shared")},),
}

DEVICES: dict[str, dict[str, Known]] = {
    "ethernets": _ETHERNET,
    "wifis": {
        **_PHYSICAL,
        "auth": _AUTH,
        "regulatory-domain": None,
        "access-points": {
            ANY_KEY: {
                **_plain("band bssid hidden channel mode password"),
                "auth": _AUTH,
                "networkmanager": _NETWORKMANAGER,
            }
        },
    },
    "modems": {
        **_PHYSICAL,
        **_plain(
            "apn auto-config device-id network-id number password pin sim-id sim-operator-id"
            " username"
        ),
    },
    "bonds": {
        **_COMMON,
        "interfaces": None,
        "parameters": _plain(
            "mode lacp-rate mii-monitor-interval min-links transmit-hash-policy ad-select"
            " all-slaves-active all-members-active arp-interval arp-ip-targets arp-validate"
            " arp-all-targets up-delay down-delay fail-over-mac-policy gratuitous-arp"
            " gratuitious-arp packets-per-slave packets-per-member primary-reselect-policy"
            " resend-igmp learn-packet-interval primary"
        ),
    },
    "bridges": {
        **_COMMON,
        "interfaces": None,
        "parameters": {
            **_plain("ageing-time aging-time forward-delay hello-time max-age priority stp"),
            "path-cost": None,
            "port-priority": None,
        },
    },
    "vlans": {**_COMMON, "id": None, "link": None},
    "vrfs": {**_COMMON, "interfaces": None, "table": None},
    "tunnels": _TUNNEL,
    "dummy-devices": _COMMON,
    "virtual-ethernets": {**_COMMON, "peer": None},
    "nm-devices": _ETHERNET,
}
"""Device type → what a device of that type may hold, in the order files are written."""

NETWORK: dict[str, Known] = {
    "version": None,
    "renderer": None,
    **{kind: {ANY_KEY: keys} for kind, keys in DEVICES.items()},
    "openvswitch": {
        **_plain("external-ids other-config protocols ports"),
        "ssl": _plain("ca-cert certificate private-key"),
    },
}
"""What may stand below `network:`."""


def unknown(node: Node, known: Known = NETWORK, path: Path = ()) -> Iterable[Path]:
    """The paths of the mappings' keys that netplan would refuse."""
    if isinstance(known, tuple):
        for index, element in enumerate(node.elements()):
            yield from unknown(element, known[0], (*path, index))
    elif known is not None:
        for key, child in node.items():
            if key in known or ANY_KEY in known:
                yield from unknown(child, _below(known, key), (*path, key))
            else:
                yield (*path, key)


def _below(known: Mapping[str, Any], key: str) -> Any:
    return known[key] if key in known else known[ANY_KEY]
