"""What the host does to a machine: it starts it, gives it VFs and takes them away."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_VF_DRIVERS, VF_DRIVERS
from hyperv_net.facts import Kind, System
from hyperv_net.hotplug.look.state import Link
from hyperv_net.inventory.told import told_mac, told_name, told_pci
from hyperv_net.model import Mode, Nic
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.simulation.kernel import settled, taken
from hyperv_net.simulation.model import Machine, added, device

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hyperv_net.model import Decision, Pair
    from hyperv_net.plan.flow import Plan
    from hyperv_net.simulation.network import Network

_NUMBER = re.compile(r"([^0-9]*)([0-9]+)(.*)\Z")


def started(plan: Plan, network: Network) -> Machine:
    """The machine with the cards that its kernel finds, all but VFs, and nothing configured."""
    inventory = plan.inventory
    machine = Machine(
        inventory.system,
        inventory.kernel,
        transparent=inventory.vf_transparent,
        kernels=frozenset(one.pair.mac for one in plan.decisions if one.mode is Mode.TRANSPARENT),
    )
    vfs = {one.pair.vf.name for one in plan.decisions if one.pair.vf is not None}
    failovers = {nic.name for nic in inventory.nics if nic.kind is Kind.FAILOVER}
    names = dict(network.names)
    for nic in inventory.nics:
        is_card = nic.kind is Kind.ETHERNET and nic.bus is not None
        if (is_card and nic.name not in vfs) or nic.kind is Kind.FAILOVER:
            own = nic._replace(
                name=names.get(nic.name, nic.name),
                master=nic.master if nic.master in failovers else None,
                lowers=tuple(one for one in nic.lowers if one not in vfs),
            )
            is_off = network.ipv6_off and nic.kind is Kind.ETHERNET
            machine = added(machine, Link(own, is_up=False, ipv6_disabled=is_off))
            machine = machine._replace(carriers=machine.carriers | {own.name})
    return settled(machine)


def arrived(machine: Machine, network: Network, nic: Nic, *, is_alone: bool = False) -> Machine:
    """The machine with a VF that has just come: down and without a link.

    One that `is_alone` has no synthetic NIC beside it, and is somebody's to be set up.
    """
    own = nic._replace(master=None, lowers=(), state="down")
    machine = added(machine, Link(own, is_up=False, ipv6_disabled=network.ipv6_off))
    machine = machine if is_alone else machine._replace(vfs=machine.vfs | {own.name})
    return settled(taken(machine, device(machine, own.name)))


def linked(machine: Machine, names: Iterable[str]) -> Machine:
    """The machine with the links of these cards there."""
    return settled(machine._replace(carriers=machine.carriers | set(names)))


def first_vf(decision: Decision, system: System, taken_names: Collection[str]) -> Nic:
    """The VF of a pair, as the inventory has it, or one that is made up where that has none."""
    pair = decision.pair
    if pair.vf is not None:
        return pair.vf
    card, is_linux = VF_DRIVERS[0], system is System.LINUX
    name = told_name(pair.vf_told) if pair.vf_told else None
    mac = (told_mac(pair.vf_told) if pair.vf_told else None) or pair.mac
    return Nic(
        name or _free("enP1s1" if is_linux else f"{card.prefix}0", taken_names),
        mac=mac,
        permanent_mac=mac,
        driver=card.binds if is_linux else card.prefix,
        bus="pci",
        device=told_pci(pair.vf_told) if pair.vf_told else None,
        mtu=1500,
    )


def next_vf(pair: Pair, before: Nic, system: System, taken_names: Collection[str]) -> Nic:
    """The same VF under another name and with another driver.

    One that was told by its name comes back under that, or nobody would know it.
    """
    is_freebsd = system is System.FREEBSD
    drivers = FREEBSD_VF_DRIVERS if is_freebsd else tuple(one.binds for one in VF_DRIVERS)
    driver = next(one for one in reversed(drivers) if one != before.driver)
    if pair.vf_told == before.name:
        name = before.name
    else:
        name = _free(f"{driver}0" if is_freebsd else _after(before.name), taken_names)
    return before._replace(name=name, driver=driver, mtu=1500)


def _free(name: str, taken_names: Collection[str]) -> str:
    while name in taken_names:
        name = _after(name)
    return name


def _after(name: str) -> str:
    """The name with its first number one higher."""
    found = _NUMBER.match(name)
    return f"{found[1]}{int(found[2]) + 1}{found[3]}" if found else f"{name}1"
