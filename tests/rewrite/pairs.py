"""Machines with pairs, configurations that speak of them, and what is seen of a rewrite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hyperv_net.model import Rewritten, Severity
from tests.building import linux, mac, nic, synthetic, vf

ONE = linux(synthetic(), vf())
TWO = linux(synthetic(), vf(), synthetic(1), vf(1))
TWO_AND_ONE = linux(*TWO.nics, nic("eth7", 7))

QUIET = {"dhcp4": False, "dhcp6": False, "accept-ra": False, "link-local": [], "optional": True}


def quiet(driver: str = "hv_netvsc", own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The declaration of card 0's member of that driver, with what is the card's own."""
    return {**QUIET, "match": {"macaddress": mac(0), "driver": driver}, **(own or {})}


def aggregates(result: Rewritten) -> list[tuple[str, str, str]]:
    return [(one.name, one.synthetic_id, one.vf_id) for one in result.aggregates]


def rules(result: Rewritten) -> list[tuple[str, Severity]]:
    return [(one.rule, one.severity) for one in result.findings]


REFERENCES = """
version: 2
ethernets:
  eth0:
    match: {macaddress: "00:0d:3a:00:00:00"}
    set-name: lan0
    routes: [{to: default, via: "fe80::1%lan0"}, {to: "2001:db8::/32", via: "fe80::2%eth0"}]
    nameservers: {addresses: ["fe80::53%enP0s1"]}
  eth7: {routes: [{to: "2001:db8:7::/48", via: "fe80::7%eth7"}]}
vlans: {v5: {id: 5, link: eth0}, v6: {id: 6, link: enP0s1}, v7: {id: 7, link: eth7}}
bridges:
  br0:
    interfaces: [eth0, eth7]
    parameters: {path-cost: {eth0: 5, eth7: 6}, port-priority: {eth0: 7}}
vrfs: {blue: {table: 9, interfaces: [v5, lan0]}}
tunnels: {t0: {mode: vxlan, id: 8, link: eth0, local: 10.0.0.4, remote: 10.0.0.9}}
"""

OWN_BOND = """
version: 2
ethernets: {eth0: {dhcp4: false, mtu: 9000}}
bonds:
  uplink:
    interfaces: [eth0]
    parameters: {mode: active-backup, mii-monitor-interval: 50}
    addresses: [10.0.0.4/24]
"""
