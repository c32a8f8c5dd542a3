"""What a plan's configuration has the network's own program make at boot."""

from __future__ import annotations

import re

from hyperv_net.facts import Kind, System
from hyperv_net.hotplug.look.state import Link
from hyperv_net.hotplug.wanted import PATHS, Wanted, from_json
from hyperv_net.model import Nic
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.rewrite.matching import bearers, entry_matches
from hyperv_net.simulation.kernel import settled
from hyperv_net.simulation.model import (
    RefusedError,
    Route,
    added,
    changed,
    find,
    with_nic,
    without_routes,
)
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.plan.flow import Plan
    from hyperv_net.simulation.model import (
        Machine,
    )

#: Sections of a network config, and what their devices are.
_KINDS = {
    "ethernets": Kind.ETHERNET,
    "bonds": Kind.BOND,
    "bridges": Kind.BRIDGE,
    "vlans": Kind.VLAN,
    "vrfs": Kind.VRF,
}
_DEFAULT = {"default": 0, "0.0.0.0/0": 4, "0/0": 4, "::/0": 6}
#: The first release whose kernel has IPv6 off on what nobody configured (measured on 13.2).
_IPV6_OFF = (13, 2)


class Made(NamedTuple):
    """A device that the configuration asks for.

    `members` are the NICs in it, or the device below it.  `addresses` are those that are
    written there, and DHCPv4, DHCPv6 and SLAAC for what is given by others.  `families` (4,
    6) are those with a default route by it.  `options` are a bond's own, as in the wanted state.
    """

    name: str
    kind: Kind
    members: tuple[str, ...] = ()
    mode: str | None = None
    mtu: int | None = None
    addresses: tuple[str, ...] = ()
    families: tuple[int, ...] = ()
    options: tuple[tuple[str, str], ...] = ()


class Network(NamedTuple):
    """The devices that are asked for, those below ahead of those above.

    `names` are the NICs' names once configured, by what the kernel calls them.
    """

    system: System
    made: tuple[Made, ...]
    names: tuple[tuple[str, str], ...]
    ipv6_off: bool


def wanted_of(plan: Plan) -> Wanted:
    """The wanted state that applying the plan leaves for the hook; without pairs where none is."""
    for change in plan.changes:
        if change.file.path == PATHS[plan.inventory.system]:
            return from_json(change.file.text, change.file.path)
    return Wanted(plan.inventory.system, plan.target)


def network_of(plan: Plan, wanted: Wanted) -> Network:
    """The devices that the rewritten configuration asks for."""
    rewritten, system = plan.rewritten, plan.inventory.system
    names = {
        kernel: rewritten.interfaces[one]
        for one, kernel in rewritten.kernel_names.items()
        if one in rewritten.interfaces
    }
    options = {pair.aggregate: pair.options for pair in wanted.pairs}
    given_up = {one.name for one in rewritten.aggregates} - set(options)
    bearers = _bearers(plan)
    found = []
    for section, kind in _KINDS.items():
        for one, entry in (rewritten.tree.get(section) or Node({})).items():
            for name in bearers.get(one, ()) if kind is Kind.ETHERNET else (one,):
                made = _made(name, kind, entry, system, rewritten.interfaces)
                if name not in given_up:
                    found.append(made._replace(options=options.get(name, ())))
    return Network(system, tuple(found), tuple(names.items()), _has_ipv6_off(plan))


def _bearers(plan: Plan) -> dict[str, tuple[str, ...]]:
    """For each id below `ethernets`, the NICs that bear what it says, by their last names."""
    rewritten = plan.rewritten
    pairs = [one.pair for one in plan.decisions]
    return {
        one: (rewritten.interfaces[one],)
        if one in rewritten.interfaces
        else tuple(nic.name for nic in nics)
        for one, nics in bearers(rewritten.tree, plan.inventory, pairs).items()
    }


def with_network(machine: Machine, network: Network) -> Machine:
    """The machine once the network's own program has started on it."""
    for link in machine.links:
        # A VF waits for whoever joins it; all else is somebody's to be set up.
        if link.nic.kind in (Kind.ETHERNET, Kind.FAILOVER) and not _waits(machine, link):
            machine = changed(machine, link._replace(is_up=True))
    for made in network.made:
        machine = with_device(machine, network, made.name)
    return settled(machine)


def fitting(plan: Plan, nic: Nic) -> Made | None:
    """What the configuration asks of a VF without a synthetic NIC; None where no entry fits it."""
    for one, entry in (plan.rewritten.tree.get("ethernets") or Node({})).items():
        if entry_matches(one, entry, nic):
            given = entry.get("set-name")
            name = nic.name if given is None else str(given.value)
            return _made(name, Kind.ETHERNET, entry, plan.inventory.system, {})
    return None


def with_alone(machine: Machine, plan: Plan, nic: Nic) -> Machine:
    """The machine with a VF that has no synthetic NIC configured, where an entry fits it."""
    made, link = fitting(plan, nic), find(machine, nic.name)
    if made is None or link is None:
        return machine
    return settled(_addressed(machine, link._replace(is_up=True), made._replace(name=nic.name)))


def with_device(machine: Machine, network: Network, name: str) -> Machine:
    """The machine with one device made as it is asked for, or made again.

    Raises RefusedError where nobody asks for it.
    """
    made = next((one for one in network.made if one.name == name), None)
    if made is None:
        raise RefusedError("the configuration has no such device", where=name)
    link = find(machine, name)
    if made.kind is Kind.ETHERNET:
        return machine if link is None else _addressed(machine, link, made)
    if link is None:
        machine = added(machine, _new(made, network.system))
    for member in made.members:
        below = find(machine, member)
        if below is not None and below.nic.master is None and made.kind is not Kind.VLAN:
            machine = _put_into(machine, below, made, network.system)
    link = find(machine, name)
    assert link is not None
    return _addressed(machine, link, made)


def _waits(machine: Machine, link: Link) -> bool:
    """Whether a NIC is a VF that an aggregate sets up, or nobody."""
    return link.nic.name in machine.vfs and link.nic.hardware_mac not in machine.kernels


def _new(made: Made, system: System) -> Link:
    is_linux, options = system is System.LINUX, dict(made.options)
    kind = Kind.LAGG if made.kind is Kind.BOND and not is_linux else made.kind
    link = Link(Nic(made.name, kind, mtu=made.mtu), is_up=True)
    if made.kind is not Kind.BOND:
        return link._replace(nic=link.nic._replace(lowers=made.members))
    mode = made.mode or ("active-backup" if is_linux else "failover")
    link = link._replace(aggregate_mode=mode)
    if not is_linux:
        return link
    return link._replace(
        reselect=options.get("primary_reselect", "always"),
        all_receive=options.get("all_slaves_active") == "1",
    )


def _put_into(machine: Machine, below: Link, made: Made, system: System) -> Machine:
    """A member joins, with the aggregate's MTU and without what it had of its own."""
    above = find(machine, made.name)
    assert above is not None
    is_vf = _waits(machine, below)
    if is_vf and system is System.LINUX:
        # The rule and the hook join it, or a manager does as they would.
        return machine
    mtu = above.nic.mtu or below.nic.mtu
    # A lagg leaves its ports as they are, and rc sets the synthetic NIC up by itself.
    joined = with_nic(below, master=made.name, mtu=mtu)._replace(
        is_up=below.is_up or not is_vf,
        ipv6_disabled=below.ipv6_disabled or (system is System.FREEBSD and not is_vf),
        addresses=(),
    )
    lowers = (*above.nic.lowers, below.nic.name)
    machine = without_routes(machine, [below.nic.name])
    return changed(machine, joined, with_nic(above, lowers=lowers, mtu=mtu))


def _addressed(machine: Machine, link: Link, made: Made) -> Machine:
    machine = changed(machine, link._replace(addresses=made.addresses))
    new = (Route(family, made.name) for family in made.families)
    return machine._replace(
        routes=(*machine.routes, *(one for one in new if one not in machine.routes))
    )


def _made(
    name: str, kind: Kind, entry: Node, system: System, interfaces: Mapping[str, str]
) -> Made:
    below = (entry.get("interfaces") or Node(())).elements()
    link = entry.get("link")
    ids = [*(str(one.value) for one in below), *([str(link.value)] if link is not None else [])]
    mode, mtu = at(entry, ("parameters", "mode")), entry.get("mtu")
    is_linux = system is System.LINUX
    said = str(mode.value) if mode is not None else None
    return Made(
        name,
        kind,
        tuple(interfaces.get(one, one) for one in ids),
        said if is_linux or said != "active-backup" else "failover",
        mtu.value if mtu is not None and isinstance(mtu.value, int) else None,
        tuple(_addresses(entry)),
        tuple(sorted(set(_families(entry)))),
    )


def _addresses(entry: Node) -> Iterator[str]:
    for one in (entry.get("addresses") or Node(())).elements():
        # An address with a label or a lifetime is a mapping of its own.
        yield str(one.value) if not isinstance(one.value, dict) else next(iter(one.value), "")
    for key, word in (("dhcp4", "DHCPv4"), ("dhcp6", "DHCPv6"), ("accept-ra", "SLAAC")):
        if _is_true(entry.get(key)):
            yield word


def _families(entry: Node) -> Iterator[int]:
    for key, family in (("gateway4", 4), ("gateway6", 6)):
        if entry.get(key) is not None:
            yield family
    for route in (entry.get("routes") or Node(())).elements():
        to, via = route.get("to"), route.get("via")
        said = _DEFAULT.get(str(to.value)) if to is not None else None
        if said is not None:
            by_gateway = 6 if via is not None and ":" in str(via.value) else 4
            yield said or by_gateway
    for key, overrides, family in (
        ("dhcp4", "dhcp4-overrides", 4),
        ("accept-ra", "ra-overrides", 6),
    ):
        uses = at(entry, (overrides, "use-routes"))
        if _is_true(entry.get(key)) and (uses is None or _is_true(uses)):
            yield family


def _is_true(node: Node | None) -> bool:
    return node is not None and node.value is True


def _has_ipv6_off(plan: Plan) -> bool:
    found = re.match(r"([0-9]{1,3})\.([0-9]{1,3})", plan.inventory.kernel)
    is_new = found is not None and (int(found[1]), int(found[2])) >= _IPV6_OFF
    return plan.inventory.system is System.FREEBSD and is_new
