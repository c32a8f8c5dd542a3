"""The NICs that systemd-networkd manages, by the files that it keeps.

There is one for each device in /run/systemd/netif/links (link_save() in
src/network/networkd-state-file.c of systemd/systemd).
"""

from __future__ import annotations

import posixpath
import re

from hyperv_net.errors import printable
from hyperv_net.hotplug.look.managers import Manager, settings_in
from hyperv_net.inventory import rooted
from hyperv_net.names import is_interface_name

# States of networkd in which it does nothing to a device (networkctl(1)).
_IDLE = ("unmanaged", "pending", "initialized", "linger")
_BOND = re.compile(r"^[ \t]*Bond[ \t]*=[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def managing(tree: rooted.Root, name: str, index: int) -> Manager | None:
    """The bond that it is told to put the NIC into is in the file it goes by."""
    state = settings_in(rooted.file_text(tree, "/run/systemd/netif/links", str(index)))
    if state.get("ADMIN_STATE", "unmanaged") in _IDLE:
        return None
    file = state.get("NETWORK_FILE", "")
    # As the machine would see it: no `..` leads out of the root.
    folder, _, base = posixpath.normpath(file).rpartition("/")
    text = rooted.file_text(tree, folder, base) if folder.startswith("/") else None
    bond = _BOND.search(text or "")
    aggregate = bond[1] if bond and is_interface_name(bond[1]) else ""
    return Manager("networkd", printable(file) or state["ADMIN_STATE"], aggregate)
