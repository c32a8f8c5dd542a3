"""The adoption of networkd's files, on a machine with a pair and a card that is alone."""

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
        Nic("enp1s0", mac=MAC, permanent_mac=MAC, driver="virtio_net", bus="virtio"),
        Nic("eth9", mac="00:15:5d:00:00:09", driver="e1000", bus="pci"),
    ),
)
ROOTS = Path(__file__).parent / "roots"
_MAN = "man/systemd.network.xml of systemd/systemd, its examples"
#: Each root, typed anew in the likeness of what is published there.
SOURCES = {
    "gardenlinux": "gardenlinux/gardenlinux issue 1198",
    "photon": "vmware/photon, SPECS/systemd/99-dhcp-en.network",
    "flatcar": "flatcar/init, systemd/network/zz-default.network",
    "kairos": "kairos-io, default network configuration",
    "nixos": "NixOS/nixpkgs, systemd.network.networks and useDHCP",
    **{
        f"man-{one}": _MAN
        for one in ("static", "dhcp", "bridge", "bridge-vlans", "vrf", "macvtap", "tunnels")
    },
    "vlans": "pastebin.com/4TztjX9r",
    "arch-wired": "wiki.archlinux.org, systemd-networkd, wired adapter using DHCP",
    "azure-route": "adrianlzt/cerebro, linux/systemd/network.md",
    "cloud-init-left-it": "cloudinit/net/networkd.py, as it writes a static address",
    "by-mac-windows": "systemd.network(5), MACAddress= with hyphens; line ends of Windows",
    "drop-ins": "network/89-ethernet.network.example of systemd/systemd, with drop-ins",
    "hidden": "systemd.network(5), files of one name and empty ones",
    "early-name": "libreswan's zzz.eth0.network turned about",
    "their-bond": f"{_MAN}: a bond of two cards",
    "name-taken": f"{_MAN}: the same over another card",
    "policy-routing": "systemd.network(5), [RoutingPolicyRule], [SR-IOV] and continued lines",
}
ADOPTION = Adoption(
    "networkd", ROOTS, "*systemd/network/*.network", lambda texts: MACHINE, SETTINGS
)
existing, planned, after = ADOPTION.existing, ADOPTION.planned, ADOPTION.after
