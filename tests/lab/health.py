"""What must hold in a guest at every moment of every scenario."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.lab.network import GUEST

BOND = "bond0"

Addresses = dict[str, tuple[str, ...]]


def addresses(ip_json: str) -> Addresses:
    """Device → its addresses, without loopback, from what `ip -j addr show` prints."""
    return {
        device["ifname"]: tuple(one["local"] for one in device["addr_info"])
        for device in json.loads(ip_json)
        if device["ifname"] != "lo"
    }


def faults(found: Addresses) -> list[str]:
    """What is wrong with the addresses: each must be on the bond, the DHCP server's just once."""
    wrong = [f"{name} has {', '.join(has)}" for name, has in found.items() if has and name != BOND]
    version4 = [one for one in found.get(BOND, ()) if ":" not in one]
    if version4 != [GUEST]:
        wrong.append(f"{BOND} has {version4}, not {GUEST} alone")
    return wrong


def ever_on_members(notes: Iterable[dict[str, Any]]) -> list[str]:
    """Addresses that were on another device than the bond at any time since the agent's start."""
    return [
        f"{note['name']} had {note['address']}"
        for note in notes
        if note["what"] == "address" and note["name"] not in ("lo", BOND)
    ]
