"""Writing an entry for several NICs out once for each card.

networkd configures a NIC by the first file that fits it, so an entry that
fits a pair and other NICs besides (`match: {name: "eth*"}`) cannot stand
beside the declarations of the pair's members.
"""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.devices import devices_of, with_devices
from hyperv_net.rewrite.matching import is_catch_all, nics_by_entry, spoken_of
from hyperv_net.rewrite.references import move_references
from hyperv_net.tree import Node, added, natural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.model import Inventory, Nic, Pair


_LATER = "where no pattern can be said, give a NIC that is attached later an entry of its own"
#: What two NICs cannot have at once: a name, and addresses.
OF_ONE_NIC = ("set-name", "macaddress", "addresses")


def split_shared_entries(
    tree: Node,
    inventory: Inventory,
    pairs: Sequence[Pair],
    source: str,
    others: Sequence[Pair] = (),
) -> tuple[Node, tuple[Finding, ...]]:
    """The tree with such entries split, and a NOTE for each; otherwise the tree as it was.

    `pairs` are those that get aggregates, and `others` the rest, whose entries are not split.
    One that says what a single NIC can have is an ERROR, and stays whole; where all of its NICs
    keep their settings it is a WARNING.

    What refers to such an entry refers to all its parts afterwards.  `source`
    names the file in findings.
    """
    cards: dict[str, Nic] = {}
    for pair in (*pairs, *others):
        first = pair.synthetic or pair.vf
        for nic in (pair.synthetic, pair.vf):
            if nic is not None and first is not None:
                cards[nic.name] = first
    aggregated = {nic.name for one in pairs for nic in (one.synthetic, one.vf) if nic is not None}
    devices = devices_of(tree)
    ethernets = devices["ethernets"]
    findings: list[Finding] = []
    parts_of: dict[str, list[str]] = {}
    by_entry = spoken_of(tree, nics_by_entry(tree, inventory), (*pairs, *others))
    of_vfs = {
        one: all(cards.get(nic.name, nic) is not nic for nic in nics)
        for one, nics in by_entry.items()
    }
    # A part of the synthetic NIC has a better right to that one's name than a part of its VF.
    for device_id in sorted(by_entry, key=of_vfs.__getitem__):
        nics = by_entry[device_id]
        parts = {card.name: card for card in (cards.get(nic.name, nic) for nic in nics)}
        if len(parts) < 2 or not any(name in cards for name in parts):
            continue
        where = Place(source, ("ethernets", device_id))
        alone = [key for key in OF_ONE_NIC if ethernets[device_id].get(key) is not None]
        is_split = any(name in aggregated for name in parts)
        if alone:
            severity = Severity.ERROR if is_split else Severity.WARNING
            names = sorted(parts, key=natural)
            findings += (_of_one_nic(where.below(key), names, severity) for key in alone)
        if alone or not is_split:
            continue
        entry = ethernets.pop(device_id)
        written = []
        for name in sorted(parts, key=natural):
            own_id = name if name not in ethernets else f"{device_id}-{name}"
            ethernets[own_id] = _narrowed(entry, parts[name])
            written.append(own_id)
        parts_of[device_id] = written
        findings.append(_split_finding(where, len(nics), written, is_catch_all(entry)))
    if not parts_of:
        return tree, tuple(findings)
    for of_kind in devices.values():
        for device_id, device in of_kind.items():
            of_kind[device_id] = move_references(device, parts_of)
    return with_devices(tree, devices), tuple(findings)


def _narrowed(entry: Node, nic: Nic) -> Node:
    """The entry with a match that only this card fits."""
    before = entry.get("match")
    match = dict((before or Node({})).items())
    key, value = ("macaddress", nic.hardware_mac) if nic.hardware_mac else ("name", nic.name)
    match[key] = Node(value, match[key].origins) if key in match else added(value)
    narrowed = {**dict(entry.items()), "match": Node(match, before.origins if before else ())}
    return Node(narrowed, entry.origins)


def _of_one_nic(where: Place, cards: list[str], severity: Severity) -> Finding:
    return Finding(
        rule="entry-for-one",
        severity=severity,
        message=f"the entry fits {' and '.join(cards)}, and only one NIC can have this",
        where=where,
        hint="write an entry for each, with its MAC address in match beside the driver",
    )


def _split_finding(where: Place, nics: int, written: list[str], is_catch_all: bool) -> Finding:
    return Finding(
        rule="entry-split",
        severity=Severity.NOTE,
        message=f"it fits {nics} NICs, a pair among them, and is written out as "
        + ", ".join(written),
        where=where,
        hint=_LATER if is_catch_all else "",
    )
