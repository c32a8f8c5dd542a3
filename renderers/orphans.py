"""Where the nameservers and routes go that a version 1 config gives to no device."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

_ADDRESSED = ("ethernets", "bonds", "bridges", "vlans", "wifis", "tunnels", "dummy-devices")
Device = tuple[str, str]
"""Device type and id."""


def with_addresses(tree: Node, members: Collection[str]) -> tuple[Device, ...]:
    """The devices that have addresses of their own, or else those with DHCP; never a member."""
    devices = [item for item in _devices(tree) if item[0][1] not in members]
    fixed = tuple(device for device, node in devices if _has(node, "addresses"))
    return fixed or tuple(device for device, node in devices if _dynamic(node))


#: What netplan and cloud-init know of name servers; each is a list.
OF_NAMESERVERS = ("addresses", "search")


def give_nameservers(
    devices: Sequence[Device], network: Mapping[str, Any], nameservers: Mapping[str, Any]
) -> tuple[Device, ...]:
    """The devices that got the name servers, in the plain tree `network`.

    As cloud-init does it: all those that have none of their own.  Where all have some, these
    come behind them.
    """
    free = [each for each in devices if not network[each[0]][each[1]].get("nameservers")]
    takers = tuple(free or devices)
    for kind, one in takers:
        own = dict(network[kind][one].get("nameservers") or {})
        for key in OF_NAMESERVERS:
            listed = nameservers.get(key) or ()
            present = own.get(key) or []
            if listed:
                own[key] = [*present, *(each for each in listed if each not in present)]
        network[kind][one]["nameservers"] = own
    return takers


def device_for_gateway(tree: Node, members: Collection[str], gateway: str) -> Device | None:
    """The device whose subnet holds the gateway, or else the only device with addresses."""
    from ipaddress import ip_address, ip_interface

    via = ip_address(gateway)
    candidates = [item for item in _devices(tree) if item[0][1] not in members]
    for device, node in candidates:
        for address in addresses(node):
            if via in ip_interface(address).network:
                return device
    configured = [d for d, node in candidates if _has(node, "addresses") or _dynamic(node)]
    return configured[0] if len(configured) == 1 else None


def addresses(device: Node) -> Iterator[str]:
    """A device's addresses as `address/prefix`, whichever way they are written."""
    for element in (device.get("addresses") or Node(())).elements():
        if isinstance(element.value, str):
            yield element.value
        else:
            yield from (address for address, _ in element.items())


def _devices(tree: Node) -> Iterator[tuple[Device, Node]]:
    for kind in _ADDRESSED:
        for device_id, device in (tree.get(kind) or Node({})).items():
            yield (kind, device_id), device


def _has(device: Node, key: str) -> bool:
    child = device.get(key)
    return child is not None and bool(child.elements())


def _dynamic(device: Node) -> bool:
    asked = (device.get(key) for key in ("dhcp4", "dhcp6", "accept-ra"))
    return any(node is not None and node.value is True for node in asked)
