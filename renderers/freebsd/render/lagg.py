"""lagg(4): the aggregates, and the bonds an administrator has besides."""

from __future__ import annotations

from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import MainLine
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.devices import place_identity
from hyperv_net.renderers.freebsd.render.main_line import (
    mtu_words,
    offload_words,
    place_main_line,
    warn_of_losses,
)
from hyperv_net.renderers.freebsd.render.names import names_of_synthetic, sources_of
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.model import Aggregate
    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path

#: The bonding driver's modes, also by number, and lagg(4)'s protocols.
_PROTOCOLS = {
    "0": "roundrobin",
    "balance-rr": "roundrobin",
    "1": "failover",
    "active-backup": "failover",
    "2": "loadbalance",
    "balance-xor": "loadbalance",
    "3": "broadcast",
    "broadcast": "broadcast",
    "4": "lacp",
    "802.3ad": "lacp",
}
_HASHES = {
    "layer2": "l2",
    "layer2+3": "l2,l3",
    "layer3+4": "l3,l4",
}
_NO_OPTION = "lagg(4) has no such option; it watches the link state of its ports by itself"


def place_aggregate(
    draft: Draft,
    aggregates: Sequence[Aggregate],
    bond: Node,
    fib: int | None,
    vfs: frozenset[str],
) -> None:
    """The pairs of one bond: synthetic NICs, which are only up, and the lagg(4) with all settings.

    An administrator's bond may have several pairs, our own have one.  A VF's
    own line is written by the caller, for every name it may have.  `vfs` are
    the names that VFs have or may have.
    """
    name = aggregates[0].name
    lagg, path = draft.names.one(name) or name, ("bonds", name)
    of_members = [_place_synthetic(draft, one, bond) for one in aggregates]
    of_lagg = draft.main_line(lagg)
    ports = _ports(draft, bond, path, _ports_of_pairs(draft, aggregates, of_lagg, vfs))
    ports += _further_ports(draft, aggregates, of_lagg, ports, vfs)
    ports = _primary_first(draft, bond, path, lagg, ports)
    _check_mtu(draft, aggregates, lagg, ports[0])
    bond = _without_address(draft, aggregates, bond, ports[0])
    administrators = of_lagg if aggregates[0].administrators else None
    protocol = _protocol(draft, bond, path, lagg, administrators)
    middle = ("laggproto", *protocol, *(word for port in ports for word in ("laggport", port)))
    sources = [name for one in aggregates for name in sources_of(draft.rewritten, draft.names, one)]
    place_main_line(
        draft,
        lagg,
        bond,
        path,
        middle=middle,
        existing=_merged(draft, of_lagg, of_members),
        sources=tuple(sources),
        no_dad=True,
        fib=fib,
        standalone=True,
    )
    now = (lagg, *(one for one in sources if one not in vfs))
    for one in (lagg, *sources):
        warn_of_losses(draft, one, now, offloads=one in vfs)


def _without_address(
    draft: Draft, aggregates: Sequence[Aggregate], bond: Node, first_port: str
) -> Node:
    """The bond without `macaddress`: a lagg(4) has its first port's address."""
    path: Path = ("bonds", aggregates[0].name, "macaddress")
    macs = (
        one.pair.mac
        for one in aggregates
        if first_port in sources_of(draft.rewritten, draft.names, one)
    )
    if _value(bond, "macaddress") == next(macs, None):
        draft.account.place(path, f"{aggregates[0].name} takes it from {first_port}")
    else:
        draft.account.drop(path, "hn(4) knows its VF by the address that both have")
    return Node({key: one for key, one in bond.items() if key != "macaddress"}, bond.origins)


def place_bond(draft: Draft, lagg: str, bond_id: str, bond: Node, fib: int | None) -> None:
    """A bond over NICs that are no pair."""
    path: Path = ("bonds", bond_id)
    of_lagg = draft.main_line(lagg)
    ports = _primary_first(draft, bond, path, lagg, _ports(draft, bond, path, ()))
    protocol = _protocol(draft, bond, path, lagg, None)
    draft.account.place((*path, "mtu"), f"{FILE}: mtu of its ports")
    middle = ("laggproto", *protocol, *(word for port in ports for word in ("laggport", port)))
    place_main_line(draft, lagg, bond, path, middle=middle, existing=of_lagg, no_dad=True, fib=fib)
    warn_of_losses(draft, lagg, (lagg,))


def _value(device: Node, key: str) -> object:
    child = device.get(key)
    return child.value if child is not None else None


def _place_synthetic(draft: Draft, aggregate: Aggregate, bond: Node) -> MainLine | None:
    """Write the synthetic NIC's line; what rc.conf had to say of the NIC is returned."""
    synthetics = names_of_synthetic(draft.rewritten, draft.names, aggregate)
    lines = (draft.main_line(name) for name in synthetics)
    existing, synthetic = next((one for one in lines if one is not None), None), synthetics[0]
    device = (draft.tree.get("ethernets") or Node({})).get(aggregate.synthetic_id) or Node({})
    path: Path = ("ethernets", aggregate.synthetic_id)
    main = f"ifconfig_{variable_part(synthetic)}"
    place_identity(draft, synthetic, device, path)
    mtu = mtu_words(draft, bond, ("bonds", aggregate.name), main)
    if not mtu and existing is not None and existing.mtu is not None:
        mtu = ("mtu", str(existing.mtu))
    words = ("up", *mtu, *offload_words(draft, device, path, main, existing))
    draft.assign(main, " ".join(words))
    draft.place(main, [(*path, key) for key in ("dhcp4", "dhcp6", "accept-ra", "link-local")])
    draft.account.place((*path, "optional"), "rc does not wait for a member")
    if _value(device, "wakeonlan") is True:
        draft.account.drop((*path, "wakeonlan"), "hn(4) has no Wake on LAN")
    else:
        draft.place(main, [(*path, "wakeonlan")])
    if draft.rc.value("ifconfig_DEFAULT"):
        draft.assign(f"{main}_ipv6", "")
    return existing


def _ports_of_pairs(
    draft: Draft,
    aggregates: Sequence[Aggregate],
    existing: MainLine | None,
    vfs: frozenset[str],
) -> tuple[str, ...]:
    """Pair by pair hn(4) first, whose MTU and address the lagg takes, then its VF.

    A VF that is away keeps the port it had; it fails to join at boot with a
    warning, and the rest of the line is applied.
    """
    ports: list[str] = []
    for one in aggregates:
        for member in (one.synthetic_id, one.vf_id):
            name = draft.names.one(member)
            ports += [name] if name else []
        if draft.names.one(one.vf_id) is None:
            place = ("bonds", one.name, "interfaces")
            listed = (at(draft.tree, place) or Node(())).elements()
            for index, member_node in enumerate(listed):
                if member_node.value == one.vf_id:
                    reason = "joins when it is back: it has no name while it is away"
                    draft.account.place((*place, index), reason)
    is_away = any(draft.names.one(one.vf_id) is None for one in aggregates)
    had = existing.ports if existing and is_away else ()
    return (*ports, *(port for port in had if port in vfs and port not in draft.vfs_present))


def _ports(draft: Draft, bond: Node, path: Path, of_pairs: tuple[str, ...]) -> tuple[str, ...]:
    """The ports of pairs, and then those of the bond's other members."""
    variable = f"ifconfig_{variable_part(draft.names.one(str(path[-1])) or str(path[-1]))}"
    ports = list(of_pairs)
    for index, member in enumerate((bond.get("interfaces") or Node(())).elements()):
        place, member_id = (*path, "interfaces", index), str(member.value)
        names = draft.names.interfaces.get(member_id, ())
        ports += [name for name in names if name not in ports]
        if names:
            draft.place(variable, [place])
        else:
            draft.account.drop(place, f"rc.conf has no name for {member_id}")
    return tuple(ports)


def _further_ports(
    draft: Draft,
    aggregates: Sequence[Aggregate],
    existing: MainLine | None,
    ports: tuple[str, ...],
    vfs: frozenset[str],
) -> tuple[str, ...]:
    """The ports that rc.conf has besides, those under former names of the pairs excepted."""
    former = {name for one in aggregates for name in sources_of(draft.rewritten, draft.names, one)}
    had = existing.ports if existing else ()
    return tuple(port for port in had if port not in (*ports, *former, *vfs))


def _primary_first(
    draft: Draft, bond: Node, path: Path, lagg: str, ports: tuple[str, ...]
) -> tuple[str, ...]:
    """The ports with the bond's `primary` in front: a failover lagg(4) prefers the first."""
    place = (*path, "parameters", "primary")
    chosen = at(bond, ("parameters", "primary"))
    if chosen is None:
        return ports
    first = draft.names.one(str(chosen.value))
    if first is None or first not in ports:
        draft.account.drop(place, f"no port of {lagg} is named {chosen.value} now")
        return ports
    draft.place(f"ifconfig_{variable_part(lagg)}", [place])
    return (first, *(port for port in ports if port != first))


def _check_mtu(draft: Draft, aggregates: Sequence[Aggregate], lagg: str, first_port: str) -> None:
    """A lagg(4) takes the MTU of its first port, and a VF's line has none."""
    for one in aggregates:
        synthetic = names_of_synthetic(draft.rewritten, draft.names, one)[0]
        main = f"ifconfig_{variable_part(synthetic)}"
        if first_port == draft.names.one(one.vf_id) and " mtu " in draft.variables[main]:
            draft.warn(
                "lagg-mtu",
                f"{lagg} takes the MTU of its first port {first_port}, not that of {synthetic}",
                Place(FILE, (f"ifconfig_{variable_part(lagg)}",)),
                f"make {one.synthetic_id} the primary, or none",
            )


def _protocol(
    draft: Draft, bond: Node, path: Path, lagg: str, administrators: MainLine | None
) -> tuple[str, ...]:
    """The protocol and the options that belong to it."""
    parameters = bond.get("parameters") or Node({})
    place, variable = (*path, "parameters"), f"ifconfig_{variable_part(lagg)}"
    mode = str(_value(parameters, "mode") or "balance-rr")
    protocol = _PROTOCOLS.get(mode)
    if protocol is None:
        draft.account.drop((*place, "mode"), f"lagg(4) has no {mode}; failover is used")
        protocol = "failover"
    draft.place(variable, [(*place, "mode")] if mode in _PROTOCOLS else [])
    words = [protocol]
    kept = administrators.lagg if administrators else ()
    if protocol == "lacp":
        rate = _value(parameters, "lacp-rate")
        if rate is not None:
            words += ["lacp_fast_timeout"] if str(rate) in ("fast", "1") else []
            draft.place(variable, [(*place, "lacp-rate")])
    policy = _value(parameters, "transmit-hash-policy")
    if protocol in ("lacp", "loadbalance") and policy in _HASHES:
        words += ["lagghash", _HASHES[str(policy)]]
        draft.place(variable, [(*place, "transmit-hash-policy")])
    words += [word for word in kept if word not in words]
    draft.account.drop(place, _NO_OPTION)
    return tuple(words)


def _merged(
    draft: Draft, of_lagg: MainLine | None, of_members: Sequence[MainLine | None]
) -> MainLine:
    """What rc.conf says so far about the pairs as one interface."""
    said = [of_lagg or MainLine()]
    said += [one or draft.default_line() for one in of_members]
    return MainLine(
        dhcp=next((one.dhcp for one in said if one.dhcp), None),
        inet=next((one.inet for one in said if one.inet), ()),
        fib=next((one.fib for one in said if one.fib), None),
        about=tuple(dict.fromkeys(phrase for one in reversed(said) for phrase in one.about)),
        description=next((one.description for one in said if one.description), None),
        manual=any(one.manual for one in said),
    )
