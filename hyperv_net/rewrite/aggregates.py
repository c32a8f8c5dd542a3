"""A pair's settings on its aggregate: a bond that is made for it, or an administrator's."""

from __future__ import annotations

from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.devices import members_of
from hyperv_net.rewrite.members import (
    Refused,
    all_origins,
    declare_synthetic,
    declare_vf,
    merge,
    misplaced,
    movable,
)
from hyperv_net.rewrite.references import move_references
from hyperv_net.tree import Node, added

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hyperv_net.model import Aggregate, Inventory, Settings
    from hyperv_net.rewrite.devices import Devices
    from hyperv_net.rewrite.work import Work


#: The switch of a host drops what a VF sends from another address than its own, so that a bond
#: takes that of the member it sends through (fail_over_mac, the kernel's networking/bonding.rst).
_OWN_ADDRESSES = {"fail-over-mac-policy": "active"}


def put_on_aggregate(
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
        vf_entry, aggregate.pair, renderer, was_member=work.vf_id in members
    )
    refused += more
    for device_id, entry in entries.items():
        moved = movable(entry, is_member=device_id in members)
        refused += _superseded(entry, moved, work.synthetic_id)

    if before is None:
        bond["interfaces"] = added([work.synthetic_id, work.vf_id])
        bond["parameters"] = added(_parameters(work, inventory, settings))
        if inventory.system is System.LINUX and not aggregate.pair.vf_told:
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
    if work.decision.pair.vf_told:
        parameters.update(_OWN_ADDRESSES)
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
    if system is System.LINUX and work.vf_id in missing:
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
    if work.decision.pair.vf_told:
        lacking.update({key: added(value) for key, value in _OWN_ADDRESSES.items()})
    return lacking


def spreads(bond: Node) -> bool:
    """Whether a bond sends over several members at once: then a VF does not belong into it."""
    return mode_of(bond.get("parameters") or Node({})) != "active-backup"


def mode_of(parameters: Node) -> str:
    """The mode of a bond with these parameters; without one it is the kernel's, balance-rr."""
    mode = parameters.get("mode")
    return "balance-rr" if mode is None else str(mode.value)


def _superseded(entry: Node, moved: Collection[str], synthetic_id: str) -> list[Refused]:
    """What a further entry for the same card says about the card itself."""
    left = {key: child for key, child in entry.items() if key not in moved}
    reason = f"ethernets.{synthetic_id} declares the same NIC"
    origins = [*entry.origins, *all_origins(Node(left))]
    return [Refused(origin, reason) for origin in origins]
