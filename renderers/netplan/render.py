"""Renders a rewritten configuration as netplan YAML.

The members of a pair are told apart by driver, which netplan has for networkd alone, so
that they and their aggregate are networkd's even on a machine of
NetworkManager's.  Facts are from netplan 0.106 and 1.1.2, which the tests run.
"""

from __future__ import annotations

from hyperv_net.inventory.told import told_mac, told_name
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Rendered, RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.netplan.backend import devices_in, give_to_networkd
from hyperv_net.renderers.netplan.keys import DEVICES, NETWORK, unknown
from hyperv_net.renderers.netplan.paths import FILE, NETWORKD
from hyperv_net.renderers.netplan.rivals import Member, look_around
from hyperv_net.renderers.orphans import (
    OF_NAMESERVERS,
    device_for_gateway,
    give_nameservers,
    with_addresses,
)
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.tree import Node, Path, format_path, leaves, natural, to_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from hyperv_net.model import Rewritten

_TOP_KEYS = ("version", "renderer", *DEVICES)
_DEVICE_KEYS = ("renderer", "match", "set-name", "interfaces", "link", "id")
_EXTRAS = ("control", "dhcp6-stateless")
_UNKNOWN = "netplan has no such key"
_MATCH = frozenset(("driver", "macaddress", "name"))
_MATCHLESS = "netplan has no such key, and without it the device would be for every NIC"
_BROUGHT_UP = "cloud-init ignores it for netplan as well, and the device comes up at boot"

Drops = dict[Path, str]


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """Netplan's file, and a second one where other files speak of a pair's members."""
    account = Account(rewritten.tree)
    matchless = tuple(_matchless(rewritten.tree))
    tree = _without(rewritten.tree, matchless)
    rewritten = rewritten._replace(tree=tree)
    network: dict[str, Any] = to_plain(tree)
    drops: Drops = {
        **dict.fromkeys(matchless, _MATCHLESS),
        **_drop_unknown(tree, network),
        **_give_orphans_to_devices(rewritten, network, account),
    }
    for path, text in times.rounded(tree, times.HUNDREDTH):
        kind, one, below, key = map(str, path)
        network[kind][one][below][key] = text
    taken, findings = give_to_networkd(rewritten, network)
    drops.update(taken)
    drops.update(_translate_control(tree, network, account))

    _keep_for_later_nics(rewritten, network)
    members = _members(rewritten, network)
    around = look_around(members, existing, FILE)
    for member in members:
        if member.id in around.stand_ins:
            _add_stand_in(network, member, around.stand_ins[member.id])
    files = [_file(FILE, network)]
    if around.repeated:
        again = {one: network["ethernets"][one] for one in around.repeated}
        files.append(_file(around.last_file, {"version": 2, "ethernets": again}))

    for path, reason in drops.items():
        account.drop(path, reason)
    for path, _ in leaves(tree):
        if not any(path[:length] in drops for length in range(1, len(path) + 1)):
            account.place(path, f"{FILE}: {format_path(path)}")
    places = account.places()
    return Rendered(
        files=tuple(files),
        places=places,
        dropped=account.dropped(otherwise=_UNKNOWN),
        findings=(
            *findings,
            *around.findings,
            *times.told(tree, places, times.HUNDREDTH),
        ),
        # The pairs' devices are networkd's, which is a package of its own in some distributions.
        needs=(NETWORKD,),
    )


def _file(path: str, network: Mapping[str, Any]) -> RenderedFile:
    """The file with the keys that people look for first in front, the others in natural order."""
    ordered = _ordered(network, _TOP_KEYS)
    for kind in ordered.keys() & DEVICES.keys():
        devices = _ordered(ordered[kind], ())
        ordered[kind] = {one: _ordered(device, _DEVICE_KEYS) for one, device in devices.items()}
    return RenderedFile(path, FROM_CONFIG + dump({"network": ordered}), 0o600)


def _ordered(mapping: Mapping[str, Any], first: tuple[str, ...]) -> dict[str, Any]:
    rank = {key: index for index, key in enumerate(first)}
    keys = sorted(mapping, key=lambda key: (rank.get(key, len(rank)), natural(key)))
    return {key: mapping[key] for key in keys}


def _matchless(tree: Node) -> Iterator[tuple[str, str]]:
    """The devices whose `match` has no key that netplan knows; an empty one is for every NIC."""
    for kind, one, device in devices_in(tree):
        match = device.get("match")
        if match is not None and match.value and not dict(match.items()).keys() & _MATCH:
            yield (kind, one)


def _without(tree: Node, devices: Collection[tuple[str, str]]) -> Node:
    top = dict(tree.items())
    for kind in {kind for kind, _ in devices}:
        of_kind = top[kind]
        kept = {one: node for one, node in of_kind.items() if (kind, one) not in devices}
        top[kind] = Node(kept, of_kind.origins)
    return Node(top, tree.origins)


def _drop_unknown(tree: Node, network: dict[str, Any]) -> Drops:
    drops: Drops = {}
    for path in list(unknown(tree, NETWORK)):
        if not _is_extra(path):
            drops[path] = _UNKNOWN
            _delete(network, path)
    for kind in network.keys() & DEVICES.keys():
        network[kind] = {one: device or {} for one, device in (network[kind] or {}).items()}
    return drops


def _is_extra(path: Path) -> bool:
    """Whether a key netplan does not know is one that hyperv-net translates."""
    if path[0] in DEVICES:
        return len(path) == 3 and path[2] in _EXTRAS
    return path in (("nameservers",), ("routes",))


def _delete(network: Any, path: Path) -> None:
    for key in path[:-1]:
        network = network[key]
    del network[path[-1]]


def _translate_control(tree: Node, network: dict[str, Any], account: Account) -> Drops:
    """What version 1 says about bringing a device up, in netplan's words.

    cloud-init's netplan.py (22.4, 25.1, 26.2) brings a device up whatever it says, and a
    machine that had its network that way must not lose it.
    """
    drops: Drops = {}
    for kind, one, _ in devices_in(tree):
        device, place = network[kind][one], f"{FILE}: {kind}.{one}"
        control = device.pop("control", None)
        if control in ("manual", "off"):
            drops[kind, one, "control"] = _BROUGHT_UP
        elif control == "hotplug":
            device.setdefault("optional", True)
            account.place((kind, one, "control"), f"{place}.optional")
        else:
            account.place((kind, one, "control"), f"{place} (netplan's own way)")
        if device.pop("dhcp6-stateless", None) is not None:
            # networkd asks a DHCPv6 server by itself where a router advertisement says so.
            account.place((kind, one, "dhcp6-stateless"), f"{place}.accept-ra")
    return drops


def _give_orphans_to_devices(
    rewritten: Rewritten, network: dict[str, Any], account: Account
) -> Drops:
    """Nameservers and routes of no device, which netplan cannot hold, go to devices."""
    tree, members, drops = rewritten.tree, rewritten.member_ids, Drops()
    nameservers = network.pop("nameservers", None)
    if nameservers:
        unread = nameservers.keys() - set(OF_NAMESERVERS)
        drops.update({("nameservers", key): _UNKNOWN for key in unread})
        takers = give_nameservers(with_addresses(tree, members), network, nameservers)
        if takers:
            names = ", ".join(f"{kind}.{one}" for kind, one in takers)
            for key in OF_NAMESERVERS:
                account.place(("nameservers", key), f"{FILE}: nameservers of {names}")
        else:
            drops["nameservers",] = "netplan gives nameservers to devices, and none can take them"
    for index, route in enumerate(network.pop("routes", None) or ()):
        gateway = route.get("via")
        taker = device_for_gateway(tree, members, gateway) if gateway else None
        if taker:
            kind, one = taker
            network[kind][one].setdefault("routes", []).append(route)
            account.place(("routes", index), f"{FILE}: {kind}.{one}.routes")
        else:
            drops["routes", index] = "netplan gives routes to devices, and none reaches its gateway"
    return drops


def _keep_for_later_nics(rewritten: Rewritten, network: dict[str, Any]) -> None:
    """Say again what was said for NICs yet unseen, behind all that is said of known ones.

    networkd takes the first file that fits a NIC, and netplan names the files by id.
    """
    ethernets = network["ethernets"]
    for one, entry in rewritten.catch_alls:
        later = f"zz-{one}"
        while later in ethernets or any(
            f"{each}.network" > f"{later}.network" for each in ethernets
        ):
            later = f"z{later}"
        if next(iter(unknown(entry, DEVICES["ethernets"])), None) is None:
            ethernets[later] = {
                key: value for key, value in to_plain(entry).items() if key not in _EXTRAS
            }


def _members(rewritten: Rewritten, network: Mapping[str, Any]) -> list[Member]:
    """The members of every pair, as the search for rivals needs them."""
    members = []
    for each in rewritten.aggregates:
        synthetic = network["ethernets"].get(each.synthetic_id, {})
        drivers = _as_list(synthetic.get("match", {}).get("driver"))
        told = each.pair.vf_told
        for one in (each.synthetic_id, each.vf_id):
            if one in network.get("ethernets", {}):
                names = {rewritten.interfaces.get(one), rewritten.kernel_names.get(one)}
                mac: str | None = each.pair.mac
                if told and one == each.vf_id:
                    names.add(told_name(told))
                    mac = told_mac(told) or (each.pair.vf and each.pair.vf.hardware_mac)
                members.append(
                    Member(
                        id=one,
                        aggregate=each.name,
                        administrators=each.administrators,
                        declaration=network["ethernets"][one],
                        mac=mac or "",
                        names=tuple(sorted(name for name in names if name)),
                        synthetic_drivers=tuple(drivers),
                        is_vf=one == each.vf_id,
                    )
                )
    return members


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _add_stand_in(network: dict[str, Any], member: Member, stand_in: str) -> None:
    """Declare a member a second time, under an id whose .network file networkd reads first."""
    network["ethernets"][stand_in] = network["ethernets"][member.id]
    bond = network["bonds"][member.aggregate]
    bond["interfaces"] = [*bond["interfaces"], stand_in]
    if bond.get("parameters", {}).get("primary") == member.id:
        bond["parameters"] = {**bond["parameters"], "primary": stand_in}
