"""A machine as it is imagined: its devices, and what is remembered of them.

The devices are in the words of the hook (`hyperv_net.hotplug.look.state`), so that what
decides on a machine decides here.  All of it is frozen: what changes a machine gives another.
"""

from __future__ import annotations

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Inventory, Kind, System
from hyperv_net.hotplug.look.state import ActualState
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hyperv_net.facts import Nic
    from hyperv_net.hotplug.look.state import Drain, Link

AGGREGATES = (Kind.BOND, Kind.LAGG)


class Route(NamedTuple):
    """A default route of a family (4 or 6) by a device."""

    family: int
    device: str


class Machine(NamedTuple):
    """One machine.

    `kernel` is its release.  `carriers` are the cards whose cable is in: a VF that has just
    come has none until its driver has set it up.  `next_index` is the interface index that
    the next device gets.  `told` are the bonds that have just been told their primary, who
    choose it even where they would stay with another, and `named` what each was told, which
    outlasts that member.  `kernels` are the MAC addresses of
    the pairs that the kernel drives, and `vfs` the VFs that stand beside a synthetic NIC, which
    nobody sets up but their aggregate or the kernel.  `seen` and `drains` are what is kept
    until the next boot.
    """

    system: System
    kernel: str
    links: tuple[Link, ...] = ()
    carriers: frozenset[str] = frozenset()
    next_index: int = 1
    routes: tuple[Route, ...] = ()
    told: frozenset[str] = frozenset()
    named: tuple[tuple[str, str], ...] = ()
    kernels: frozenset[str] = frozenset()
    vfs: frozenset[str] = frozenset()
    transparent: bool | None = None
    seen: frozenset[str] = frozenset()
    drains: tuple[Drain, ...] = ()


class RefusedError(HypervNetError):
    """The kernel refuses what was tried, as the real one does."""


def actual(machine: Machine) -> ActualState:
    """What a look at the machine shows."""
    return ActualState(
        machine.system,
        machine.links,
        vf_transparent=machine.transparent,
        vf_map=_vf_map(machine),
        seen=machine.seen,
        drains=machine.drains,
    )


def inventory(machine: Machine) -> Inventory:
    """Its NICs as `hyperv-net inventory` would list them."""
    nics = tuple(link.nic for link in machine.links)
    return Inventory(machine.system, machine.kernel, nics, machine.transparent, _vf_map(machine))


def find(machine: Machine, name: str) -> Link | None:
    """The device of that name, if it is there."""
    return next((link for link in machine.links if link.nic.name == name), None)


def device(machine: Machine, name: str) -> Link:
    """The device of that name.  Raises RefusedError where there is none."""
    found = find(machine, name)
    if found is None:
        raise RefusedError("no such device", where=name)
    return found


def members(machine: Machine, aggregate: str) -> tuple[Link, ...]:
    """The devices in an aggregate, the first to join first."""
    held = device(machine, aggregate).nic.lowers
    return tuple(link for name in held for link in machine.links if link.nic.name == name)


def is_card(link: Link) -> bool:
    """Whether a device is a NIC and not made of software."""
    return link.nic.kind is Kind.ETHERNET and link.nic.bus is not None


def changed(machine: Machine, *links: Link) -> Machine:
    """The machine with these devices in place of those of their names."""
    new = {link.nic.name: link for link in links}
    return machine._replace(links=tuple(new.get(one.nic.name, one) for one in machine.links))


def added(machine: Machine, link: Link) -> Machine:
    """The machine with one device more, which gets the next index."""
    placed = link._replace(ifindex=machine.next_index)
    return machine._replace(links=(*machine.links, placed), next_index=machine.next_index + 1)


def with_nic(link: Link, **fields: Any) -> Link:
    """The device with other facts of its NIC."""
    return link._replace(nic=link.nic._replace(**fields))


def without_routes(machine: Machine, devices: Iterable[str]) -> Machine:
    """The machine without the default routes by these devices."""
    gone = set(devices)
    return machine._replace(routes=tuple(one for one in machine.routes if one.device not in gone))


def is_synthetic_of(vf: Nic, nic: Nic) -> bool:
    """Whether `nic` is a NIC of the hypervisor's own with the MAC of this VF."""
    same = vf.hardware_mac is not None and vf.hardware_mac == nic.hardware_mac
    return same and nic.kind is Kind.ETHERNET and nic.bus not in (None, "pci")


def _vf_map(machine: Machine) -> tuple[tuple[str, str], ...]:
    """hw.hn.vfmap: by hardware address, for hn(4) alone (hn_ifnet_attevent() of if_hn.c)."""
    if machine.system is not System.FREEBSD:
        return ()
    return tuple(
        (hn.nic.name, vf.nic.name)
        for hn in machine.links
        for vf in machine.links
        if hn.nic.driver == FREEBSD_SYNTHETIC_DRIVER
        and vf.nic.bus == "pci"
        and is_synthetic_of(vf.nic, hn.nic)
    )
