"""Directory trees made from captures of /sys.

A capture is JSON: `kernel`, the names in `class_net`, and for each NIC below
`net` the text of its link in /sys/class/net (`self`), its `files` and its
`links`.  A path that begins with `device/` is one of the NIC's bus device.
"""

from __future__ import annotations

import json
import posixpath
from pathlib import Path
from typing import Any

from tests.paths import CHECKOUT

CAPTURES = CHECKOUT / "tests/captures/sysfs"
FREEBSD = CHECKOUT / "tests/captures/freebsd"
"""What ifconfig and sysctl print on machines of FreeBSD."""


def capture(name: str) -> Any:
    """The capture of that name, as plain JSON values."""
    return json.loads((CAPTURES / f"{name}.json").read_text(encoding="ascii"))


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
