"""Small machines and network configs for tests, written in a line or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hyperv_net.decision.modes import Decisions, decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.model import (
    Entry,
    Inventory,
    Kind,
    NetworkConfig,
    Nic,
    Rendered,
    Rewritten,
    Settings,
    System,
)
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.ledger import build_ledger
from hyperv_net.rewrite.failover import rewrite
from hyperv_net.root.settings import with_values
from hyperv_net.tree import at, format_path, leaves, to_plain

#: A kernel whose hv_netvsc leaves the pair to a bond, and one that takes the VF itself.
OLD_KERNEL = "4.9.0-13-amd64"
NEW_KERNEL = "6.1.0-18-cloud-amd64"


def mac(card: int = 0) -> str:
    return f"00:0d:3a:00:00:{card:02x}"


def nic(name: str, card: int = 0, *, driver: str = "igb", bus: str = "pci", **more: Any) -> Nic:
    """An Ethernet NIC of the card with that number, which gives it its MAC address."""
    plain = Nic(name, mac=mac(card), permanent_mac=mac(card), driver=driver, bus=bus)
    return plain._replace(**more)


def synthetic(card: int = 0, name: str = "", **more: Any) -> Nic:
    """Linux's synthetic NIC eth<card>."""
    return nic(name or f"eth{card}", card, driver="hv_netvsc", bus="vmbus", **more)


def vf(card: int = 0, name: str = "", **more: Any) -> Nic:
    """Linux's VF enP<card>s1."""
    return nic(name or f"enP{card}s1", card, **{"driver": "mlx5_core", **more})


def hn(unit: int = 0, name: str = "", **more: Any) -> Nic:
    """FreeBSD's synthetic NIC hn<unit>, perhaps renamed."""
    device = f"hn{unit}"
    return nic(name or device, unit, driver="hn", bus="vmbus", device=device, **more)


def mce(unit: int = 0, **more: Any) -> Nic:
    """FreeBSD's VF mce<unit>."""
    return nic(f"mce{unit}", unit, **{"driver": "mce", "device": f"mce{unit}", **more})


def stacked(name: str, kind: Kind, lowers: tuple[str, ...] = (), card: int = 0) -> Nic:
    """A device of software that bears the MAC address of the card below it."""
    return Nic(name, kind=kind, mac=mac(card), lowers=lowers)


def linux(*nics: Nic, kernel: str = OLD_KERNEL) -> Inventory:
    return Inventory(System.LINUX, kernel, nics)


def freebsd(
    *nics: Nic, transparent: bool | None = False, vf_map: tuple[tuple[str, str], ...] = ()
) -> Inventory:
    return Inventory(System.FREEBSD, "14.1-RELEASE", nics, transparent, vf_map)


def config(text: str) -> NetworkConfig:
    return read_network_config(text, "network-config.yaml")


def decided(inventory: Inventory, **settings: Any) -> Decisions:
    known = with_values(Settings(), settings)
    pairs = find_pairs(inventory, known.synthetic_drivers, known.pairs).pairs
    return decide(pairs, inventory, known)


def rewritten(read: str | NetworkConfig, inventory: Inventory, **settings: Any) -> Rewritten:
    """The rewrite of a network config on a machine, from facts to tree."""
    known = with_values(Settings(), settings)
    decisions = decided(inventory, **settings).decisions
    return rewrite(config(read) if isinstance(read, str) else read, decisions, inventory, known)


def again(first: Rewritten, inventory: Inventory) -> Rewritten:
    """The rewrite of what a rewrite made, perhaps on a machine that has changed since."""
    tree = first.tree
    values = tuple((path, leaf.value) for path, leaf in leaves(tree))
    return rewritten(NetworkConfig("again", tree, values), inventory)  # type: ignore[arg-type]


def value(result: Rewritten, *path: str | int) -> Any:
    """The plain value at a path of the rewritten tree; None where there is none."""
    node = at(result.tree, path)
    return None if node is None else to_plain(node)


def refusals(result: Rewritten) -> Mapping[str, str]:
    """Place in the file → why it found no place in the result."""
    return {format_path(path): reason for path, reason in result.refused}


def dropped(result: Rendered) -> dict[str, str]:
    """Place in the tree → why it is not in the text."""
    return {format_path(path): reason for path, reason in result.dropped.items()}


def ledger(text: str, inventory: Inventory) -> dict[str, Entry]:
    """Place in the file → its entry, for the rewrite alone."""
    read = config(text)
    entries = build_ledger(read, rewritten(read, inventory), None)
    return {format_path(entry.source): entry for entry in entries}
