"""Which NICs an entry below `ethernets` speaks of."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hyperv_net.drivers import known_as
from hyperv_net.model import Kind
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node, natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.model import Inventory, Nic, Pair

#: What netplan and cloud-init know a NIC by.
_PROPERTIES = ("driver", "macaddress", "name")

_GLOB = re.compile(r"[*?\[]")


def entry_matches(device_id: str, entry: Node, nic: Nic) -> bool:
    """Whether the entry `device_id` applies to `nic`, as netplan-yaml's `match` says.

    All properties given must fit; names and drivers are globs, a driver may be
    a list, and a leading `!` inverts it.  Without `match` the id is the name.
    One that says nothing known of a NIC fits none, since it was not written for all.
    An empty one beside `set-name` is for the NIC that is called so: netplan writes that
    name into its .network, and systemd ignores a .link without a match (from 243 on).
    """
    match = entry.get("match")
    if match is None:
        return nic.name == device_id
    set_name = entry.get("set-name")
    if not match.value and set_name is not None:
        return nic.name == set_name.value
    known = [(key, wanted) for key, wanted in match.items() if key in _PROPERTIES]
    if match.value and not known:
        return False
    return all(_property_fits(key, wanted, nic) for key, wanted in known)


def _property_fits(key: str, wanted: Node, nic: Nic) -> bool:
    if key == "macaddress":
        return wanted.value in (nic.hardware_mac, nic.permanent_mac)
    if key == "name":
        return fnmatchcase(nic.name, str(wanted.value))
    patterns = [str(one.value) for one in wanted.elements() or (wanted,)]
    return _driver_fits(patterns, nic.driver)


def _driver_fits(patterns: list[str], driver: str | None) -> bool:
    """networkd inverts the whole list when its first pattern begins with `!`."""
    inverted = bool(patterns) and patterns[0].startswith("!")
    bare = [pattern.lstrip("!") for pattern in patterns]
    return inverted != any(fnmatchcase(name, glob) for name in known_as(driver) for glob in bare)


def nics_by_entry(tree: Node, inventory: Inventory) -> dict[str, tuple[Nic, ...]]:
    """For every id below `ethernets`, the NICs it applies to, in natural order."""
    nics = sorted(
        (nic for nic in inventory.nics if nic.kind in (Kind.ETHERNET, Kind.FAILOVER)),
        key=lambda nic: natural(nic.name),
    )
    ethernets = tree.get("ethernets") or Node({})
    by_name = {nic.name: nic for nic in nics}
    by_mac: dict[str, list[Nic]] = {}
    for nic in nics:
        for mac in {nic.hardware_mac, nic.permanent_mac} - {None}:
            by_mac.setdefault(str(mac), []).append(nic)
    found: dict[str, tuple[Nic, ...]] = {}
    for device_id, entry in ethernets.items():
        candidates = _candidates(device_id, entry, nics, by_name, by_mac)
        fitting = tuple(nic for nic in candidates if entry_matches(device_id, entry, nic))
        found[device_id] = fitting or _already_renamed(device_id, entry, by_name)
    return found


def is_catch_all(entry: Node) -> bool:
    """Whether an entry is for NICs yet unseen: it has a pattern, and no address of a card."""
    match = entry.get("match")
    if match is None or not match.value:
        return match is not None and entry.get("set-name") is None
    name = match.get("name")
    if match.get("macaddress") is not None or not any(map(match.get, _PROPERTIES)):
        return False
    return name is None or any(character in str(name.value) for character in "*?[!")


def spoken_of(
    tree: Node, by_entry: Mapping[str, tuple[Nic, ...]], pairs: Iterable[Pair]
) -> dict[str, tuple[Nic, ...]]:
    """For every id below `ethernets`, those of the NICs it fits that it configures.

    networkd configures a NIC by the first file that fits it (systemd.network(5)), and
    netplan names files by id, so that a catch-all leaves a NIC to an entry before it;
    with a synthetic NIC goes its VF.
    """
    first: dict[str, str] = {}
    for device_id in sorted(by_entry):
        for nic in by_entry[device_id]:
            first.setdefault(nic.name, device_id)
    synthetic_of = {one.vf.name: one.synthetic for one in pairs if one.vf and one.synthetic}
    ethernets = tree.get("ethernets") or Node({})
    return {
        device_id: tuple(
            nic
            for nic in nics
            if first[nic.name] == device_id
            and (
                synthetic_of.get(nic.name) not in nics
                or first[synthetic_of[nic.name].name] == device_id
            )
        )
        if is_catch_all(ethernets.get(device_id) or Node({}))
        else nics
        for device_id, nics in by_entry.items()
    }


def _already_renamed(device_id: str, entry: Node, by_name: Mapping[str, Nic]) -> tuple[Nic, ...]:
    """The NIC that bears the entry's `set-name`, where the name it was matched by is gone."""
    set_name, match = entry.get("set-name"), entry.get("match")
    nic = by_name.get(str(set_name.value)) if set_name else None
    if nic is None or match is None or match.get("name") is None:
        return ()
    others = Node({key: child for key, child in match.items() if key != "name"})
    return (nic,) if entry_matches(device_id, Node({"match": others}), nic) else ()


def _candidates(
    device_id: str,
    entry: Node,
    nics: list[Nic],
    by_name: Mapping[str, Nic],
    by_mac: Mapping[str, list[Nic]],
) -> list[Nic]:
    """The NICs worth comparing: an index keeps many NICs from costing their square."""
    match = entry.get("match")
    mac = match.get("macaddress") if match else None
    if mac is not None:
        return by_mac.get(str(mac.value), [])
    wanted = match.get("name") if match else Node(device_id)
    if wanted is None or (match and _GLOB.search(str(wanted.value))):
        return nics
    name = str(wanted.value)
    return [by_name[name]] if name in by_name else []
