"""Which NICs an entry below `ethernets` speaks of."""

from __future__ import annotations

import re

from hyperv_net.decision.claims import DRIVER, EVERY_NIC, MAC, NAME, Patterns, of_systemd, selects
from hyperv_net.decision.pairing import place
from hyperv_net.drivers import known_as
from hyperv_net.model import Kind
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node, natural, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from hyperv_net.decision.claims import Selector
    from hyperv_net.model import Inventory, Nic, Pair

#: What netplan and cloud-init know a NIC by.
_PROPERTIES = {"driver": DRIVER, "macaddress": MAC, "name": NAME}

_GLOB = re.compile(r"[*?\[]")


def selector_of(device_id: str, entry: Mapping[str, Any]) -> Selector | None:
    """What the plain entry `device_id` asks of a NIC, as netplan-yaml's `match` says.

    All properties given must fit; names and drivers are globs, a driver may be
    a list, and since netplan hands both to networkd as they are, a leading `!`
    inverts it.  Without `match` the id is the name.
    One that says nothing known of a NIC fits none (None), since it was not written for all.
    An empty one beside `set-name` is for the NIC that is called so: netplan writes that
    name into its .network, and systemd ignores a .link without a match (from 243 on).
    """
    match = entry.get("match")
    if match is None:
        return {NAME: _literally(device_id)}
    if not match:
        called = entry.get("set-name")
        return EVERY_NIC if called is None else {NAME: _literally(str(called))}
    known = {
        _PROPERTIES[key]: _patterns(_PROPERTIES[key], wanted)
        for key, wanted in match.items()
        if key in _PROPERTIES
    }
    return known or None


def _literally(name: str) -> Patterns:
    return Patterns((_GLOB.sub(r"[\g<0>]", name),))


def _patterns(property_: str, wanted: Any) -> Patterns:
    texts = wanted if isinstance(wanted, (list, tuple)) else (wanted,)
    words = [word for text in texts for word in str(text).split()]
    return Patterns(tuple(map(str.lower, words))) if property_ == MAC else of_systemd(words)


def entry_matches(device_id: str, entry: Node, nic: Nic) -> bool:
    """Whether the entry `device_id` applies to `nic`."""
    selector = selector_of(device_id, to_plain(entry))
    return selector is not None and selects(selector, _values(nic))


def _values(nic: Nic) -> dict[str, tuple[str, ...]]:
    macs = (nic.hardware_mac, nic.permanent_mac)
    return {
        NAME: (nic.name,),
        DRIVER: known_as(nic.driver),
        MAC: tuple(one for one in macs if one is not None),
    }


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
        selector = selector_of(device_id, to_plain(entry))
        fitting = tuple(
            nic
            for nic in _candidates(selector, nics, by_name, by_mac)
            if selector is not None and selects(selector, _values(nic))
        )
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


def bearers(tree: Node, inventory: Inventory, pairs: Sequence[Pair]) -> dict[str, tuple[Nic, ...]]:
    """For every id below `ethernets`, the NICs that bear what it says, in natural order.

    Of those it speaks of, that is of each card the one which the kernel has above the others, or
    else the synthetic NIC: hyperv-net keeps everybody off the VF.  Of NICs that share an address
    and are no pair it is the one that cloud-init looks at with hyperv-net (`pairing.place`).
    """
    vfs = {one.vf.name for one in pairs if one.vf is not None and one.synthetic is not None}
    found = {}
    for device_id, nics in spoken_of(tree, nics_by_entry(tree, inventory), pairs).items():
        names = {nic.name for nic in nics}
        able = [nic for nic in nics if nic.name not in vfs and nic.master not in names]
        first: dict[str, Nic] = {}
        for nic in sorted(able, key=lambda nic: place(nic.bus, nic.device, nic.name)):
            first.setdefault(nic.hardware_mac or nic.name, nic)
        found[device_id] = tuple(nic for nic in able if nic in first.values())
    return found


def _already_renamed(device_id: str, entry: Node, by_name: Mapping[str, Nic]) -> tuple[Nic, ...]:
    """The NIC that bears the entry's `set-name`, where the name it was matched by is gone."""
    set_name, match = entry.get("set-name"), entry.get("match")
    nic = by_name.get(str(set_name.value)) if set_name else None
    if nic is None or match is None or match.get("name") is None:
        return ()
    others = Node({key: child for key, child in match.items() if key != "name"})
    return (nic,) if entry_matches(device_id, Node({"match": others}), nic) else ()


def _candidates(
    selector: Selector | None,
    nics: list[Nic],
    by_name: Mapping[str, Nic],
    by_mac: Mapping[str, list[Nic]],
) -> list[Nic]:
    """The NICs worth comparing: an index keeps many NICs from costing their square."""
    macs, names = ((selector or EVERY_NIC).get(one) for one in (MAC, NAME))
    if macs is not None:
        return [nic for mac in macs.globs for nic in by_mac.get(mac, ())]
    if names is None or names.is_inverted or any(map(_GLOB.search, names.globs)):
        return nics
    return [by_name[one] for one in names.globs if one in by_name]
