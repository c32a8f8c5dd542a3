"""A pair that a person tells, and how a NIC is told: by name, MAC address or PCI address.

oVirt and KubeVirt give each NIC of a machine its own MAC address, so that nothing shows that
a virtio NIC and a passed-through VF are one card (oVirt/ovirt-site pull 583).
"""

from __future__ import annotations

import re

from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.facts import Nic

# Compiled when they are needed, which they are at few events of a VF.
#: Domain, bus, device and function, as the last part of a device's path in /sys has them.
_PCI = r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\Z"

_OF_ID_PATH = r"(?:\*-)?pci-([0-9a-f:.]+)\Z"


class ToldPair(NamedTuple):
    """Two NICs that are one card, each in one of the forms of `told`."""

    synthetic: str
    vf: str


def told(text: str) -> str | None:
    """How a NIC is told, in its one spelling; None for any other text.

    A MAC address, a PCI address (`0000:00:05.0`, with udev's `pci-` before it or not), or else
    the name of an interface.
    """
    address = text.strip().lower()
    pci = address[4:] if address.startswith("pci-") else address
    if re.match(_PCI, pci):
        return pci
    return identifiers.mac(address) or (text if is_interface_name(text) else None)


def told_mac(told: str) -> str | None:
    """The MAC address that is told; None where it is a name or a PCI address."""
    return identifiers.mac(told)


def told_pci(told: str) -> str | None:
    """The PCI address that is told; None where it is a name or a MAC address."""
    return told if re.match(_PCI, told) else None


def told_paths(told: str) -> tuple[str, ...]:
    """Patterns of udev's ID_PATH for a PCI address that is told; none for a name or a MAC address.

    It is `pci-` and the address, behind what the bus itself stands upon where that is known to
    ACPI, as Hyper-V's virtual PCI is (`acpi-VMBUS:01-pci-0001:00:02.0`; systemd's
    src/udev/udev-builtin-path_id.c).
    """
    pci = told_pci(told)
    return (f"pci-{pci}", f"*-pci-{pci}") if pci is not None else ()


def fits_path(patterns: Iterable[str], nic_device: str | None) -> bool | None:
    """Whether a NIC has an ID_PATH that one of the patterns fits; None where that is not known.

    `nic_device` is its device's path below /sys.  Known are patterns of `told_paths` alone.
    """
    found = [re.match(_OF_ID_PATH, one) for one in patterns]
    if not found or nic_device is None or None in found:
        return None
    parts = nic_device.lower().split("/")
    return any(one is not None and one[1] in parts for one in found)


def told_name(told: str) -> str | None:
    """The name that is told; None where it is a MAC address.

    For a PCI address, which no network config can say, it is the name or alternative name that
    udev makes of it (systemd.net-naming-scheme(7), ID_NET_NAME_PATH).
    """
    if not told_pci(told):
        return None if told_mac(told) else told
    domain, bus, place = told.split(":")
    device, function = (int(one, 16) for one in place.split("."))
    in_domain = f"P{int(domain, 16)}" if int(domain, 16) else ""
    of_function = f"f{function}" if function else ""
    return f"en{in_domain}p{int(bus, 16)}s{device}{of_function}"


def is_told(told: str, nic: Nic) -> bool:
    """Whether `nic` is the one that is told.

    By the address burnt in, since a member may show its aggregate's; and by its own PCI device,
    or one that it stands upon (a virtio NIC's).
    """
    mac, pci = told_mac(told), told_pci(told)
    if mac is not None:
        return nic.hardware_mac == mac
    if pci is not None:
        return pci in (nic.device or "").lower().split("/")
    return nic.name == told
