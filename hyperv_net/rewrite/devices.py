"""A configuration as its devices: taking the tree apart by type and putting it together."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.model import Rewritten

#: Top-level keys that hold devices (netplan-yaml, "Device configuration IDs").
DEVICE_TYPES = (
    "bonds",
    "bridges",
    "dummy-devices",
    "ethernets",
    "modems",
    "nm-devices",
    "tunnels",
    "virtual-ethernets",
    "vlans",
    "vrfs",
    "wifis",
)

#: Keys under which a device names others: lists of ids, and single ids.
MEMBER_LISTS = ("interfaces",)
SINGLE_REFERENCES = ("link", "peer")

Devices = dict[str, dict[str, Node]]


def devices_of(tree: Node) -> Devices:
    """Type → id → device, as fresh dicts; every type is present."""
    return {kind: dict((tree.get(kind) or Node({})).items()) for kind in DEVICE_TYPES}


def with_devices(tree: Node, devices: Devices) -> Node:
    """The tree with its devices replaced, in canonical order; types without any are left out."""
    top = {key: child for key, child in tree.items() if key not in DEVICE_TYPES}
    for kind in DEVICE_TYPES:
        before = tree.get(kind)
        if devices[kind] or before is not None:
            top[kind] = Node(devices[kind], before.origins if before else ())
    return canonical(Node(top, tree.origins))


def ids(devices: Devices) -> set[str]:
    """The ids of all devices."""
    return {device_id for kind in devices.values() for device_id in kind}


def members_of(device: Node) -> tuple[str, ...]:
    """The ids a bond, bridge or vrf lists as its interfaces."""
    return tuple(
        str(one.value) for key in MEMBER_LISTS for one in (device.get(key) or Node(())).elements()
    )


def below(kind: str, device: Node) -> Iterator[str]:
    """The ids of the devices that this one stands on: its members, its link.

    An SR-IOV virtual function's `link` is to the card, and it stands beside that.
    """
    yield from members_of(device)
    link = device.get("link")
    if link is not None and kind != "ethernets" and isinstance(link.value, str):
        yield link.value


def referenced(devices: Devices) -> Iterator[str]:
    """Every id that some device names as its member, link or peer."""
    for kind, of_kind in devices.items():
        for device in of_kind.values():
            yield from below(kind, device)
            peer = device.get("peer")
            if peer is not None and isinstance(peer.value, str):
                yield peer.value


def pairs_alone(rewritten: Rewritten) -> Rewritten:
    """Without the devices that are no part of a pair: where files are adopted they stay there."""
    tree, bonds = rewritten.tree, {one.name for one in rewritten.aggregates}
    kept = {"ethernets": rewritten.member_ids, "bonds": bonds}
    devices = {
        kind: Node({one: node for one, node in (tree.get(kind) or Node({})).items() if one in ids})
        for kind, ids in kept.items()
    }
    return rewritten._replace(tree=Node({"version": Node(2), **devices}), catch_alls=())
