"""Where netplan's files are, below the root, and in which order it reads them."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import drop_ins

if TYPE_CHECKING:
    from collections.abc import Iterable

PROGRAMS = ("usr/sbin/netplan", "sbin/netplan")

NETWORKD = "systemd-networkd"
PACKAGES = ((NETWORKD, (f"usr/lib/systemd/{NETWORKD}", f"lib/systemd/{NETWORKD}")),)

#: The file that cloud-init writes, and hyperv-net in its place.
FILE = "etc/netplan/50-cloud-init.yaml"

#: Of files with one name that in the first folder counts (netplan-generate(8)).
FOLDERS = ("run/netplan", "etc/netplan", "usr/lib/netplan", "lib/netplan")

READS = (
    "etc/netplan/*.yaml",
    "run/netplan/*.yaml",
    "lib/netplan/*.yaml",
    "usr/lib/netplan/*.yaml",
)

#: A file of ours with injected addresses, which has to be merged last.
INJECTED = ("95-hyperv-net-kvp.yaml", "zz-hyperv-net-kvp.yaml")


def in_order(paths: Iterable[str]) -> list[str]:
    """Those of `paths` that netplan reads, in its order: by name, whatever the folder."""
    return drop_ins.in_order(paths, FOLDERS)
