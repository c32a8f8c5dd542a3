"""A fleet of any size, of twelve shapes, with three machines that are broken.

`python -m tests.fleet.machines N` prints N of them, a record a line; the same each time.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Document = dict[str, Any]


class Numbers:
    """What a machine has of its own: numbers that follow from its place in the fleet."""

    def __init__(self, place: int) -> None:
        self.place = place
        self._bytes = hashlib.sha256(str(place).encode()).digest()

    def mac(self, card: int) -> str:
        return "00:0d:3a:" + ":".join(f"{one:02x}" for one in self._bytes[3 * card : 3 * card + 3])

    def vf(self, card: int) -> str:
        """As udev calls a VF of Azure, by its PCI domain."""
        at = 9 + 2 * card
        return f"enP{int.from_bytes(self._bytes[at : at + 2], 'big') or 1}s1np0"

    def host(self, card: int) -> str:
        return f"10.{self._bytes[20 + card]}.{self._bytes[24]}.{10 + self._bytes[26] % 200}"

    def gateway(self, card: int) -> str:
        return self.host(card).rpartition(".")[0] + ".1"

    def host6(self) -> str:
        return f"2001:db8:{self._bytes[28] + 1:x}::{self._bytes[29] + 16:x}"


def _nic(name: str, mac: str, driver: str, bus: str, device: str) -> Document:
    return {
        **{"name": name, "kind": "ethernet", "mac": mac, "permanent_mac": mac, "driver": driver},
        **{"bus": bus, "device": device, "vmbus_class_id": None, "master": None, "lowers": []},
        **{"state": "up", "mtu": 1500},
    }


def _linux(
    one: Numbers, cards: int, vf: str | None = "mlx5_core", kernel: str = "4.9.0-13-amd64"
) -> Document:
    nics = []
    for card in range(cards):
        device = f"/sys/devices/LNXSYSTM:00/VMBUS:00/{one.mac(card).replace(':', '')}-0000"
        nics.append(_nic(f"eth{card}", one.mac(card), "hv_netvsc", "vmbus", device))
        if vf is not None:
            slot = f"/sys/devices/LNXSYSTM:00/VMBUS:00/pci{one.vf(card)[3:7]}:00/0{card}:02.0"
            nics.append(_nic(one.vf(card), one.mac(card), vf, "pci", slot))
    return _inventory("linux", kernel, nics, None, [])


def _freebsd(one: Numbers, cards: int, vf: str | None = "mce") -> Document:
    nics = []
    for card in range(cards):
        nics.append(_nic(f"hn{card}", one.mac(card), "hn", "vmbus", f"hn{card}"))
        if vf is not None:
            nics.append(_nic(f"{vf}{card}", one.mac(card), vf, "pci", f"{vf}{card}"))
    vf_map = [{"synthetic": f"hn{card}", "vf": f"{vf}{card}"} for card in range(cards) if vf]
    return _inventory("freebsd", "14.1-RELEASE", nics, False, vf_map)


def _inventory(
    system: str, kernel: str, nics: list[Document], transparent: bool | None, vf_map: list[Document]
) -> Document:
    return {
        **{"schema": "hyperv-net/inventory/1", "system": system, "kernel": kernel},
        **{"vf_transparent": transparent, "vf_map": vf_map, "nics": nics, "findings": []},
    }


def _dhcp(one: Numbers, cards: int, name: str = "eth") -> str:
    entries = (
        f"  {name}{card}:\n    match: {{macaddress: '{one.mac(card)}'}}\n"
        f"    set-name: {name}{card}\n"
        f"    dhcp4: true\n    dhcp4-overrides: {{route-metric: {100 * (card + 1)}}}\n"
        for card in range(cards)
    )
    return f"version: 2\nethernets:\n{''.join(entries)}"


def _static(one: Numbers, name: str = "eth0", further: str = "") -> str:
    return (
        f"version: 2\nethernets:\n  {name}:\n    match: {{macaddress: '{one.mac(0)}'}}\n"
        f"    set-name: {name}\n    addresses: [{one.host(0)}/24{further}]\n"
        f"    routes: [{{to: default, via: {one.gateway(0)}}}]\n"
        f"    nameservers: {{addresses: [{one.gateway(0)}]}}\n"
    )


def _version_1(one: Numbers) -> str:
    return (
        "version: 1\nconfig:\n- type: physical\n  name: eth0\n"
        f"  mac_address: '{one.mac(0)}'\n  subnets:\n  - type: static\n"
        f"    address: {one.host(0)}\n    netmask: 255.255.255.0\n    gateway: {one.gateway(0)}\n"
    )


def _vlan(one: Numbers) -> str:
    vlan = f"vlans:\n  eth0.40:\n    id: 40\n    link: eth0\n    addresses: [{one.host(1)}/24]\n"
    return _dhcp(one, 1) + vlan


def _bridge(one: Numbers) -> str:
    head = f"version: 2\nethernets:\n  eth0:\n    match: {{macaddress: '{one.mac(0)}'}}\n"
    bridge = f"bridges:\n  br0:\n    interfaces: [eth0]\n    addresses: [{one.host6()}/64]\n"
    return f"{head}    set-name: eth0\n{bridge}"


class Shape(NamedTuple):
    """How machines of a kind are made; of so many in a hundred, or what is left of them."""

    name: str
    share: int
    target: str | None
    make: Callable[[Numbers], tuple[Document, str]]


SHAPES = (
    Shape("one pair", 23, "netplan", lambda one: (_linux(one, 1), _dhcp(one, 1))),
    Shape("two pairs", 11, "netplan", lambda one: (_linux(one, 2), _dhcp(one, 2))),
    Shape("VF absent", 3, "netplan", lambda one: (_linux(one, 1, None), _dhcp(one, 1))),
    Shape(
        "of the kernel",
        20,
        "netplan",
        lambda one: (_linux(one, 1, kernel="6.1.0-18-amd64"), _dhcp(one, 1)),
    ),
    Shape("static", 9, "netplan", lambda one: (_linux(one, 1), _static(one))),
    Shape("VLAN", 5, "netplan", lambda one: (_linux(one, 1), _vlan(one))),
    Shape("bridge", 4, "netplan", lambda one: (_linux(one, 1), _bridge(one))),
    Shape("FreeBSD", 8, None, lambda one: (_freebsd(one, 1), _dhcp(one, 1, "hn"))),
    Shape(
        "FreeBSD static",
        6,
        None,
        lambda one: (_freebsd(one, 1, "mana"), _static(one, "hn0", f", {one.host6()}/64")),
    ),
    Shape("FreeBSD without VF", 2, None, lambda one: (_freebsd(one, 2, None), _dhcp(one, 2, "hn"))),
    Shape("networkd", 5, "networkd", lambda one: (_linux(one, 1, "mana"), _dhcp(one, 1))),
    Shape("version 1", 4, "ifupdown", lambda one: (_linux(one, 1), _version_1(one))),
)
_SLOTS = [shape for shape in SHAPES for _ in range(shape.share)]
#: What is wrong with the three machines that are broken.
BROKEN = ("not YAML", "no NICs", "of another machine")


def shape_at(place: int) -> Shape:
    """The shape of a machine by its place; neighbours are of different ones."""
    return _SLOTS[place * 37 % len(_SLOTS)]


def machines(count: int) -> Iterator[Document]:
    """The records of a fleet."""
    broken = {(part + 1) * count // 4: what for part, what in enumerate(BROKEN)}
    for place in range(count):
        shape, one = shape_at(place), Numbers(place)
        inventory, config = shape.make(one)
        record = {"id": f"vm-{place:06}", "inventory": inventory, "network_config": config}
        if shape.target is not None:
            record["target"] = shape.target
        yield _broken(record, broken[place]) if place in broken else record


def _broken(record: Document, what: str) -> Document:
    if what == "not YAML":
        return {**record, "network_config": "version: 2\nethernets: {eth0: [\n"}
    if what == "no NICs":
        return {**record, "inventory": {"schema": "hyperv-net/inventory/1", "system": "linux"}}
    stranger = _dhcp(Numbers(-1), 1)
    return {
        **record,
        "inventory": _linux(Numbers(1), 1),
        "network_config": stranger,
        "target": "netplan",
    }


def sizes(count: int) -> list[int]:
    """How many machines each group of such a fleet has: of the shapes, and of the broken ones."""
    broken = {(part + 1) * count // 4 for part in range(len(BROKEN))}
    names = [shape_at(place).name for place in range(count) if place not in broken]
    return sorted([names.count(shape.name) for shape in SHAPES] + [1] * len(BROKEN))


if __name__ == "__main__":
    for each in machines(int(sys.argv[1])):
        print(json.dumps(each))
