"""The NICs that NetworkManager manages, by the files that it keeps.

There is one for each device in /run/NetworkManager/devices
(nm_config_device_state_write() in src/core/nm-config.c).
"""

from __future__ import annotations

from hyperv_net.errors import printable
from hyperv_net.hotplug.look.managers import Manager, settings_in
from hyperv_net.inventory import rooted


def managing(tree: rooted.Root, name: str, index: int) -> Manager | None:
    """The connection's name would take asking it, so its UUID stands for it."""
    state = settings_in(rooted.file_text(tree, "/run/NetworkManager/devices", str(index)))
    if state.get("managed") != "true":
        return None
    connection = state.get("connection-uuid", "")
    return Manager("NetworkManager", printable(f"connection {connection or 'none yet'}"))
