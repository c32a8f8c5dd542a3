"""What each step of the hook does to a machine, or why the kernel refuses it.

As `hyperv_net.hotplug.act` takes them, by the same sources: bond_enslave() and
bond_release() of drivers/net/bonding/bond_main.c and bond_options.c (torvalds/linux),
lagg_port_create() of sys/net/if_lagg.c (freebsd/freebsd-src).
"""

from __future__ import annotations

from hyperv_net.facts import Kind, System
from hyperv_net.hotplug.decide.step import StepKind
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.simulation.kernel import sends, settled
from hyperv_net.simulation.model import (
    RefusedError,
    changed,
    device,
    find,
    members,
    with_nic,
    without_routes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import Link
    from hyperv_net.simulation.model import (
        Machine,
    )

    #: Makes the aggregate of a name again, as the configuration says.
    Rebuild = Callable[[Machine, str], Machine]


def taken_step(machine: Machine, step: Step, rebuild: Rebuild) -> Machine:
    """The machine after a step.  Raises RefusedError where the kernel refuses, or nobody knows it.

    `rebuild` is the target's own program.
    """
    if step.kind is StepKind.REBUILD:
        return settled(rebuild(machine, step.device))
    effect = EFFECTS.get(step.kind)
    if effect is None:
        raise RefusedError("nobody knows what it does", where=str(step))
    return settled(effect(machine, step))


def _stop_client(machine: Machine, step: Step) -> Machine:
    return changed(machine, device(machine, step.device)._replace(dhcp_client=None))


def _lower(machine: Machine, step: Step) -> Machine:
    link = device(machine, step.device)
    if step.master and link.nic.master == step.master:
        raise RefusedError(f"it has joined {step.master} meanwhile", where=step.device)
    return changed(machine, link._replace(is_up=False))


def _raise(machine: Machine, step: Step) -> Machine:
    return changed(machine, device(machine, step.device)._replace(is_up=True))


def _take_addresses(machine: Machine, step: Step) -> Machine:
    link = device(machine, step.device)
    # `ip addr flush` asks for none; ifconfig takes the ones that were seen.
    left = [] if machine.system is System.LINUX else _others(link.addresses, step.values)
    machine = changed(machine, _with_addresses(link, tuple(left)))
    return machine if left else without_routes(machine, [step.device])


def _move_addresses(machine: Machine, step: Step) -> Machine:
    link, master = device(machine, step.device), device(machine, step.master)
    left = _others(link.addresses, step.values)
    new = _others(step.values, master.addresses)
    return changed(
        machine,
        _with_addresses(link, tuple(left)),
        master._replace(addresses=(*master.addresses, *new)),
    )


def _leave(machine: Machine, step: Step) -> Machine:
    link, master = device(machine, step.device), device(machine, step.master)
    is_bond = machine.system is System.LINUX and master.nic.kind is Kind.BOND
    left = with_nic(link, master=None)._replace(is_up=link.is_up and not is_bond)
    return changed(machine, left, _without(master, step.device))


def _disable_ipv6(machine: Machine, step: Step) -> Machine:
    return changed(machine, device(machine, step.device)._replace(ipv6_disabled=True))


def _set_mtu(machine: Machine, step: Step) -> Machine:
    link = device(machine, step.device)
    master = find(machine, link.nic.master or "")
    if master is not None and master.nic.kind is Kind.LAGG:
        raise RefusedError("the MTU of a port is its lagg's", where=step.device)
    return changed(machine, with_nic(link, mtu=int(step.values[0])))


def _join(machine: Machine, step: Step) -> Machine:
    link, master = device(machine, step.device), device(machine, step.master)
    if link.nic.master is not None:
        raise RefusedError("Device or resource busy", where=step.device)
    if machine.system is System.LINUX and link.is_up:
        raise RefusedError("Operation not permitted", where=step.device)
    joined = with_nic(link, master=step.master, mtu=master.nic.mtu or link.nic.mtu)
    if machine.system is System.LINUX:
        joined = joined._replace(is_up=True)
    elif any(one.startswith("fe80:") for one in link.addresses):
        # lagg_port_create() takes all of IPv6 off, where one address is link-local.
        joined = _with_addresses(joined, tuple(one for one in link.addresses if ":" not in one))
    above = with_nic(master, lowers=(*master.nic.lowers, step.device))
    if (step.master, step.device) in machine.named:
        machine = machine._replace(told=machine.told | {step.master})
        above = above._replace(primary=step.device)
    return changed(machine, joined, above)


def _set_primary(machine: Machine, step: Step) -> Machine:
    aggregate = device(machine, step.master)
    if machine.system is System.LINUX:
        is_member = step.device in aggregate.nic.lowers
        told = machine.told | ({step.master} if is_member else set())
        primary = aggregate._replace(primary=step.device if is_member else None)
        named = (*_named_others(machine, step.master), (step.master, step.device))
        return changed(machine, primary)._replace(told=told, named=named)
    # Each port that was ahead leaves its lagg and joins it again.
    for port in step.values:
        aggregate = _without(aggregate, port)
        aggregate = with_nic(aggregate, lowers=(*aggregate.nic.lowers, port))
    return changed(machine, aggregate._replace(primary=None))


def _forget_primary(machine: Machine, step: Step) -> Machine:
    bond = device(machine, step.device)._replace(primary=None)
    return changed(machine, bond)._replace(named=_named_others(machine, step.device))


def _named_others(machine: Machine, bond: str) -> tuple[tuple[str, str], ...]:
    """What the other bonds were told."""
    return tuple(one for one in machine.named if one[0] != bond)


def _set_reselect(machine: Machine, step: Step) -> Machine:
    return changed(machine, device(machine, step.device)._replace(reselect=step.values[0]))


def _activate(machine: Machine, step: Step) -> Machine:
    bond = device(machine, step.master)
    able = [one.nic.name for one in members(machine, step.master) if sends(one)]
    if bond.active != step.device and (bond.active is None or step.device not in able):
        raise RefusedError("Invalid argument", where=step.device)
    return changed(machine, bond._replace(active=step.device))


def _receive(machine: Machine, step: Step) -> Machine:
    by_all = step.kind is StepKind.RECEIVE_BY_ALL
    return changed(machine, device(machine, step.device)._replace(all_receive=by_all))


#: What each kind does; REBUILD is left to the program of the target.
EFFECTS = {
    StepKind.STOP_CLIENT: _stop_client,
    StepKind.LOWER: _lower,
    StepKind.RAISE: _raise,
    StepKind.TAKE_ADDRESSES: _take_addresses,
    StepKind.MOVE_ADDRESSES: _move_addresses,
    StepKind.LEAVE: _leave,
    StepKind.DISABLE_IPV6: _disable_ipv6,
    StepKind.SET_MTU: _set_mtu,
    StepKind.JOIN: _join,
    StepKind.SET_PRIMARY: _set_primary,
    StepKind.FORGET_PRIMARY: _forget_primary,
    StepKind.SET_RESELECT: _set_reselect,
    StepKind.ACTIVATE: _activate,
    StepKind.RECEIVE_BY_ALL: _receive,
    StepKind.RECEIVE_BY_ACTIVE: _receive,
}


def _others(addresses: tuple[str, ...], taken: tuple[str, ...]) -> list[str]:
    return [one for one in addresses if one not in taken]


def _with_addresses(link: Link, addresses: tuple[str, ...]) -> Link:
    return link._replace(
        addresses=addresses,
        host_addresses=tuple(one for one in link.host_addresses if one in addresses),
    )


def _without(master: Link, name: str) -> Link:
    return with_nic(master, lowers=tuple(one for one in master.nic.lowers if one != name))
