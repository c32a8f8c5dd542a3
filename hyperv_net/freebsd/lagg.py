"""lagg(4): the aggregates, and the bonds an administrator has besides."""

from __future__ import annotations

from hyperv_net.freebsd.devices import (
    mtu_words,
    note_replaced,
    offload_words,
    place_common,
    place_identity,
)
from hyperv_net.freebsd.draft import FILE, Draft
from hyperv_net.freebsd.ifconfig import MainLine
from hyperv_net.freebsd.names import variable_part
from hyperv_net.model import Aggregate
from hyperv_net.tree import Node, Path

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
    draft: Draft, aggregate: Aggregate, bond: Node, fib: int | None, vfs: frozenset[str]
) -> None:
    """A pair: the synthetic NIC, which is only up, and the lagg(4) that has all settings.

    The VF's own line is written by the caller, for every name it may have.
    `vfs` are the names that VFs have or may have.
    """
    synthetic = draft.names.one(aggregate.synthetic_id)
    if synthetic is None:
        draft.account.drop(("bonds", aggregate.name), "its synthetic NIC has no usable name")
        return
    lagg = draft.names.one(aggregate.name) or aggregate.name
    vf = draft.names.one(aggregate.vf_id)
    sources = sources_of(draft, aggregate)
    of_member = _existing_of_synthetic(draft, _names_of_synthetic(draft, aggregate))
    of_lagg = draft.main_line(lagg)
    _place_synthetic(draft, aggregate, synthetic, bond, of_member)
    path: Path = ("bonds", aggregate.name)
    ports = _ports(draft, bond, path, aggregate, synthetic, vf, of_lagg, vfs)
    bond = _without_address(draft, aggregate, bond, synthetic)
    protocol = _protocol(draft, bond, path, lagg, of_lagg if aggregate.administrators else None)
    existing = _merged(draft, of_lagg, of_member)
    middle = ("laggproto", *protocol, *(word for port in ports for word in ("laggport", port)))
    place_common(
        draft,
        lagg,
        bond,
        path,
        middle=middle,
        existing=existing,
        sources=sources,
        no_dad=True,
        fib=fib,
        standalone=True,
    )


def _without_address(draft: Draft, aggregate: Aggregate, bond: Node, synthetic: str) -> Node:
    """The bond without `macaddress`: a lagg(4) has its first port's address."""
    path: Path = ("bonds", aggregate.name, "macaddress")
    if _value(bond, "macaddress") == aggregate.pair.mac:
        draft.account.place(path, f"{aggregate.name} takes it from {synthetic}")
    else:
        draft.account.drop(path, "hn(4) knows its VF by the address that both have")
    return Node({key: one for key, one in bond.items() if key != "macaddress"}, bond.origins)


def place_bond(
    draft: Draft, lagg: str, bond_id: str, bond: Node, fib: int | None, vfs: frozenset[str]
) -> None:
    """A bond over NICs that are no pair."""
    path: Path = ("bonds", bond_id)
    of_lagg = draft.main_line(lagg)
    ports = _ports(draft, bond, path, None, None, None, None, vfs)
    protocol = _protocol(draft, bond, path, lagg, None)
    chosen = (bond.get("parameters") or Node({})).get("primary")
    first = draft.names.one(str(chosen.value)) if chosen is not None else None
    if first in ports:
        ports = (str(first), *(port for port in ports if port != first))
        draft.place(f"ifconfig_{variable_part(lagg)}", [(*path, "parameters", "primary")])
    draft.account.place((*path, "mtu"), f"{FILE}: mtu of its ports")
    middle = ("laggproto", *protocol, *(word for port in ports for word in ("laggport", port)))
    place_common(draft, lagg, bond, path, middle=middle, existing=of_lagg, no_dad=True, fib=fib)


def _value(device: Node, key: str) -> object:
    child = device.get(key)
    return child.value if child is not None else None


def _names_of_synthetic(draft: Draft, aggregate: Aggregate) -> tuple[str, ...]:
    """Every name the synthetic NIC has or had: rc.conf may speak of each."""
    names = [draft.names.one(aggregate.synthetic_id)]
    names.append(draft.rewritten.kernel_names.get(aggregate.synthetic_id))
    names.append(aggregate.pair.synthetic.name if aggregate.pair.synthetic else None)
    return tuple(dict.fromkeys(name for name in names if name))


def sources_of(draft: Draft, aggregate: Aggregate) -> tuple[str, ...]:
    """The interfaces whose variables now belong to the aggregate, the synthetic NIC first."""
    vf = draft.names.one(aggregate.vf_id)
    return (*_names_of_synthetic(draft, aggregate), *((vf,) if vf else ()))


def _existing_of_synthetic(draft: Draft, names: tuple[str, ...]) -> MainLine | None:
    lines = (draft.main_line(name) for name in names)
    return next((line for line in lines if line is not None), None)


def _place_synthetic(
    draft: Draft, aggregate: Aggregate, synthetic: str, bond: Node, existing: MainLine | None
) -> None:
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
    if existing is not None and existing.others:
        note_replaced(draft, main, existing)


def _ports(
    draft: Draft,
    bond: Node,
    path: Path,
    aggregate: Aggregate | None,
    synthetic: str | None,
    vf: str | None,
    existing: MainLine | None,
    vfs: frozenset[str],
) -> tuple[str, ...]:
    """The ports in order: hn(4) first, whose MTU and address the lagg takes, then its VF.

    A VF that is away keeps the port it had; it fails to join at boot with a
    warning, and the rest of the line is applied.
    """
    variable = f"ifconfig_{variable_part(draft.names.one(str(path[-1])) or str(path[-1]))}"
    ports = [synthetic] if synthetic else []
    had = existing.ports if existing else ()
    if vf is not None:
        ports.append(vf)
    elif aggregate is not None:
        ports += [port for port in had if port in vfs]
    for index, member in enumerate((bond.get("interfaces") or Node(())).elements()):
        at = (*path, "interfaces", index)
        member_id = str(member.value)
        names = draft.names.interfaces.get(member_id, ())
        ports += [name for name in names if name not in ports]
        if names:
            draft.place(variable, [at])
        elif aggregate is not None and member_id == aggregate.vf_id:
            draft.account.place(at, "joins when it is back: it has no name while it is away")
        else:
            draft.account.drop(at, f"rc.conf has no name for {member_id}")
    former = sources_of(draft, aggregate) if aggregate is not None else ()
    ports += [port for port in had if port not in (*ports, *former) and port not in vfs]
    return tuple(ports)


def _protocol(
    draft: Draft, bond: Node, path: Path, lagg: str, administrators: MainLine | None
) -> tuple[str, ...]:
    """The protocol and the options that belong to it."""
    parameters = bond.get("parameters") or Node({})
    at, variable = (*path, "parameters"), f"ifconfig_{variable_part(lagg)}"
    mode = str(_value(parameters, "mode") or "balance-rr")
    protocol = _PROTOCOLS.get(mode)
    if protocol is None:
        draft.account.drop((*at, "mode"), f"lagg(4) has no {mode}; failover is used")
        protocol = "failover"
    draft.place(variable, [(*at, "mode")] if mode in _PROTOCOLS else [])
    words = [protocol]
    kept = administrators.lagg if administrators else ()
    if protocol == "lacp":
        rate = _value(parameters, "lacp-rate")
        if rate is not None:
            words += ["lacp_fast_timeout"] if str(rate) in ("fast", "1") else []
            draft.place(variable, [(*at, "lacp-rate")])
    policy = _value(parameters, "transmit-hash-policy")
    if protocol in ("lacp", "loadbalance") and policy in _HASHES:
        words += ["lagghash", _HASHES[str(policy)]]
        draft.place(variable, [(*at, "transmit-hash-policy")])
    words += [word for word in kept if word not in words]
    draft.account.drop(at, _NO_OPTION)
    return tuple(words)


def _merged(draft: Draft, of_lagg: MainLine | None, of_member: MainLine | None) -> MainLine:
    """What rc.conf says so far about the addresses and the FIB of the pair."""
    first, second = of_lagg or MainLine(), of_member or draft.default_line()
    return MainLine(
        dhcp=first.dhcp or second.dhcp,
        inet=first.inet or second.inet,
        fib=first.fib or second.fib,
    )
