"""Machines of any size to measure on: a captured /sys and a network config.

The tree has the shape of an Azure guest with a kernel before 4.14, which does
not own its pairs: each synthetic NIC is a VMBus device, each VF hangs below a
PCI bridge of its own on the VMBus, and both bear the same MAC.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

_VMBUS = "sys/devices/LNXSYSTM:00/LNXSYBUS:00/ACPI0004:00/VMBUS:00"
# hv_netvsc's class id in torvalds/linux include/linux/hyperv.h, also as its module alias has it.
_CLASS_ID = "{f8615163-df3e-46c5-913f-f2d2f965ed0e}"
_ALIAS = "vmbus:635161f83edfc546913ff2d2f965ed0e"
_KERNEL = "4.9.0-13-amd64"


def write_machine(root: Path, pairs: int, names: tuple[str, str] = ("eth{0}", "enP{1}s2")) -> None:
    """Make below `root` the /sys and /proc files of a machine with this many pairs.

    `names` are those of the synthetic NICs and VFs, for `str.format` with the
    pair's number and the next one.
    """
    _write(root / "proc/sys/kernel", {"osrelease": _KERNEL})
    for driver in ("vmbus/drivers/hv_netvsc", "pci/drivers/mlx5_core"):
        (root / "sys/bus" / driver).mkdir(parents=True)
    (root / "sys/class/net").mkdir(parents=True)
    _write_loopback(root)
    for number in range(pairs):
        synthetic, vf = (name.format(number, number + 1) for name in names)
        _write_synthetic(root, number, synthetic)
        _write_vf(root, number, vf)


def write_bond(root: Path, name: str, members: tuple[str, str]) -> str:
    """Put the first pair into a bond whose primary is the VF; the result is its MAC address."""
    nic = root / "sys/devices/virtual/net" / name
    _write(nic, {**_nic_attributes(name, _mac(0), 9), "uevent": f"DEVTYPE=bond\nINTERFACE={name}"})
    _write(
        nic / "bonding",
        {
            "mode": "active-backup 1",
            "slaves": " ".join(members),
            "primary": members[1],
            "primary_reselect": "always 0",
            "active_slave": members[1],
        },
    )
    _link(root, nic / "subsystem", "sys/class/net")
    _link(root, root / "sys/class/net" / name, str(nic.relative_to(root)))
    for member in members:
        real = (root / "sys/class/net" / member).resolve()
        _link(root, real / "master", str(nic.relative_to(root)))
        _link(root, nic / f"lower_{member}", str(real.relative_to(root.resolve())))
    return _mac(0)


def network_config(pairs: int) -> str:
    """A network config (version 2) as Azure's metadata makes it, an entry a synthetic NIC."""
    return "version: 2\nethernets:\n" + "".join(
        f"  eth{number}:\n"
        f"    match: {{macaddress: '{_mac(number)}', driver: hv_netvsc}}\n"
        f"    set-name: eth{number}\n"
        "    dhcp4: true\n"
        f"    dhcp4-overrides: {{route-metric: {100 * (number + 1)}}}\n"
        "    dhcp6: false\n"
        for number in range(pairs)
    )


def freebsd_inventory(pairs: int) -> str:
    """The snapshot of a FreeBSD guest in non-transparent mode: hn(4) and mce(4), pair by pair."""
    nics: list[dict[str, object]] = [
        {
            "name": f"{driver}{number}",
            "kind": "ethernet",
            "mac": _mac(number),
            "permanent_mac": _mac(number),
            "driver": driver,
            "bus": bus,
            "device": f"{driver}{number}",
            "vmbus_class_id": None,
            "master": None,
            "lowers": [],
            "state": "up",
            "mtu": 1500,
        }
        for number in range(pairs)
        for driver, bus in (("hn", "vmbus"), ("mce", "pci"))
    ]
    snapshot = {
        "schema": "hyperv-net/inventory/1",
        "system": "freebsd",
        "kernel": "14.1-RELEASE",
        "vf_transparent": False,
        "vf_map": [{"synthetic": f"hn{one}", "vf": f"mce{one}"} for one in range(pairs)],
        "nics": nics,
        "findings": [],
    }
    return json.dumps(snapshot)


def _mac(number: int) -> str:
    return f"00:0d:3a:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def _write_synthetic(root: Path, number: int, name: str) -> None:
    guid = f"000d3a00-{number:04x}-000d-3a00-{number:04x}000d3a00"
    device = root / _VMBUS / guid
    attributes = {
        "class_id": _CLASS_ID,
        "device_id": f"{{{guid}}}",
        "modalias": _ALIAS,
        "uevent": f"DRIVER=hv_netvsc\nMODALIAS={_ALIAS}",
    }
    _write(device, attributes)
    _link(root, device / "subsystem", "sys/bus/vmbus")
    _link(root, device / "driver", "sys/bus/vmbus/drivers/hv_netvsc")
    _write_nic(root, device, name, _mac(number), 2 + 2 * number)


def _write_vf(root: Path, number: int, name: str) -> None:
    domain = f"{number + 1:04x}"
    guid = f"0000{domain}-0001-0000-3130-444532304235"
    device = root / _VMBUS / guid / f"pci{domain}:00" / f"{domain}:00:02.0"
    attributes = {
        "class": "0x020000",
        "vendor": "0x15b3",
        "device": "0x1016",
        "uevent": f"DRIVER=mlx5_core\nPCI_ID=15B3:1016\nPCI_SLOT_NAME={domain}:00:02.0",
    }
    _write(device, attributes)
    _link(root, device / "subsystem", "sys/bus/pci")
    _link(root, device / "driver", "sys/bus/pci/drivers/mlx5_core")
    _write_nic(root, device, name, _mac(number), 3 + 2 * number)


def _write_loopback(root: Path) -> None:
    nic = root / "sys/devices/virtual/net/lo"
    attributes = _nic_attributes("lo", "00:00:00:00:00:00", 1)
    _write(nic, {**attributes, "type": "772", "mtu": "65536", "flags": "0x9"})
    _link(root, nic / "subsystem", "sys/class/net")
    _link(root, root / "sys/class/net/lo", str(nic.relative_to(root)))


def _write_nic(root: Path, device: Path, name: str, mac: str, index: int) -> None:
    nic = device / "net" / name
    _write(nic, _nic_attributes(name, mac, index))
    for folder in ("power", "queues", "statistics"):
        (nic / folder).mkdir()
    _link(root, nic / "device", str(device.relative_to(root)))
    _link(root, nic / "subsystem", "sys/class/net")
    _link(root, root / "sys/class/net" / name, str(nic.relative_to(root)))


def _nic_attributes(name: str, mac: str, index: int) -> dict[str, str]:
    return {
        "addr_assign_type": "0",
        "addr_len": "6",
        "address": mac,
        "broadcast": "ff:ff:ff:ff:ff:ff",
        "carrier": "1",
        "dev_id": "0x0",
        "dev_port": "0",
        "flags": "0x1003",
        "ifindex": str(index),
        "iflink": str(index),
        "link_mode": "0",
        "mtu": "1500",
        "name_assign_type": "4",
        "operstate": "up",
        "tx_queue_len": "1000",
        "type": "1",
        "uevent": f"INTERFACE={name}\nIFINDEX={index}",
    }


def _write(folder: Path, attributes: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in attributes.items():
        (folder / name).write_text(f"{value}\n")


def _link(root: Path, link: Path, target: str) -> None:
    """Make a relative link, as sysfs has them, to a path below `root`."""
    link.symlink_to(os.path.relpath(root / target, link.parent))
