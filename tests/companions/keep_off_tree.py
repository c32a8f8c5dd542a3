"""Machines for the files of `guard`: captured trees with the links by which sysfs tells drivers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tests.inventory.captured import capture, materialise

#: What sysfs shows of a virtio NIC: VIRTIO_NET_F_STANDBY is digit 62.
PLAIN = "0010010111111111111101010000110010000000000000000000000000000000"
STANDBY = f"{PLAIN[:62]}1{PLAIN[63:]}"


def machine(
    root: Path,
    name: str,
    *,
    without: Iterable[str] = (),
    features: str | None = None,
    is_new: bool = True,
) -> Path:
    """The tree of a capture below `root`, `without` some NICs; the virtio NICs have `features`.

    Where it `is_new`, it is as udev finds it when a VF has just come: no NIC has a master yet.
    """
    told = capture(name)
    for name_of_one in without:
        del told["net"][name_of_one]
        told["class_net"].remove(name_of_one)
    materialise(told, root)
    for nic in (root / "sys/class/net").iterdir():
        if not nic.is_symlink():
            continue
        if is_new:
            (nic / "master").unlink(missing_ok=True)
        link(nic / "subsystem", root / "sys/class/net")
        if not (nic / "type").exists():
            (nic / "type").write_text("1\n")
        if (nic / "device/driver").is_symlink():
            bind(root, nic)
        if features is not None and "/virtio" in str(nic.resolve()):
            (nic / "device/features").write_text(f"{features}\n")
            if features == STANDBY and nic.name.endswith("nsby"):
                (nic / "phys_port_name").write_text("sby\n")
    return root


def bind(root: Path, nic: Path) -> None:
    """The driver's own folder, with its link to the device."""
    device = (nic / "device").resolve()
    driver = Path(os.path.normpath(device / (nic / "device/driver").readlink()))
    driver.mkdir(parents=True, exist_ok=True)
    link(driver / device.name, device)
    link(device / "subsystem", root / "sys/bus" / driver.parent.parent.name)


def link(place: Path, target: Path) -> None:
    """A link to `target` at `place`, as sysfs has them: relative."""
    if not place.is_symlink():
        place.symlink_to(os.path.relpath(target, place.parent.resolve()))


def device_path(root: Path, nic: str) -> str:
    """What udev calls a NIC: its place below /sys."""
    resolved = (root / "sys/class/net" / nic).resolve()
    return f"/{resolved.relative_to((root / 'sys').resolve())}"
