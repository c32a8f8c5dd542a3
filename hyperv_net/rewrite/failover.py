"""The rewrite: every setting of a synthetic NIC goes to its aggregate.

Both members are declared, so that nothing else configures them, and every
reference to either is moved.  Rewriting a rewritten configuration changes
nothing, and where no pair needs an aggregate the tree is returned as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from hyperv_net.model import (
    Aggregate,
    Decision,
    Finding,
    Inventory,
    Kind,
    Mode,
    NetworkConfig,
    Nic,
    Rewritten,
    Settings,
    Severity,
    System,
)
from hyperv_net.rewrite.devices import (
    DEVICE_TYPES,
    Devices,
    devices_of,
    ids,
    members_of,
    with_devices,
)
from hyperv_net.rewrite.matching import nics_by_entry
from hyperv_net.rewrite.members import (
    Refused,
    all_origins,
    declare_synthetic,
    declare_vf,
    merge,
    misplaced,
    movable,
)
from hyperv_net.rewrite.naming import free_name, own_name
from hyperv_net.rewrite.references import Successors, contradictions, move_references
from hyperv_net.rewrite.splitting import split_shared_entries
from hyperv_net.rewrite.work import Work, find_work, set_names
from hyperv_net.tree import Node, added, at, natural


def rewrite(
    config: NetworkConfig,
    decisions: Iterable[Decision],
    inventory: Inventory,
    settings: Settings,
) -> Rewritten:
    """The configuration with every aggregate that `decisions` ask for in place."""
    wanted = tuple(one for one in decisions if one.mode is Mode.AGGREGATE)
    pairs = tuple(one.pair for one in wanted)
    tree, split_findings = split_shared_entries(config.tree, inventory, pairs, config.source)
    findings = list(split_findings)
    refused: list[Refused] = []
    aggregates: list[Aggregate] = []
    moved: dict[str, tuple[str]] = {}
    by_entry = nics_by_entry(tree, inventory)
    devices = devices_of(tree)
    aggregate_of_member = {
        member: name for name, bond in devices["bonds"].items() for member in members_of(bond)
    }
    configured = ids(devices)
    taken = configured | {nic.name for nic in inventory.nics if not _is_idle_aggregate(nic)}
    taken |= set(set_names(devices["ethernets"].values()))

    works = find_work(wanted, by_entry, devices)
    own_names = [_own_name(work, devices, inventory.system) for work in works]
    reserved = {name for name in own_names if name is not None}
    for work, own in zip(works, own_names):
        over = {aggregate_of_member[one] for one in work.names if one in aggregate_of_member}
        if len(over) > 1:
            findings.append(_torn(work, over, config.source))
            continue
        existing = next(iter(over), None)
        running = work.decision.aggregate if work.decision.aggregate not in configured else None
        name = existing or running or (own if own not in taken else None)
        name = name or free_name(inventory.system, taken | reserved)
        taken.add(name)
        aggregate = Aggregate(
            name, work.decision.pair, work.synthetic_id, work.vf_id, existing is not None
        )
        aggregates.append(aggregate)
        moved.update(dict.fromkeys(work.names, (name,)))
        before = devices["bonds"].get(name)
        refused += _put_on_aggregate(aggregate, work, devices, inventory, settings)
        findings += _findings_of(aggregate, before, devices["bonds"][name], config.source)
    findings += _unconfigured(wanted, works, config.source)
    if aggregates:
        refused += _move_references(devices, moved, {one.name for one in aggregates})
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
    )


def _own_name(work: Work, devices: Devices, system: System) -> str | None:
    entry = devices["ethernets"].get(work.synthetic_id, Node({}))
    return own_name(work.synthetic, work.synthetic_id, entry, system)


def _is_idle_aggregate(nic: Nic) -> bool:
    """An aggregate over nothing, such as an earlier run may leave, can be used by its name."""
    return nic.kind in (Kind.BOND, Kind.LAGG) and not nic.lowers


def _put_on_aggregate(
    aggregate: Aggregate,
    work: Work,
    devices: Devices,
    inventory: Inventory,
    settings: Settings,
) -> list[Refused]:
    """Move the pair's settings to its aggregate and declare both members, in `devices`."""
    ethernets, bonds = devices["ethernets"], devices["bonds"]
    before = bonds.get(aggregate.name)
    bond = dict((before or Node({})).items())
    listed = members_of(before) if before else ()
    members = {*listed, *(work.names.get(one, one) for one in listed)}
    refused: list[Refused] = []
    for device_id in work.entries:
        refused += misplaced(ethernets[device_id])
        for key, setting in movable(ethernets[device_id], is_member=device_id in members).items():
            path = ("bonds", aggregate.name, key)
            bond[key], more = merge(bond.get(key), setting, path)
            refused += more

    renderer = bond.get("renderer")
    entries = {device_id: ethernets.pop(device_id) for device_id in work.entries}
    synthetic_entry = entries.pop(work.synthetic_id, Node({}))
    vf_entry = entries.pop(work.vf_id, Node({}))
    ethernets[work.synthetic_id] = declare_synthetic(
        synthetic_entry, work.synthetic, renderer, was_member=work.synthetic_id in members
    )
    ethernets[work.vf_id], more = declare_vf(
        vf_entry, work.synthetic, renderer, was_member=work.vf_id in members
    )
    refused += more
    for device_id, entry in entries.items():
        moved = movable(entry, is_member=device_id in members)
        refused += _superseded(entry, moved, work.synthetic_id)

    if before is None:
        bond["interfaces"] = added([work.synthetic_id, work.vf_id])
        bond["parameters"] = added(_parameters(work, inventory, settings))
        if inventory.system is System.LINUX:
            bond.setdefault("macaddress", added(aggregate.pair.mac))
    else:
        bond = _joined(bond, work, inventory.system, settings)
    bonds[aggregate.name] = Node(bond, before.origins if before else ())
    return refused


def _parameters(work: Work, inventory: Inventory, settings: Settings) -> dict[str, object]:
    """An active-backup bond that prefers the VF; on FreeBSD a failover lagg has no options."""
    if inventory.system is System.FREEBSD:
        return {"mode": "active-backup"}
    parameters: dict[str, object] = {
        "mode": "active-backup",
        "mii-monitor-interval": settings.mii_monitor_interval,
        "primary": work.vf_id,
        "primary-reselect-policy": "always",
    }
    if work.synthetic.bus == "vmbus":
        # The host still sends some frames over the synthetic path while the VF
        # is active, and never the same frame over both.
        parameters["all-slaves-active"] = True
    return parameters


def _joined(
    bond: Mapping[str, Node], work: Work, system: System, settings: Settings
) -> dict[str, Node]:
    """An administrator's bond with both members of the pair in it, under their ids."""
    about_members = {key: bond[key] for key in ("interfaces", "parameters") if key in bond}
    joined = move_references(
        Node(about_members), {name: (member,) for name, member in work.names.items()}
    )
    interfaces = joined.get("interfaces") or Node(())
    present = {str(one.value) for one in interfaces.elements()}
    missing = [one for one in (work.synthetic_id, work.vf_id) if one not in present]
    members = Node(interfaces.elements() + tuple(map(added, missing)), interfaces.origins)
    changed = {**bond, **dict(joined.items()), "interfaces": members}
    parameters = joined.get("parameters") or Node({})
    if system is System.LINUX and work.vf_id in missing and _mode(parameters) == "active-backup":
        completed = {**_missing_parameters(parameters, work, settings), **dict(parameters.items())}
        changed["parameters"] = Node(completed, parameters.origins)
    return changed


def _missing_parameters(parameters: Node, work: Work, settings: Settings) -> dict[str, Node]:
    """What an administrator's bond lacks for a VF that comes and goes.

    A bond that watches no link sends into a VF whose link is not up yet.
    """
    lacking = {"primary": added(work.vf_id)}
    if parameters.get("arp-interval") is None:
        lacking["mii-monitor-interval"] = added(settings.mii_monitor_interval)
    return lacking


def _mode(parameters: Node) -> str:
    mode = parameters.get("mode")
    return "balance-rr" if mode is None else str(mode.value)


def _superseded(entry: Node, moved: Collection[str], synthetic_id: str) -> list[Refused]:
    """What a further entry for the same card says about the card itself."""
    left = {key: child for key, child in entry.items() if key not in moved}
    reason = f"ethernets.{synthetic_id} declares the same NIC"
    origins = [*entry.origins, *all_origins(Node(left))]
    return [Refused(origin, reason) for origin in origins]


def _move_references(devices: Devices, moved: Successors, own: set[str]) -> list[Refused]:
    """Move them in `devices`, those of aggregates to their own members excepted."""
    refused: list[Refused] = []
    for kind, of_kind in devices.items():
        for device_id, device in of_kind.items():
            if kind == "bonds" and device_id in own:
                stays = {key: device.get(key) for key in ("interfaces", "parameters")}
                fixed = {key: child for key, child in stays.items() if child is not None}
                settings = Node({k: c for k, c in device.items() if k not in fixed})
                settings = move_references(settings, moved)
                of_kind[device_id] = Node({**dict(settings.items()), **fixed}, device.origins)
            else:
                refused += contradictions(device, moved)
                of_kind[device_id] = move_references(device, moved)
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


def _findings_of(
    aggregate: Aggregate, before: Node | None, bond: Node, source: str
) -> list[Finding]:
    """What is remarkable about an administrator's bond."""
    where = f"{source}: bonds.{aggregate.name}.parameters"
    parameters = bond.get("parameters") or Node({})
    mode, primary = _mode(parameters), parameters.get("primary")
    if mode != "active-backup":
        message = f"its mode is {mode}, which sends over both members of a pair"
        hint = "use active-backup"
        return [Finding("aggregate-mode", Severity.WARNING, message, f"{where}.mode", hint)]
    findings = []
    if primary is not None and primary.value == aggregate.synthetic_id:
        message = f"{primary.value} is the synthetic NIC, so its VF is not used"
        hint = f"name {aggregate.vf_id} there, or leave primary out"
        where_primary = f"{where}.primary"
        findings.append(
            Finding("aggregate-primary", Severity.WARNING, message, where_primary, hint)
        )
    interval = "mii-monitor-interval"
    if before is not None and parameters.get(interval) and not at(before, ("parameters", interval)):
        message = "the bond watched no link, and does now: a VF's link is late when it comes back"
        findings.append(Finding("aggregate-unwatched", Severity.NOTE, message, where))
    return findings


def _torn(work: Work, over: Iterable[str], source: str) -> Finding:
    return Finding(
        rule="pair-in-two-aggregates",
        severity=Severity.ERROR,
        message=f"the synthetic NIC and the VF of {work.decision.pair.mac} are members of "
        f"{' and '.join(sorted(over, key=natural))}, so the pair is left alone",
        where=f"{source}: bonds",
        hint="put both into one bond of mode active-backup",
    )


def _unconfigured(wanted: Iterable[Decision], works: Iterable[Work], source: str) -> list[Finding]:
    done = {work.decision.pair.mac for work in works}
    return [
        Finding(
            rule="pair-without-settings",
            severity=Severity.NOTE,
            message=f"nothing in it speaks of {one.pair.synthetic.name} ({one.pair.mac}), "
            "so the pair is left alone",
            where=source,
        )
        for one in wanted
        if one.pair.mac not in done and one.pair.synthetic is not None
    ]
