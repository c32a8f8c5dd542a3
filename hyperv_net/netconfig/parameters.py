"""Parameters of bonds and bridges: netplan's names and values, and version 1's names for them.

Values: canonical/netplan doc/netplan-yaml.md and src/parse.c; numbers for
words: the Linux kernel's Documentation/networking/bonding.rst.  Names of
version 1: NET_CONFIG_TO_V2 in canonical/cloud-init cloudinit/net/network_state.py.
"""

from __future__ import annotations

from hyperv_net.netconfig import values
from hyperv_net.netconfig.checks import flag, listing, mapping, named, scalar
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = scalar(values.unsigned)
_INTERVAL = scalar(values.interval)

_MODES = "balance-rr active-backup balance-xor broadcast 802.3ad balance-tlb balance-alb"
_OPEN_VSWITCH_MODES = "balance-tcp balance-slb"
_HASHES = "layer2 layer3+4 layer2+3 encap2+3 encap3+4 vlan+srcmac"
_ARP_VALIDATE = "none active backup all filter filter_active filter_backup"

BOND = mapping(
    {
        "mode": scalar(values.one_of(*_MODES.split(), *_OPEN_VSWITCH_MODES.split(), numbered=True)),
        "lacp-rate": scalar(values.one_of("slow", "fast", numbered=True)),
        "mii-monitor-interval": _INTERVAL,
        "min-links": _NUMBER,
        "transmit-hash-policy": scalar(values.one_of(*_HASHES.split(), numbered=True)),
        "ad-select": scalar(values.one_of("stable", "bandwidth", "count", numbered=True)),
        "all-slaves-active": flag,
        "arp-interval": _INTERVAL,
        "arp-ip-targets": listing(scalar(values.ipv4_address), once=True),
        "arp-validate": scalar(values.one_of(*_ARP_VALIDATE.split(), numbered=True)),
        "arp-all-targets": scalar(values.one_of("any", "all", numbered=True)),
        "up-delay": _INTERVAL,
        "down-delay": _INTERVAL,
        "fail-over-mac-policy": scalar(values.one_of("none", "active", "follow", numbered=True)),
        "gratuitous-arp": scalar(values.byte),
        "packets-per-slave": scalar(values.port),
        "primary-reselect-policy": scalar(
            values.one_of("always", "better", "failure", numbered=True)
        ),
        "resend-igmp": scalar(values.byte),
        "learn-packet-interval": _INTERVAL,
        "primary": scalar(values.device_name),
    },
    aliases={
        "all-members-active": "all-slaves-active",
        "packets-per-member": "packets-per-slave",
        "gratuitious-arp": "gratuitous-arp",
    },
)

BRIDGE = mapping(
    {
        "ageing-time": _INTERVAL,
        "priority": _NUMBER,
        "port-priority": named(values.device_name, scalar(values.whole(0, 63))),
        "forward-delay": _INTERVAL,
        "hello-time": _INTERVAL,
        "max-age": _INTERVAL,
        "path-cost": named(values.device_name, _NUMBER),
        "stp": flag,
    },
    aliases={"aging-time": "ageing-time"},
)

V1_BOND: Mapping[str, str] = {
    "ad-select": "ad-select",
    "all-slaves-active": "all-slaves-active",
    "arp-all-targets": "arp-all-targets",
    "arp-interval": "arp-interval",
    "arp-ip-target": "arp-ip-targets",
    "arp-validate": "arp-validate",
    "downdelay": "down-delay",
    "fail-over-mac": "fail-over-mac-policy",
    "lacp-rate": "lacp-rate",
    "learn-packet-interval": "learn-packet-interval",
    "lp-interval": "learn-packet-interval",
    "miimon": "mii-monitor-interval",
    "min-links": "min-links",
    "mode": "mode",
    "num-grat-arp": "gratuitous-arp",
    "num-unsol-na": "gratuitous-arp",
    "packets-per-slave": "packets-per-slave",
    "primary": "primary",
    "primary-reselect": "primary-reselect-policy",
    "resend-igmp": "resend-igmp",
    "updelay": "up-delay",
    "xmit-hash-policy": "transmit-hash-policy",
}
"""A bond's `params`, without `bond-` and with '-' for '_', and netplan's names for them."""

V1_BRIDGE: Mapping[str, str] = {
    "ageing": "ageing-time",
    "bridgeprio": "priority",
    "fd": "forward-delay",
    "hello": "hello-time",
    "maxage": "max-age",
    "pathcost": "path-cost",
    "portprio": "port-priority",
    "stp": "stp",
}
"""A bridge's `params`, without `bridge_`, and netplan's names for them."""
