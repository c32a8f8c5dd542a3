"""The NICs that ifupdown brought up: it lists them in /run/network/ifstate (ifup(8))."""

from __future__ import annotations

from hyperv_net.errors import printable
from hyperv_net.hotplug.look.managers import Manager
from hyperv_net.inventory import rooted


def managing(tree: rooted.Root, name: str, index: int) -> Manager | None:
    """A device may be up as a logical interface of another name."""
    for line in (rooted.file_text(tree, "/run/network", "ifstate") or "").splitlines():
        device, _, interface = line.partition("=")
        if device.strip() == name:
            return Manager("ifupdown", printable(f"interface {interface.strip() or name}"))
    return None
