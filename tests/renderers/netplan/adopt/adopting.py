"""The adoption of netplan's files, on a machine with a pair and a card that is alone."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.model import Inventory, Nic, Settings, System
from tests.renderers.adoption import Adoption

MAC = "00:0d:3a:11:22:33"
SETTINGS = Settings(synthetic_drivers=("virtio_net",))
MACHINE = Inventory(
    System.LINUX,
    "6.1.0",
    (
        Nic("ens17", mac=MAC, permanent_mac=MAC, driver="e1000e", bus="pci"),
        Nic("eth0", mac=MAC, permanent_mac=MAC, driver="virtio_net", bus="virtio"),
        Nic("eth9", mac="00:15:5d:00:00:09", driver="e1000", bus="pci"),
    ),
)
ROOTS = Path(__file__).parent / "roots"
ADOPTION = Adoption("netplan", ROOTS, "etc/netplan/*.yaml", lambda texts: MACHINE, SETTINGS)
existing, planned, after = ADOPTION.existing, ADOPTION.planned, ADOPTION.after
