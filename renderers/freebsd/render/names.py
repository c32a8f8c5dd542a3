"""The names that interfaces have on FreeBSD, and those of their variables in rc.conf."""

from __future__ import annotations

import re

from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.rc_conf.variables import is_configurable, variable_part
from hyperv_net.rewrite.matching import nics_by_entry
from hyperv_net.tree import Node, at, natural

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hyperv_net.model import Aggregate, Rewritten
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile

_CLONES = {"bonds": "lagg", "bridges": "bridge"}


class Names(NamedTuple):
    """Which interface each device of the tree is.

    `interfaces` has for the id of a device the names it stands for, once
    renamed: several for an entry that matches several NICs, none for a VF
    that is away.  `renames` has for an id (name at boot, name wanted),
    `clone_of` the name under which `cloned_interfaces` must create it.
    `unusable` ids cannot be configured by rc.conf, with the reason; they are
    in none of the others.
    """

    interfaces: Mapping[str, tuple[str, ...]]
    renames: Mapping[str, tuple[str, str]]
    clone_of: Mapping[str, str]
    unusable: Mapping[str, str]

    @property
    def renamed(self) -> Mapping[str, str]:
        """Name at boot → name wanted."""
        return dict(self.renames.values())

    @property
    def clones(self) -> tuple[str, ...]:
        """The interfaces that `cloned_interfaces` must create."""
        return tuple(self.clone_of.values())

    def one(self, device_id: str) -> str | None:
        """The interface a device stands for, None where that is not exactly one."""
        found = self.interfaces.get(device_id, ())
        return found[0] if len(found) == 1 else None

    def without(self, device_ids: Collection[str]) -> Names:
        """The same names, those of some devices left out."""
        return self._replace(
            interfaces={one: has for one, has in self.interfaces.items() if one not in device_ids},
            renames={one: has for one, has in self.renames.items() if one not in device_ids},
            clone_of={one: has for one, has in self.clone_of.items() if one not in device_ids},
        )


def name_devices(rewritten: Rewritten, rc: RcFile) -> Names:
    """The names of all devices that can be rendered."""
    interfaces: dict[str, tuple[str, ...]] = {}
    renames: dict[str, tuple[str, str]] = {}
    clone_of: dict[str, str] = {}
    unusable: dict[str, str] = {}
    tree = rewritten.tree
    vf_ids = {one.vf_id for one in rewritten.aggregates}
    matched = nics_by_entry(tree, rewritten.inventory)
    for device_id, entry in (tree.get("ethernets") or Node({})).items():
        if device_id in vf_ids:
            vf = rewritten.interfaces.get(device_id)
            interfaces[device_id] = (vf,) if vf else ()
            continue
        nics = tuple(nic.name for nic in matched.get(device_id, ()))
        if device_id not in rewritten.interfaces and len(nics) > 1:
            interfaces[device_id] = nics
            continue
        boot, final = _ethernet(device_id, entry, rewritten, rc)
        interfaces[device_id] = (final,)
        if boot != final:
            renames[device_id] = (boot, final)
    taken = {nic.name for nic in rewritten.inventory.nics} | set(_all_ids(tree))
    for kind, prefix in _CLONES.items():
        for device_id, _ in (tree.get(kind) or Node({})).items():
            interfaces[device_id] = (device_id,)
            if re.fullmatch(rf"{prefix}(0|[1-9][0-9]*)", device_id):
                clone_of[device_id] = device_id
            else:
                unit = _free_clone(prefix, device_id, rc, taken)
                taken.add(unit)
                clone_of[device_id] = unit
                renames[device_id] = (unit, device_id)
    for device_id, entry in _parents_first(tree.get("vlans") or Node({})):
        interfaces[device_id] = (_vlan(device_id, entry, interfaces),)
    owners: dict[str, str] = {}
    for device_id, names in list(interfaces.items()):
        for name in names:
            owner = owners.setdefault(variable_part(name), device_id)
            if not is_configurable(name):
                unusable[device_id] = f"rc.conf has no variable for an interface named {name!r}"
            elif owner != device_id:
                unusable[device_id] = f"{name} and {owner} share their variables in rc.conf"
    return Names(interfaces, renames, clone_of, unusable).without(unusable)


def _all_ids(tree: Node) -> list[str]:
    return [device_id for _, kind in tree.items() for device_id, _ in kind.items()]


def _ethernet(device_id: str, entry: Node, rewritten: Rewritten, rc: RcFile) -> tuple[str, str]:
    """The name a NIC has at boot and the one it is configured under."""
    set_name, match_name = entry.get("set-name"), at(entry, ("match", "name"))
    guess = "lo0" if device_id == "lo" else device_id
    if match_name is not None and not set("*?[") & set(str(match_name.value)):
        guess = str(match_name.value)
    elif match_name is None and set_name is not None and device_id not in rewritten.kernel_names:
        guess = str(set_name.value)
    boot = rewritten.kernel_names.get(device_id, guess)
    if set_name is not None:
        return boot, str(set_name.value)
    by_rc = rc.value(f"ifconfig_{variable_part(boot)}_name") if is_configurable(boot) else None
    return boot, by_rc or rewritten.interfaces.get(device_id, boot)


def _free_clone(prefix: str, device_id: str, rc: RcFile, taken: set[str]) -> str:
    """The unit that an earlier run gave to this device, or the first free one."""
    for name in rc.names():
        found = re.fullmatch(rf"ifconfig_({prefix}[0-9]+)_name", name)
        if found and rc.value(name) == device_id:
            return found[1]
    listed = set((rc.value("cloned_interfaces") or "").split())
    unit = 0
    while f"{prefix}{unit}" in taken | listed:
        unit += 1
    return f"{prefix}{unit}"


def _parents_first(vlans: Node) -> list[tuple[str, Node]]:
    """VLANs in an order in which the link of each comes before it (QinQ)."""
    entries = dict(vlans.items())

    def depth(device_id: str) -> int:
        steps, seen = 0, {device_id}
        link = entries[device_id].get("link")
        while link is not None and str(link.value) in entries and str(link.value) not in seen:
            seen.add(str(link.value))
            steps += 1
            link = entries[str(link.value)].get("link")
        return steps

    return sorted(entries.items(), key=lambda one: (depth(one[0]), natural(one[0])))


def _vlan(device_id: str, entry: Node, interfaces: Mapping[str, tuple[str, ...]]) -> str:
    """A VLAN's name is its id; a bare number is network.subr's way to say <link>.<number>."""
    link = entry.get("link")
    parent = interfaces.get(str(link.value), ()) if link is not None else ()
    if device_id.isdigit() and len(parent) == 1:
        return f"{parent[0]}.{device_id}"
    return device_id


def names_of_synthetic(rewritten: Rewritten, names: Names, aggregate: Aggregate) -> tuple[str, ...]:
    """Every name the synthetic NIC has or had: rc.conf may speak of each."""
    found = [names.one(aggregate.synthetic_id)]
    found.append(rewritten.kernel_names.get(aggregate.synthetic_id))
    found.append(aggregate.pair.synthetic.name if aggregate.pair.synthetic else None)
    return tuple(dict.fromkeys(name for name in found if name))


def sources_of(rewritten: Rewritten, names: Names, aggregate: Aggregate) -> tuple[str, ...]:
    """The interfaces whose variables now belong to the aggregate, the synthetic NIC first."""
    vf = names.one(aggregate.vf_id)
    return (*names_of_synthetic(rewritten, names, aggregate), *((vf,) if vf else ()))


def vf_names(
    rewritten: Rewritten, names: Names, pairs: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The VFs that are here, and the other names under which one may come back.

    The machine has so many `pairs`, of which some may have no aggregate; where
    none has, no VF is to be kept quiet.  A name that a NIC of another sort
    has, or that the configuration uses for another device, is in neither.
    """
    if not rewritten.aggregates:
        return (), ()
    present = tuple(
        vf for one in rewritten.aggregates if (vf := rewritten.interfaces.get(one.vf_id))
    )
    families = {one.prefix: one.ports for one in VF_DRIVERS}
    for name in present:
        family = re.match(r"[A-Za-z]+", name)
        if family:
            families.setdefault(family[0], 1)
    here = set(present)
    used = {nic.name for nic in rewritten.inventory.nics}
    used |= {name for found in names.interfaces.values() for name in found}
    possible = [
        f"{family}{unit}"
        for family, ports in families.items()
        for unit in sorted({*range(pairs), *(ports * card for card in range(pairs))})
    ]
    away = tuple(name for name in possible if name not in used and name not in here)
    return present, away
