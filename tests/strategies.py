"""Machines and network configs that hypothesis makes up.

A machine has some cards, each a pair, a synthetic NIC alone, or an ordinary
NIC; a configuration speaks of some of them in one of the ways that real ones
do, and of devices stacked on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from hyperv_net.model import Inventory, Nic, System


@dataclass(frozen=True)
class Machine:
    """An inventory, and a network config as plain values."""

    inventory: Inventory
    config: dict[str, Any]
    target: str


def mac(card: int) -> str:
    return f"00:0d:3a:00:00:{card:02x}"


@st.composite
def inventories(draw: st.DrawFn, system: System, *, pairs: bool = True) -> Inventory:
    nics: list[Nic] = []
    vf_map = []
    for card in range(draw(st.integers(1, 4))):
        sort = draw(st.sampled_from(["pair", "pair", "synthetic", "ordinary"]))
        if sort == "ordinary" or not pairs:
            name = f"em{card}" if system is System.FREEBSD else f"enp{card}s0"
            nics.append(_nic(name, card, "em" if system is System.FREEBSD else "igb", "pci"))
            continue
        synthetic, vf = _card(draw, system, card)
        nics.append(synthetic)
        if sort == "pair":
            nics.append(vf)
            vf_map.append((synthetic.name, vf.name))
    nics = draw(st.permutations(nics))
    if system is System.FREEBSD:
        return Inventory(system, "14.1-RELEASE", tuple(nics), False, tuple(vf_map))
    return Inventory(system, "4.9.0-13-amd64", tuple(nics))


def _card(draw: st.DrawFn, system: System, card: int) -> tuple[Nic, Nic]:
    if system is System.FREEBSD:
        driver = draw(st.sampled_from(["mce", "mlxen", "mana"]))
        hn = f"hn{card}"
        return _nic(hn, card, "hn", "vmbus"), _nic(f"{driver}{card}", card, driver, "pci")
    driver = draw(st.sampled_from(["mlx4_core", "mlx5_core", "mana"]))
    return (
        _nic(f"eth{card}", card, "hv_netvsc", "vmbus"),
        _nic(f"enP{card}s1", card, driver, "pci"),
    )


def _nic(name: str, card: int, driver: str, bus: str) -> Nic:
    return Nic(name, mac=mac(card), permanent_mac=mac(card), driver=driver, bus=bus, device=name)


@st.composite
def device_settings(draw: st.DrawFn, card: int) -> dict[str, Any]:
    """Settings of a NIC, for the card of that number."""
    settings: dict[str, Any] = {}
    if draw(st.booleans()):
        settings["dhcp4"] = True
    else:
        hosts = draw(st.lists(st.integers(2, 250), min_size=1, max_size=3, unique=True))
        settings["addresses"] = [f"10.{card}.0.{host}/24" for host in hosts]
        if draw(st.booleans()):
            settings["routes"] = [{"to": "10.99.0.0/16", "via": f"10.{card}.0.1"}]
        if draw(st.booleans()):
            settings["addresses"].append(f"2001:db8:{card + 1}::{hosts[0]:x}/64")
    if draw(st.integers(0, 3)) == 0:
        settings["dhcp6"] = True
    if draw(st.integers(0, 3)) == 0:
        settings["accept-ra"] = draw(st.booleans())
    if draw(st.booleans()):
        settings["mtu"] = draw(st.integers(1280, 9000))
    if draw(st.booleans()):
        settings["nameservers"] = {
            "addresses": [f"10.{card}.0.53"],
            "search": [f"card{card}.example.com"],
        }
    return settings


@st.composite
def machines(draw: st.DrawFn, target: str | None = None, *, pairs: bool = True) -> Machine:
    target = target or draw(st.sampled_from(["freebsd", "netplan", "ifupdown"]))
    system = System.FREEBSD if target == "freebsd" else System.LINUX
    inventory = draw(inventories(system, pairs=pairs))
    config: dict[str, Any] = {"version": 2, "ethernets": {}}
    for address in sorted({str(nic.mac) for nic in inventory.nics}):
        nic = next(one for one in inventory.nics if one.mac == address and _first(one, inventory))
        card = int(address.rsplit(":", 1)[1], 16)
        settings = draw(device_settings(card))
        way = draw(st.sampled_from(["name", "mac", "mac and driver", "unspoken"]))
        if way == "mac":
            settings["match"] = {"macaddress": address}
        elif way == "mac and driver":
            settings["match"] = {"macaddress": address, "driver": nic.driver}
        if "match" in settings and draw(st.booleans()):
            settings["set-name"] = f"lan{card}"
        if way != "unspoken":
            config["ethernets"][nic.name] = settings
    bonded = draw(st.booleans()) and len(config["ethernets"]) > 1
    if bonded:
        parameters = {"mode": "active-backup", "mii-monitor-interval": 50}
        members = sorted(config["ethernets"])[:2]
        config["bonds"] = {"uplink7": {"interfaces": members, "parameters": parameters}}
    for name in sorted(config["ethernets"])[2 if bonded else 0 :]:
        above = draw(st.sampled_from(["nothing", "nothing", "vlan", "bridge"]))
        if above == "vlan":
            vid = draw(st.integers(2, 4000))
            vlan = {"id": vid, "link": name, "addresses": [f"172.16.{vid % 250}.2/24"]}
            config.setdefault("vlans", {})[f"{name}.{vid}"] = vlan
        elif above == "bridge":
            number = len(config.get("bridges", {}))
            config.setdefault("bridges", {})[f"bridge{number}"] = {"interfaces": [name]}
    if not config["ethernets"]:
        del config["ethernets"]
    return Machine(inventory, config, target)


def _first(nic: Nic, inventory: Inventory) -> bool:
    """Whether `nic` is the one of its card that a configuration speaks of."""
    same = [one for one in inventory.nics if one.mac == nic.mac]
    return len(same) == 1 or nic.driver in ("hn", "hv_netvsc")


def shuffled(value: Any, draw: Any) -> Any:
    """The same plain value with every mapping's keys in another order."""
    if isinstance(value, dict):
        keys = draw(st.permutations(sorted(value)))
        return {key: shuffled(value[key], draw) for key in keys}
    if isinstance(value, list):
        return [shuffled(one, draw) for one in value]
    return value
