"""What real machines told: directory trees made from captures of /sys, and output of tools.

A capture of /sys is JSON: `kernel`, the names in `class_net`, and for each NIC below
`net` the text of its link in /sys/class/net (`self`), its `files` and its
`links`.  A path that begins with `device/` is one of the NIC's bus device.
"""

from __future__ import annotations

import json
import posixpath
from pathlib import Path
from typing import Any

from hyperv_net.inventory.freebsd import inventory_from
from hyperv_net.model import Inventory, Nic
from tests.paths import CHECKOUT

#: Where VMBus is on a machine of Azure.
AZURE = "/sys/devices/LNXSYSTM:00/LNXSYBUS:00/ACPI0004:00/VMBUS:00"
CAPTURES = CHECKOUT / "tests/captures/sysfs"
FREEBSD = CHECKOUT / "tests/captures/freebsd"
"""What ifconfig and sysctl print on machines of FreeBSD."""


def capture(name: str) -> Any:
    """The capture of that name, as plain JSON values."""
    return json.loads((CAPTURES / f"{name}.json").read_text(encoding="ascii"))


def changed_eth0(name: str, tmp_path: Path, **files: str) -> Path:
    """The tree of a capture in which some files of eth0 have another text."""
    made = capture(name)
    made["net"]["eth0"]["files"].update({key.replace("__", "/"): v for key, v in files.items()})
    return materialise(made, tmp_path)


def output(name: str) -> str:
    """What one of the tools of FreeBSD printed, as `NAME.ifconfig` or `NAME.sysctl`."""
    return (FREEBSD / name).read_text(encoding="ascii")


def freebsd(name: str) -> Inventory:
    """The inventory of a machine of FreeBSD, from what its tools printed."""
    return inventory_from(output(f"{name}.ifconfig"), output(f"{name}.sysctl"), {})


def nics(inventory: Inventory) -> dict[str, Nic]:
    """The NICs by name."""
    return {nic.name: nic for nic in inventory.nics}


def materialise(capture: Any, root: Path) -> Path:
    """Makes the directory tree of a capture below `root`, with its links, and returns `root`."""
    class_net = root / "sys/class/net"
    class_net.mkdir(parents=True)
    for name in capture["class_net"]:
        if name not in capture["net"]:
            (class_net / name).write_text("\n")
    for name, nic in capture["net"].items():
        (class_net / name).symlink_to(nic["self"])
        directory = _below("/sys/class/net", nic["self"])
        device = _below(directory, nic["links"].get("device", "."))
        (root / directory[1:]).mkdir(parents=True)
        for path, text in nic["files"].items():
            _place(root, directory, device, path).write_text(f"{text}\n" if text else "")
        for path, target in nic["links"].items():
            place = _place(root, directory, device, path)
            if not place.is_symlink():
                place.symlink_to(target)
    osrelease = root / "proc/sys/kernel/osrelease"
    osrelease.parent.mkdir(parents=True)
    osrelease.write_text(f"{capture['kernel']}\n")
    return root


def _below(directory: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(directory, target))


def _place(root: Path, directory: str, device: str, path: str) -> Path:
    if path.startswith("device/"):
        directory, path = device, path[len("device/") :]
    place = root / directory[1:] / path
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
