"""networkd, NetworkManager and sysconfig: the rewritten config, for cloud-init's own renderer.

These targets have no renderer here.  At first boot cloud-init's own gets what
stands in the file below instead of the config it was given, and writes what it
makes of it.  It tells NICs apart by name (cloudinit/net/network_state.py,
handle_ethernets), so a VF is declared under the name it has now, and one that
is away is left out: the plan's companions have it joined when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.model import Finding, Rendered, RenderedFile, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.orphans import with_addresses
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.tree import Path, format_path, leaves, to_plain

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from hyperv_net.model import Aggregate, Rewritten

FILE = "network-config.yaml"

#: The device types that cloud-init reads for renderers other than netplan's.
_DEVICE_TYPES = ("ethernets", "bonds", "bridges", "vlans")
#: What cloud-init's version 2 has no word for.
_EXTRAS = ("control", "dhcp6-stateless")
_TOP = ("version", *_DEVICE_TYPES)
#: Parameters of a bond that 22.4 does not know; one of them makes it raise KeyError.
_NEW_PARAMETERS = (
    "all-slaves-active",
    "arp-all-targets",
    "learn-packet-interval",
    "packets-per-slave",
)

_UNSAID = "cloud-init's version 2 has no word for it"
_UNREAD = "cloud-init reads it for netplan alone"
_PLAIN_ADDRESS = "cloud-init takes the address without options"
_AWAY = "the VF is away, and has no name to declare it under"

Drops = dict[Path, str]


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The config for cloud-init's renderer, as one file that shows it."""
    network, drops, moved = _network(rewritten)
    account = Account(rewritten.tree)
    for path, reason in drops.items():
        account.drop(path, reason)
    for path, _ in leaves(rewritten.tree):
        if not any(path[:length] in drops for length in range(1, len(path) + 1)):
            account.place(path, f"{FILE}: {moved.get(path[:1]) or format_path(path)}")
    return Rendered(
        files=(RenderedFile(FILE, dump(network), 0o600),),
        places=account.places(),
        dropped=account.dropped(otherwise=_UNSAID),
        findings=(
            Finding(
                rule="rendered-by-cloud-init",
                severity=Severity.NOTE,
                message="hyperv-net has no renderer for this target: at first boot cloud-init's "
                "own gets this config",
                where=FILE,
            ),
        ),
    )


def network_config(rewritten: Rewritten) -> dict[str, Any]:
    """The config as cloud-init takes it."""
    return _network(rewritten)[0]


def _network(rewritten: Rewritten) -> tuple[dict[str, Any], Drops, Mapping[Path, str]]:
    """The config, the leaves that are not in it, and where top-level ones have gone."""
    tree: dict[str, Any] = to_plain(rewritten.tree)
    drops: Drops = {(key,): _UNREAD for key in tree if key not in _TOP}
    network = {key: tree[key] for key in _TOP if tree.get(key)}
    for kind in network.keys() - {"version"}:
        for device_id, device in network[kind].items():
            for key in [key for key in _EXTRAS if device.pop(key, None) is not None]:
                drops[(kind, device_id, key)] = _UNSAID
            for index, address in enumerate(device.get("addresses", ())):
                if isinstance(address, Mapping):
                    (device["addresses"][index],) = address
                    drops[(kind, device_id, "addresses", index)] = _PLAIN_ADDRESS
    moved: dict[Path, str] = {}
    if "nameservers" in tree:
        taker = _taker_of_nameservers(rewritten, network)
        if taker is not None:
            network[taker[0]][taker[1]]["nameservers"] = tree["nameservers"]
            del drops[("nameservers",)]
            moved[("nameservers",)] = ".".join((*taker, "nameservers"))
    for aggregate in rewritten.aggregates:
        drops.update(_name_members(rewritten, aggregate, network))
    return network, drops, moved


def _taker_of_nameservers(
    rewritten: Rewritten, network: Mapping[str, Any]
) -> tuple[str, str] | None:
    """The first device that can hold the name servers of no device."""
    members = _members(rewritten.aggregates)
    for kind, device_id in with_addresses(rewritten.tree, members):
        if kind in network and "nameservers" not in network[kind][device_id]:
            return kind, device_id
    return None


def _members(aggregates: Collection[Aggregate]) -> set[str]:
    return {member for one in aggregates for member in (one.synthetic_id, one.vf_id)}


def _name_members(rewritten: Rewritten, aggregate: Aggregate, network: dict[str, Any]) -> Drops:
    """Declare both members under their interfaces' names, in `network`."""
    ethernets, bond = network["ethernets"], network["bonds"][aggregate.name]
    parameters = bond.setdefault("parameters", {})
    drops: Drops = {}
    if not aggregate.administrators:
        for key in [key for key in _NEW_PARAMETERS if parameters.pop(key, None) is not None]:
            drops[("bonds", aggregate.name, "parameters", key)] = _UNSAID
    names: dict[str, str] = {}
    away = None
    for member in (aggregate.synthetic_id, aggregate.vf_id):
        declaration = ethernets.pop(member)
        name = rewritten.interfaces.get(member)
        if name is None and member == aggregate.synthetic_id:
            name = declaration.get("set-name", member)
        if name is None:
            drops[("ethernets", member)] = _AWAY
            away = member
            continue
        names[member] = name
        if member == aggregate.vf_id:
            # By its MAC, cloud-init would take it for the synthetic NIC.
            declaration.pop("match", None)
        ethernets[name] = declaration
    bond["interfaces"] = [names.get(one, one) for one in bond["interfaces"] if one != away]
    if "primary" in parameters:
        parameters["primary"] = names.get(parameters["primary"], parameters["primary"])
        if parameters["primary"] == away:
            del parameters["primary"]
    return drops
