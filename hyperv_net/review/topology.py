"""The devices of a configuration and what each stands on, for pictures and lists."""

from __future__ import annotations

from ipaddress import ip_interface

from hyperv_net.model import Kind, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.model import Device, Lower
from hyperv_net.rewrite.matching import bearers, nics_by_entry, spoken_of
from hyperv_net.tree import Node, at, leaves, to_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from hyperv_net.model import Decision, Inventory, Pair, Rewritten
    from hyperv_net.tree import Path

#: Sections of the tree → what their devices are called; those of ethernets are NICs.
_KINDS = {
    "bonds": "bond",
    "bridges": "bridge",
    "vlans": "vlan",
    "vrfs": "vrf",
    "tunnels": "tunnel",
    "dummy-devices": "dummy",
    "virtual-ethernets": "veth",
    "wifis": "wifi",
    "modems": "modem",
    "nm-devices": "device",
}
#: Sections whose devices are NICs, and those of them that no inventory has.
_NICS = ("ethernets",)
_RADIOS = ("wifis", "modems")
_LOWER_ROLES = {"bridge": "port", "vrf": "member", "bond": "member"}
#: The halves of a pair, as a device's kind.
_SYNTHETIC, _VF = "synthetic", "vf"
#: So many addresses are named on a device; of more their number is.
_NAMED = 3


def devices_before(
    tree: Node, inventory: Inventory, decisions: Sequence[Decision]
) -> tuple[Device, ...]:
    """What the network config says, with the cards' NICs, before anything is moved."""
    pairs = [one.pair for one in decisions]
    return _devices(tree, _nics_of(tree, inventory, pairs), inventory, _halves(pairs), {}, {})


def devices_after(
    rewritten: Rewritten,
    decisions: Sequence[Decision],
    unrendered: Collection[Path] = frozenset(),
) -> tuple[Device, ...]:
    """What the rewritten configuration makes, without what of it is `unrendered`."""
    tree, inventory = rewritten.tree, rewritten.inventory
    pairs = [one.pair for one in decisions]
    halves = _halves(pairs)
    names = dict(rewritten.interfaces)
    roles: dict[str, dict[str, str]] = {}
    for one in rewritten.aggregates:
        if one.pair.synthetic is not None:
            names.setdefault(one.synthetic_id, one.pair.synthetic.name)
        # Of two that are away each is its own card's.
        away = f"VF of {names.get(one.synthetic_id, one.name)}"
        vf = names.setdefault(one.vf_id, one.pair.vf.name if one.pair.vf else away)
        halves[vf] = _VF
        roles[one.name] = {vf: "primary", names.get(one.synthetic_id, ""): "backup"}
    nics = _nics_of(tree, inventory, pairs)
    # What gets another name is one NIC.
    first_names = {id_: found[0] for id_, found in nics.items() if len(found) == 1}
    first_names.update(rewritten.kernel_names)
    for id_, entry in _section(tree, "ethernets"):
        name = entry.get("set-name")
        if id_ in first_names and name is not None:
            names.setdefault(id_, str(name.value))
    renamed = {first: names.get(id_, first) for id_, first in first_names.items()}
    halves = {renamed.get(one, one): half for one, half in halves.items()}
    called = {id_: tuple(renamed.get(one, one) for one in found) for id_, found in nics.items()}
    called.update({id_: (name,) for id_, name in names.items()})
    rendered = _without(tree, unrendered) or Node({})
    return _devices(rendered, called, inventory, halves, roles, renamed)


def _halves(pairs: Sequence[Pair]) -> dict[str, str]:
    """Name of a NIC → which half of its card's pair it is."""
    return {
        nic.name: half
        for one in pairs
        for nic, half in ((one.synthetic, _SYNTHETIC), (one.vf, _VF))
        if nic is not None
    }


def _without(node: Node, gone: Collection[Path], path: Path = ()) -> Node | None:
    """The tree without these parts; None where nothing is left of what was there."""
    if path in gone:
        return None
    if node.is_leaf or not gone:
        return node
    if isinstance(node.value, dict):
        found = {key: _without(one, gone, (*path, key)) for key, one in node.items()}
        mapping = {key: one for key, one in found.items() if one is not None}
        return node._replace(value=mapping) if mapping else None
    elements = [_without(one, gone, (*path, number)) for number, one in enumerate(node.elements())]
    kept = tuple(one for one in elements if one is not None)
    return node._replace(value=kept) if kept else None


def _nics_of(tree: Node, inventory: Inventory, pairs: Sequence[Pair]) -> dict[str, tuple[str, ...]]:
    """Entry that fits a NIC → the NICs that it is about, by the names that these have."""
    fitting = nics_by_entry(tree, inventory)
    bear = bearers(tree, inventory, pairs)
    # One that speaks of nothing but a VF says what that is to be.
    spoken = spoken_of(tree, fitting, pairs)
    vfs = {one.vf.name for one in pairs if one.vf is not None}
    return {
        id_: tuple(nic.name for nic in bear[id_] or [one for one in spoken[id_] if one.name in vfs])
        for id_, nics in fitting.items()
        if nics
    }


def _devices(
    tree: Node,
    names: Mapping[str, tuple[str, ...]],
    inventory: Inventory,
    halves: Mapping[str, str],
    roles: Mapping[str, Mapping[str, str]],
    renamed: Mapping[str, str],
) -> tuple[Device, ...]:
    kinds = (Kind.ETHERNET, Kind.FAILOVER)
    known = {renamed.get(nic.name, nic.name) for nic in inventory.nics}
    there = [renamed.get(nic.name, nic.name) for nic in inventory.nics if nic.kind in kinds]
    entries: dict[str, Node] = {}
    for id_, entry in sorted(_section(tree, "ethernets"), key=lambda one: one[0]):
        for name in names.get(id_, (id_,)):
            # As with files for networkd, the first counts.
            entries.setdefault(name, entry)
    nics = []
    for name in dict.fromkeys([*there, *entries]):
        settings = _badges(entries[name]) if name in entries else ()
        nics.append(Device(name, halves.get(name, "nic"), name in known, (), settings))
    bond = "lagg" if inventory.system is System.FREEBSD else "bond"
    above = [
        Device(
            name=id_,
            kind=bond if kind == "bond" else kind,
            is_there=True,
            lowers=tuple(_lowers(kind, entry, names, roles.get(id_, {}))),
            settings=_badges(entry),
        )
        for section, kind in _KINDS.items()
        for id_, entry in _section(tree, section)
    ]
    return (*nics, *_stacked(above))


def _section(tree: Node, section: str) -> Iterator[tuple[str, Node]]:
    return iter((tree.get(section) or Node({})).items())


def _lowers(
    kind: str, entry: Node, names: Mapping[str, tuple[str, ...]], roles: Mapping[str, str]
) -> Iterator[Lower]:
    for member in (entry.get("interfaces") or Node(())).elements():
        for name in names.get(str(member.value), (str(member.value),)):
            yield Lower(name, roles.get(name, _LOWER_ROLES.get(kind, "member")))
    link = entry.get("link")
    if link is not None and link.value is not None:
        for name in names.get(str(link.value), (str(link.value),)):
            yield Lower(name, "parent")


def _stacked(devices: Sequence[Device]) -> Iterator[Device]:
    """Those that others stand on first; a loop, which the reader refuses, would stay as it is."""
    waiting = list(devices)
    while waiting:
        names = {one.name for one in waiting}
        free = [one for one in waiting if not any(low.name in names for low in one.lowers)]
        yield from free or waiting
        waiting = [one for one in waiting if one not in free] if free else []


def _badges(entry: Node) -> tuple[str, ...]:
    """The settings of a device in a few words each."""
    told = [key for key in ("dhcp4", "dhcp6", "accept-ra") if _is_on(entry, key)]
    addresses = [_address(one) for one in (entry.get("addresses") or Node(())).elements()]
    told += addresses if len(addresses) <= _NAMED else [f"{len(addresses)} addresses"]
    for key, word in (("mtu", "mtu"), ("id", "id"), ("gateway4", "via"), ("gateway6", "via")):
        value = entry.get(key)
        if value is not None:
            told.append(f"{word} {value.value}")
    routes = [to_plain(one) for one in (entry.get("routes") or Node(())).elements()]
    told += [f"via {one['via']}" for one in routes if _is_default(one) and "via" in one]
    others = sum(not _is_default(one) for one in routes)
    told += [f"{others} route{'s' if others > 1 else ''}"] if others else []
    rules = len((entry.get("routing-policy") or Node(())).elements())
    told += [f"{rules} rule{'s' if rules > 1 else ''}"] if rules else []
    servers = at(entry, ("nameservers", "addresses"))
    count = len(servers.elements()) if servers is not None else 0
    told += [f"{count} name server{'s' if count > 1 else ''}"] if count else []
    return tuple(told)


def _address(node: Node) -> str:
    """An address, also one with options of its own."""
    return next(iter(node.value)) if isinstance(node.value, dict) else str(node.value)


def _is_default(route: Mapping[str, object]) -> bool:
    return str(route.get("to")) in ("default", "0.0.0.0/0", "::/0")


def is_addressed(tree: Node, inventory: Inventory, dropped: Collection[Path] = frozenset()) -> bool:
    """Whether a device that stands on a NIC of the machine gets an address, or asks for one.

    `dropped` are the leaves of the file that are not in the result.
    """
    entries = {
        name: entry for section in (*_NICS, *_KINDS) for name, entry in _section(tree, section)
    }
    fits = nics_by_entry(tree, inventory)
    reaching = {name for name, nics in fits.items() if nics}
    reaching |= {name for section in _RADIOS for name, _ in _section(tree, section)}
    above = dict(_lowers_of(tree))
    while more := {name for name, lowers in above.items() if reaching & lowers} - reaching:
        reaching |= more
    return any(_asks(entries[name], dropped) for name in reaching)


def _lowers_of(tree: Node) -> Iterator[tuple[str, set[str]]]:
    for section, kind in _KINDS.items():
        for name, entry in _section(tree, section):
            yield name, {one.name for one in _lowers(kind, entry, {}, {})}


def _asks(entry: Node, dropped: Collection[Path]) -> bool:
    """Whether an entry has an address that others can reach, or asks for one."""
    given = (one for one in (entry.get("addresses") or Node(())).elements())
    return any(_is_in(one, dropped) and not _is_loopback(_address(one)) for one in given) or any(
        _is_on(entry, key) and _is_in(entry.get(key) or Node(None), dropped)
        for key in ("dhcp4", "dhcp6", "accept-ra", "dhcp6-stateless")
    )


def _is_in(node: Node, dropped: Collection[Path]) -> bool:
    """Whether some of a node is in the result."""
    origins = [origin for _, leaf in leaves(node) for origin in leaf.origins]
    return not origins or any(one not in dropped for one in origins)


def _is_loopback(address: str) -> bool:
    return ip_interface(address).ip.is_loopback


def _is_on(entry: Node, key: str) -> bool:
    value = entry.get(key)
    return value is not None and value.value is True
