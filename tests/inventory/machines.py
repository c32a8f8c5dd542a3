"""Machines that people showed in public, as far as what they showed says: tests/captures/machines.

A folder has what was printed, typed anew with other names and addresses; `SOURCE`, where it
stands and what is to be seen; `facts.json`, what follows from it for /sys, with what is
`inferred` since nobody printed it; and `expected.json`, what this program is to make of it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hyperv_net.inventory.answers import ANSWERS, IFCONFIG, SCHEMA, SYSCTL
from tests.files import put
from tests.inventory.captured import materialise
from tests.paths import CHECKOUT

MACHINES = CHECKOUT / "tests/captures/machines"
BUSES = {"hv_netvsc": "vmbus"}
TYPES = {"lo": "772"}
_CLASS_ID = "{f8615163-df3e-46c5-913f-f2d2f965ed0e}"


def facts(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MACHINES / name / "facts.json").read_text())
    return found


def printed(name: str) -> str:
    """All that was printed on the machine."""
    return "\n".join(path.read_text() for path in sorted((MACHINES / name).glob("*.txt")))


def made(name: str, root: Path) -> Path:
    """A folder that stands for the machine, as a capture of it would be unpacked."""
    told = facts(name)
    if told.get("system") == "freebsd":
        put(root, ANSWERS, json.dumps({"schema": SCHEMA, "system": "freebsd"}))
        put(root, IFCONFIG, (MACHINES / name / "ifconfig.txt").read_text())
        put(root, SYSCTL, told["sysctl"])
        return root
    nics = {nic["name"]: nic for nic in told["nics"]}
    captured = {
        "kernel": told["kernel"],
        "class_net": sorted(nics),
        "net": {
            name: _nic(nic, number, nics) for number, (name, nic) in enumerate(nics.items(), 1)
        },
    }
    materialise(captured, root)
    for card in told.get("unbound", ()):
        device = f"sys/devices/{card['device']}"
        put(root, f"{device}/class", "0x020000\n")
        listed = put(root, "sys/bus/pci/devices/x").parent
        (listed / "x").unlink()
        (listed / Path(device).name).symlink_to(os.path.relpath(root / device, listed))
    statistics = told.get("statistics", {})
    answers = {"schema": SCHEMA, "system": "linux", "driver_statistics": statistics}
    put(root, ANSWERS, json.dumps(answers))
    return root


def _place(nic: dict[str, Any]) -> str:
    """The folder of a NIC below /sys/devices."""
    return f"{nic.get('device', 'virtual')}/net/{nic['name']}"


def _nic(nic: dict[str, Any], number: int, nics: dict[str, dict[str, Any]]) -> dict[str, Any]:
    place = _place(nic)
    name = nic["name"]
    files = {
        "addr_assign_type": "0",
        "address": nic.get("mac", "00:00:00:00:00:00"),
        "flags": "0x1003",
        "ifindex": str(number),
        "iflink": str(number),
        "mtu": "65536" if name == "lo" else "1500",
        "operstate": nic.get("state", "unknown" if name == "lo" else "up"),
        "type": TYPES.get(name, "1"),
        "uevent": f"INTERFACE={name}\nIFINDEX={number}",
    }
    if nic.get("type") == "bridge":
        files["uevent"] = f"DEVTYPE=bridge\n{files['uevent']}"
    links = {}
    if "device" in nic:
        bus = BUSES.get(nic["driver"], "pci")
        up = "../" * (nic["device"].count("/") + 2)
        links["device"] = "../.."
        links["device/driver"] = f"{up}bus/{bus}/drivers/{nic['driver']}"
        links["device/subsystem"] = f"{up}bus/{bus}"
        if bus == "vmbus":
            files["device/class_id"] = _CLASS_ID
    if "master" in nic:
        links["master"] = _towards(place, nics[nic["master"]])
    for other in nics.values():
        if other.get("master") == name:
            links[f"lower_{other['name']}"] = _towards(place, other)
    return {"self": f"../../devices/{place}", "files": files, "links": links}


def _towards(place: str, other: dict[str, Any]) -> str:
    return os.path.relpath(f"/{_place(other)}", f"/{place}")
