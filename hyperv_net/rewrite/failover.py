"""The rewrite: every setting of a synthetic NIC goes to its aggregate.

Both members are declared, so that nothing else configures them, and every
reference to either is moved.  Rewriting a rewritten configuration changes
nothing, and where no pair needs an aggregate the tree is returned as it was.
"""

from __future__ import annotations

from hyperv_net.model import (
    Aggregate,
    Kind,
    Mode,
    Rewritten,
    Severity,
    System,
)
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.aggregates import put_on_aggregate, spreads
from hyperv_net.rewrite.devices import (
    DEVICE_TYPES,
    devices_of,
    ids,
    members_of,
    referenced,
    with_devices,
)
from hyperv_net.rewrite.findings import about_aggregate, spreading, torn, unconfigured, unmet
from hyperv_net.rewrite.matching import is_catch_all, nics_by_entry, spoken_of
from hyperv_net.rewrite.naming import free_name, own_name
from hyperv_net.rewrite.references import contradictions, move_references
from hyperv_net.rewrite.splitting import OF_ONE_NIC, split_shared_entries
from hyperv_net.rewrite.work import find_work, set_names
from hyperv_net.tree import Node, to_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hyperv_net.model import (
        Decision,
        Inventory,
        NetworkConfig,
        Nic,
        Settings,
    )
    from hyperv_net.rewrite.devices import (
        Devices,
    )
    from hyperv_net.rewrite.members import Refused
    from hyperv_net.rewrite.references import Successors
    from hyperv_net.rewrite.work import Work


def rewrite(
    config: NetworkConfig,
    decisions: Iterable[Decision],
    inventory: Inventory,
    settings: Settings,
    taken_names: Collection[str] = (),
) -> Rewritten:
    """The configuration with every aggregate that `decisions` ask for in place.

    `taken_names` are what no new aggregate can be called, besides the devices of the
    configuration and of the machine.
    """
    decided = tuple(decisions)
    wanted = tuple(one for one in decided if one.mode is Mode.AGGREGATE)
    pairs = tuple(one.pair for one in wanted)
    others = tuple(one.pair for one in decided if one.mode is not Mode.AGGREGATE)
    tree, split_findings = split_shared_entries(
        config.tree, inventory, pairs, config.source, others
    )
    findings = list(split_findings)
    if any(one.severity is Severity.ERROR for one in findings):
        wanted, pairs = (), ()  # What an entry means is not known, so no aggregate is made of it.
    refused: list[Refused] = []
    aggregates: list[Aggregate] = []
    moved: dict[str, tuple[str]] = {}
    member_of: dict[str, str] = {}
    spread: dict[str, list[Work]] = {}
    fitting = nics_by_entry(tree, inventory)
    by_entry = spoken_of(tree, fitting, pairs)
    devices = devices_of(tree)
    aggregate_of_member = {
        member: name for name, bond in devices["bonds"].items() for member in members_of(bond)
    }
    configured = ids(devices)
    taken = configured | {nic.name for nic in inventory.nics if not _is_idle_aggregate(nic)}
    taken |= {*set_names(devices["ethernets"].values()), *taken_names}

    works = find_work(wanted, by_entry, devices)
    own_names = [_own_name(work, devices, inventory.system) for work in works]
    reserved = {name for name in own_names if name is not None}
    for work, own in zip(works, own_names):
        over = {aggregate_of_member[one] for one in work.names if one in aggregate_of_member}
        if len(over) > 1:
            findings.append(torn(work, over, config.source))
            continue
        existing = next(iter(over), None)
        if existing is not None and spreads(devices["bonds"][existing]):
            spread.setdefault(existing, []).append(work)
            continue
        running = work.decision.aggregate if work.decision.aggregate not in configured else None
        name = existing or running or (own if own not in taken else None)
        name = name or free_name(inventory.system, taken | reserved)
        taken.add(name)
        aggregate = Aggregate(
            name, work.decision.pair, work.synthetic_id, work.vf_id, existing is not None
        )
        aggregates.append(aggregate)
        moved.update(dict.fromkeys(work.names, (name,)))
        member_of.update(work.names)
        before = devices["bonds"].get(name)
        refused += put_on_aggregate(aggregate, work, devices, inventory, settings)
        findings += about_aggregate(aggregate, before, devices["bonds"][name], config.source)
    findings += (
        spreading(devices["bonds"][one], one, spread[one], config.source) for one in spread
    )
    left = unconfigured(wanted, works, config.source)
    findings += [*unmet(tree, fitting, inventory, bool(left), config.source), *left]
    if aggregates:
        names = {one.name for one in aggregates}
        refused += _move_references(devices, moved, member_of, names)
        tree = _move_top_level(with_devices(tree, devices), moved)
    interfaces, kernel_names = _names_by_id(tree, by_entry, aggregates, inventory.system)
    return Rewritten(
        tree=tree,
        aggregates=tuple(aggregates),
        interfaces=interfaces,
        kernel_names=kernel_names,
        inventory=inventory,
        settings=settings,
        # An aggregate over two pairs is looked at twice.
        findings=tuple(dict.fromkeys(findings)),
        refused=tuple((one.origin, one.reason) for one in refused),
        catch_alls=tuple(_used_up(config.tree, tree)),
    )


def _used_up(before: Node, after: Node) -> Iterator[tuple[str, Node]]:
    """The entries for NICs yet unseen that are those of known cards now.

    Not one that something refers to, or that says what one NIC alone can have: what holds for
    a later NIC is not known then.
    """
    devices = devices_of(before)
    named, now = set(referenced(devices)), after.get("ethernets") or Node({})
    for one, entry in devices["ethernets"].items():
        is_plain = one not in named and not any(entry.get(key) for key in OF_ONE_NIC)
        if is_plain and is_catch_all(entry) and not _says_still(now.get(one), entry):
            yield one, entry


def _says_still(now: Node | None, entry: Node) -> bool:
    match, before = now.get("match") if now else None, entry.get("match")
    if match is None or before is None:
        return match is before
    return bool(to_plain(match) == to_plain(before))


def _own_name(work: Work, devices: Devices, system: System) -> str | None:
    entry = devices["ethernets"].get(work.synthetic_id, Node({}))
    return own_name(work.synthetic, work.synthetic_id, entry, system)


def _is_idle_aggregate(nic: Nic) -> bool:
    """An aggregate over nothing, such as an earlier run may leave, can be used by its name."""
    return nic.kind in (Kind.BOND, Kind.LAGG) and not nic.lowers


def _move_references(
    devices: Devices, moved: Successors, member_of: Mapping[str, str], own: set[str]
) -> list[Refused]:
    """Move them in `devices`, those to a card itself excepted.

    Such are an aggregate's to its own members, and the `link` of an SR-IOV virtual function
    to its physical one (netplan-yaml, "Properties for device type ethernets").
    """
    refused: list[Refused] = []
    for kind, of_kind in devices.items():
        for device_id, device in of_kind.items():
            to_cards: tuple[str, ...] = ("link",) if kind == "ethernets" else ()
            if kind == "bonds" and device_id in own:
                to_cards = ("interfaces", "parameters")
            fixed = {key: one for key, one in device.items() if key in to_cards}
            if "link" in fixed:
                named = str(fixed["link"].value)
                fixed["link"] = Node(member_of.get(named, named), fixed["link"].origins)
            settings = Node({key: one for key, one in device.items() if key not in fixed})
            refused += contradictions(settings, moved)
            settings = move_references(settings, moved)
            of_kind[device_id] = Node({**dict(settings.items()), **fixed}, device.origins)
    return refused


def _move_top_level(tree: Node, moved: Successors) -> Node:
    """The settings that belong to no device (version 1's routes and nameservers)."""
    top = {
        key: child if key in DEVICE_TYPES else move_references(child, moved)
        for key, child in tree.items()
    }
    return Node(top, tree.origins)


def _names_by_id(
    tree: Node,
    by_entry: Mapping[str, tuple[Nic, ...]],
    aggregates: Iterable[Aggregate],
    system: System,
) -> tuple[dict[str, str], dict[str, str]]:
    """For each id below `ethernets`, the interface's configured name and the kernel's."""
    nics = {device_id: found[0] for device_id, found in by_entry.items() if len(found) == 1}
    for aggregate in aggregates:
        for device_id, nic in (
            (aggregate.synthetic_id, aggregate.pair.synthetic),
            (aggregate.vf_id, aggregate.pair.vf),
        ):
            nics.pop(device_id, None)
            if nic is not None:
                nics[device_id] = nic
    interfaces, kernel_names = {}, {}
    for device_id, entry in (tree.get("ethernets") or Node({})).items():
        if device_id in nics:
            nic, set_name = nics[device_id], entry.get("set-name")
            interfaces[device_id] = str(set_name.value) if set_name else nic.name
            freebsd_device = nic.device if system is System.FREEBSD else None
            kernel_names[device_id] = freebsd_device or nic.name
    return interfaces, kernel_names
