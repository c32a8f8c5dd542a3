"""The words of version 2 that cloud-init itself reads, where netplan does not get them.

From NET_CONFIG_TO_V2, NETWORK_V2_KEY_FILTER and the handlers of cloudinit/net/network_state.py,
and from cloudinit/net/networkd.py, which reads `ethernets` itself (22.4.2, 25.1.4 and 26.2).
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Those of a device: some renderer of some version reads each of them.
DEVICE_KEYS = frozenset(
    (
        *("accept-ra", "addresses", "dhcp-identifier", "dhcp4", "dhcp4-overrides", "dhcp6"),
        *("dhcp6-overrides", "gateway4", "gateway6", "id", "interfaces", "link", "macaddress"),
        *("match", "mtu", "nameservers", "optional", "parameters", "renderer", "routes"),
        *("routing-policy", "set-name", "wakeonlan"),
    )
)

#: The parameters of a bond and of a bridge; any other makes cloud-init raise KeyError.
PARAMETERS: Mapping[str, frozenset[str]] = {
    "bonds": frozenset(
        (
            *("ad-select", "arp-interval", "arp-ip-targets", "arp-validate", "down-delay"),
            *("fail-over-mac-policy", "gratuitous-arp", "lacp-rate", "mii-monitor-interval"),
            *("min-links", "mode", "primary", "primary-reselect-policy"),
            *("transmit-hash-policy", "up-delay"),
        )
    ),
    "bridges": frozenset(
        (
            *("ageing-time", "forward-delay", "hello-time", "max-age", "path-cost"),
            *("port-priority", "priority", "stp"),
        )
    ),
}

#: Those of a bond that 26.2 has too.
NEWER = frozenset(
    ("all-slaves-active", "arp-all-targets", "learn-packet-interval", "packets-per-slave")
)
NEWER_SINCE = "26.2"

#: netplan's name of a parameter → cloud-init's.
CALLED: Mapping[str, str] = {"arp-ip-targets": "arp-ip-target"}
