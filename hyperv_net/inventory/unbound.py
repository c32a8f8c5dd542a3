"""Network cards on Linux's buses that have no network device, so that no list of NICs shows them.

A VF whose driver failed leaves the traffic on the synthetic NIC without a word, and a
synthetic NIC that was given to another program (DPDK, by uio_hv_generic) leaves a VF behind
that looks like an ordinary NIC.
"""

from __future__ import annotations

import os
import posixpath

from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.facts import Finding, Severity
from hyperv_net.inventory import identifiers, rooted
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.facts import Inventory
    from hyperv_net.root.files import Root

#: HV_NIC_GUID of include/linux/hyperv.h, and PCI_CLASS_NETWORK_ETHERNET of pci_ids.h.
_SYNTHETIC_CLASS = "{f8615163-df3e-46c5-913f-f2d2f965ed0e}"
_ETHERNET_CLASS = "0x020000"

_TAKEN = "synthetic-nic-taken"

_VMBUS, _PCI = "/sys/bus/vmbus/devices", "/sys/bus/pci/devices"
BUSES = (_VMBUS, _PCI)
_OF_VFS = {one.binds for one in VF_DRIVERS}


def with_unbound_cards(inventory: Inventory, root: Root) -> Inventory:
    """The inventory of the Linux machine at `root`, with a finding for each such card.

    Cards that Hyper-V has nothing to do with are not among them.
    """
    found = [*_unbound_cards(rooted.open_root(os.fspath(root)))]
    taken = [str(one.where).rpartition("/")[2] for one in found if one.rule == _TAKEN]
    macs = [mac for mac in map(_address_in, taken) if mac is not None]
    return inventory._replace(findings=(*inventory.findings, *found), taken_macs=tuple(macs))


def _address_in(device: str) -> str | None:
    """The address of a synthetic NIC in the id of its VMBus device.

    Azure makes the one of the other, three times over (see the captures of its machines in
    tests/captures/sysfs); elsewhere an id is any number.
    """
    digits = device.replace("-", "").lower()
    if digits != (digits[:12] * 3)[:32] or len(digits) != 32:
        return None
    return identifiers.mac(":".join(digits[at : at + 2] for at in range(0, 12, 2)))


def _unbound_cards(tree: rooted.Root) -> Iterator[Finding]:
    for name, directory, driver in _without_netdev(tree, _VMBUS):
        if rooted.file_text(tree, directory, "class_id") == _SYNTHETIC_CLASS:
            yield _synthetic(f"{_VMBUS}/{name}", driver)
    for name, directory, driver in _without_netdev(tree, _PCI):
        ethernet = (rooted.file_text(tree, directory, "class") or "").startswith(_ETHERNET_CLASS)
        # Hyper-V makes a PCI bus of its own, below VMBus, for each VF.
        if ethernet and "vmbus" in directory.lower():
            yield _vf(f"{_PCI}/{name}", driver)


def _without_netdev(tree: rooted.Root, bus: str) -> Iterator[tuple[str, str, str | None]]:
    """Name, directory and driver of each device of the bus without a network device."""
    for name in sorted(rooted.entries(tree, bus) or ()):
        target = rooted.link(tree, bus, name)
        directory = rooted.target_path(bus, target) if target is not None else None
        inside = rooted.entries(tree, directory) if directory is not None else None
        if directory is None or inside is None or "net" in inside:
            continue
        driver = rooted.link(tree, directory, "driver") if "driver" in inside else None
        if identifiers.device(directory):
            yield name, directory, identifiers.driver(posixpath.basename(driver or ""))


def _synthetic(where: str, driver: str | None) -> Finding:
    having = f"the driver {driver}" if driver else "no driver"
    return Finding(
        rule=_TAKEN,
        severity=Severity.WARNING,
        message=f"a synthetic NIC has {having} and no network device, so its VF stands alone: "
        "whoever took the one (DPDK?) has the other too",
        where=Place(where),
        hint="keep the VF of its MAC address out of the network's configuration",
    )


def _vf(where: str, driver: str | None) -> Finding:
    if driver is not None and driver not in _OF_VFS:
        return Finding(
            rule="vf-taken",
            severity=Severity.NOTE,
            message=f"a VF has the driver {driver} and no network device, so that another "
            "program has it",
            where=Place(where),
        )
    having = f"its driver {driver}" if driver else "no driver"
    return Finding(
        rule="vf-without-netdev",
        severity=Severity.WARNING,
        message=f"a VF has {having} and no network device: all traffic takes the slow path",
        where=Place(where),
        hint="look for its driver's error in the kernel's log, and for the driver's module",
    )
