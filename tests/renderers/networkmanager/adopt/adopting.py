"""The adoption of keyfiles, on the machine that a root's files are about.

Each root is typed anew in the likeness of what is published, with other names and addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hyperv_net.model import Inventory, Nic, Settings, System
from tests.renderers.adoption import Adoption

FOLDER = "etc/NetworkManager/system-connections"
MACS = ("00:0d:3a:11:22:33", "00:0d:3a:11:22:34")
SETTINGS = Settings(synthetic_drivers=("virtio_net",))

#: Root → where its like is published.
SOURCES = {
    "anaconda": "what Anaconda leaves of an installed RHEL 9 or Fedora",
    "bond-by-uuid": "nm-connection-editor, with ports that name the bond's UUID",
    "bridge-port": "RHEL 9, Configuring and managing networking: a network bridge",
    "catch-all-two-pairs": "Fedora CoreOS, Host Network Configuration: DHCP on every interface",
    "cloud-init-stock": "cloudinit/net/network_manager.py, from 23.1 on",
    "dot1x": "RHEL 9, Configuring and managing networking: 802.1X by nmcli",
    "ethtool": "RHEL 9, Configuring and managing networking: ethtool settings",
    "fcos-static": "Fedora CoreOS, Host Network Configuration: a static address",
    "fcos-vlan": "Fedora CoreOS, Host Network Configuration: a VLAN",
    "initrd-default": "nm-initrd-generator(8), tests of src/nm-initrd-generator",
    "macvlan": "NetworkManager, src/libnm-core-impl/tests: macvlan, VXLAN",
    "match-section": "nm-settings-nmcli(5), match",
    "netplan-beside": "what netplan's src/nm.c writes",
    "ovirt-bond": "oVirt/ovirt-site 474 and 583: a bond of a virtio NIC and a VF in a guest",
    "policy-routing": "RHEL 9, Configuring and managing networking: policy-based routing",
    "rhel-by-mac": "nm-settings-keyfile(5) and RHEL 9: a keyfile by hand",
    "rhel-static": "RHEL 9, Configuring and managing networking: a static address",
    "two-pairs": "two NICs of an Azure Linux guest",
    "usr-lib": "NetworkManager.conf(5), [keyfile]: a vendor's profile",
    "vf-is-configured": "a guest in which the VF was configured by name",
    "vlan-by-mac": "nm-connection-editor: a VLAN told by its parent's address",
    "vlan-by-uuid": "NetworkManager, src/core/settings/plugins/keyfile/tests: Test_Vlan",
    "wired-connection": "a desktop's Wired connection 1",
}


def machine(texts: Mapping[str, str]) -> Inventory:
    """A machine with the synthetic NIC that the texts name, its VF, a card that is alone."""
    text = "".join(texts.values())
    first = "ens3" if re.search(r"\bens3\b", text) else "eth0"
    nics = [Nic("eth9", mac="00:15:5d:00:00:09", driver="e1000", bus="pci")]
    for synthetic, vf, mac in ((first, "ens17", MACS[0]), ("eth1", "ens18", MACS[1])):
        if synthetic == first or re.search(r"\beth1\b", text):
            nics += [
                Nic(synthetic, mac=mac, permanent_mac=mac, driver="virtio_net", bus="virtio"),
                Nic(vf, mac=mac, permanent_mac=mac, driver="e1000e", bus="pci"),
            ]
    return Inventory(System.LINUX, "6.1.0", tuple(nics))


ADOPTION = Adoption(
    "network-manager",
    Path(__file__).parent / "roots",
    "*/NetworkManager/system-connections/*",
    machine,
    SETTINGS,
)
