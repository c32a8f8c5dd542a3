"""sysconfig: the rewritten config, for cloud-init's own renderer.

These targets have no renderer here.  At first boot cloud-init's own gets what
stands in the file below instead of the config it was given, and writes what it
makes of it.  It tells NICs apart by name (cloudinit/net/network_state.py,
handle_ethernets), so a VF is declared under the name it has now, and one that
is away is left out: the plan's companions have it joined when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hyperv_net.model import Finding, Rendered, RenderedFile, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.cloud_init_words import (
    CALLED,
    DEVICE_KEYS,
    NEWER,
    NEWER_SINCE,
    PARAMETERS,
)
from hyperv_net.renderers.orphans import OF_NAMESERVERS, give_nameservers, with_addresses
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.rewrite.members import QUIET
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
#: Those that are made of software: of a NIC itself the renderers say more.
_SOFTWARE = ("bonds", "bridges", "vlans")

_LEFT_OUT = "cloud-init's own renderer leaves it out"
_RAISES = "leaves the config as it was given, since it does not know this"
_UNSAID = "cloud-init's version 2 has no word for it"
_UNREAD = "cloud-init reads it for netplan alone"
_PLAIN_ADDRESS = "cloud-init takes the address without options"
_AWAY = "the VF is away, and has no name to declare it under"

Drops = dict[Path, str]
Setting = tuple[str, ...]


#: What cloud-init's renderers of 22.4.2, 25.1.4 and 26.2 leave out of a bond, bridge or VLAN:
#: the device's type, or `*` for each, and the setting below it, an element of a list being `*`.
LOST: tuple[Setting, ...] = tuple(
    ("*", key)
    for key in (
        *("accept-ra", "activation-mode", "critical", "dhcp-identifier", "ignore-carrier"),
        *("ipv6-address-generation", "ipv6-mtu", "ipv6-privacy", "link-local", "optional"),
        *("optional-addresses", "wakeonlan"),
    )
)
#: All that some of them read below these keys.
_READ_BELOW = {
    "dhcp4-overrides": ("route-metric",),
    "dhcp6-overrides": ("route-metric",),
    "routes": ("to", "via", "metric", "mtu", "table"),
}


def render(
    rewritten: Rewritten,
    existing: Mapping[str, str],
    lost: Collection[Setting] = LOST,
    since: Mapping[Setting, str] = MappingProxyType({}),
) -> Rendered:
    """The config for cloud-init's renderer, as one file that shows it.

    `lost` are the settings that this renderer leaves out, and `since` those that it has from a
    version of cloud-init on.
    """
    network, drops, moved = _network(rewritten)
    later: dict[Path, str] = {}
    for path, node in leaves(rewritten.tree):
        if path[0] not in _SOFTWARE:
            continue
        setting = (str(path[0]), *("*" if isinstance(key, int) else key for key in path[2:]))
        if is_lost(setting, lost):
            drops.setdefault(path, _LEFT_OUT)
        release = next((since[one] for one in since if fits(one, setting)), None)
        if release is not None and node.origins:
            later[path] = f"before {release} leaves it out"
        if setting[1:2] == ("parameters",) and NEWER.issuperset(setting[2:3]) and path not in drops:
            later[path] = f"before {NEWER_SINCE} {_RAISES}"
    account = Account(rewritten.tree)
    for path, reason in drops.items():
        account.drop(path, reason)
    account.place_backends("cloud-init's own renderer configures here")
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
                where=Place(FILE),
            ),
            *(
                Finding(
                    rule="lost-by-cloud-init",
                    severity=Severity.WARNING,
                    message=f"cloud-init {what}",
                    where=Place(FILE, path),
                    hint="look at what cloud-init wrote after the first boot",
                )
                for path, what in later.items()
            ),
        ),
    )


def fits(pattern: Setting, setting: Setting) -> bool:
    """Whether a setting is one of those that the pattern means, or below one."""
    return pattern[0] in ("*", setting[0]) and setting[1 : len(pattern)] == pattern[1:]


def is_lost(setting: Setting, lost: Collection[Setting] = LOST) -> bool:
    """Whether a setting of a device of software is left out by those who leave out `lost`."""
    read = _READ_BELOW.get(setting[1]) if len(setting) > 1 else None
    below = [key for key in setting[2:] if key != "*"]
    is_unread = read is not None and bool(below) and below[0] not in read
    return is_unread or any(fits(pattern, setting) for pattern in lost)


def network_config(rewritten: Rewritten) -> dict[str, Any]:
    """The config as cloud-init takes it."""
    return _network(rewritten)[0]


def _network(rewritten: Rewritten) -> tuple[dict[str, Any], Drops, Mapping[Path, str]]:
    """The config, the leaves that are not in it, and where top-level ones have gone."""
    tree: dict[str, Any] = to_plain(rewritten.tree)
    drops: Drops = {(key,): _UNREAD for key in tree if key not in (*_TOP, "renderer")}
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
        members = _members(rewritten.aggregates)
        devices = [one for one in with_addresses(rewritten.tree, members) if one[0] in network]
        free = [one for one in devices if "nameservers" not in network[one[0]][one[1]]]
        for taker in give_nameservers((free or devices)[:1], network, tree["nameservers"]):
            del drops[("nameservers",)]
            unread = tree["nameservers"].keys() - set(OF_NAMESERVERS)
            drops.update({("nameservers", key): _UNSAID for key in unread})
            moved[("nameservers",)] = ".".join((*taker, "nameservers"))
    drops.update(_fit_to_what_is_read(rewritten, network))
    for aggregate in rewritten.aggregates:
        drops.update(_name_members(rewritten, aggregate, network))
    return network, drops, moved


def _fit_to_what_is_read(rewritten: Rewritten, network: dict[str, Any]) -> Drops:
    """Take out of `network` what cloud-init raises for, and find what it does not look at.

    It looks every parameter up in a table of its own, and what is not there is a KeyError.
    """
    drops: Drops = {}
    ours = {one.name for one in rewritten.aggregates if not one.administrators}
    for kind in network.keys() & set(_DEVICE_TYPES):
        known = PARAMETERS.get(kind, frozenset()) | (NEWER if kind == "bonds" else frozenset())
        for one, device in network[kind].items():
            read = DEVICE_KEYS.union(QUIET if one in rewritten.member_ids else ())
            drops.update({(kind, one, key): _UNSAID for key in device if key not in read})
            parameters = device.get("parameters") or {}
            for key in list(parameters):
                if key not in known or (key in NEWER and one in ours):
                    del parameters[key]
                    drops[kind, one, "parameters", key] = _UNSAID
            for key in CALLED.keys() & parameters.keys():
                parameters[CALLED[key]] = parameters.pop(key)
    return drops


def _members(aggregates: Collection[Aggregate]) -> set[str]:
    return {member for one in aggregates for member in (one.synthetic_id, one.vf_id)}


def _name_members(rewritten: Rewritten, aggregate: Aggregate, network: dict[str, Any]) -> Drops:
    """Declare both members under their interfaces' names, in `network`."""
    ethernets, bond = network["ethernets"], network["bonds"][aggregate.name]
    parameters = bond.setdefault("parameters", {})
    drops: Drops = {}
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
