"""The devices of version 1: physical, bond, bridge, vlan, infiniband and loopback entries."""

from __future__ import annotations

import re

from hyperv_net.netconfig import values
from hyperv_net.netconfig.checks import kind, scalar, united
from hyperv_net.netconfig.parameters import V1_BOND, V1_BRIDGE
from hyperv_net.netconfig.v1_subnets import is_slaac, read_subnet, wants_advertisements
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.netconfig.entry import Entry
    from hyperv_net.netconfig.v1_subnets import Draft
    from hyperv_net.tree import Path

_PLAIN_KEYS: Mapping[str, str] = {
    "accept-ra": "accept-ra",
    "optional": "optional",
    "wakeonlan": "wakeonlan",
    "keep_configuration": "critical",
}
_BUILT_LATER = frozenset(("addresses", "routes", "nameservers"))
_FRAMES = {"dropped": "0", "delivered": "1"}


def read_device(draft: Draft, type_: str, name: Node, entry: Entry) -> None:
    """Put what the entry of one device says into its draft."""
    if type_ == "bond":
        _read_bond(draft, entry)
    elif type_ == "bridge":
        _read_bridge(draft, entry)
    elif type_ == "vlan":
        for key, v2_key, rule in (
            ("vlan_id", "id", values.vlan_id),
            ("vlan_link", "link", values.device_name),
        ):
            with entry.noting():
                draft.settings[v2_key] = entry.needed(key, rule)
    else:
        _read_match(draft, name, entry)
    if type_ in ("bond", "bridge", "vlan"):
        mac = entry.one("mac_address", values.mac)
        if mac is not None:
            draft.put("macaddress", mac.value, mac)
    for key, v2_key in _PLAIN_KEYS.items():
        flag = entry.one(key, values.boolean)
        if flag is not None:
            draft.settings[v2_key] = flag
    # MAAS and curtin number their devices; nothing is configured by that.
    entry.spend(name, entry.take("id"))
    _read_subnets(draft, entry)
    _read_mtu(draft, entry)
    _keep_unknown(draft, entry)
    draft.origins = united(draft.origins, entry.spent)


def _read_subnets(draft: Draft, entry: Entry) -> None:
    advertised: tuple[Path, ...] = ()
    slaac: tuple[Path, ...] = ()
    for subnet in entry.inner("subnets"):
        type_ = subnet.node.get("type")
        if type_ is not None and wants_advertisements(type_.value):
            advertised = united(advertised, type_.origins)
            slaac = united(slaac, type_.origins) if is_slaac(type_.value) else slaac
        with subnet.noting():
            read_subnet(draft, subnet)
    if advertised:
        said = draft.settings.get("accept-ra")
        draft.settings["accept-ra"] = (
            Node(said.value, united(said.origins, advertised)) if said else Node(True, advertised)
        )
    if slaac and "dhcp6" not in draft.settings and "dhcp6-stateless" not in draft.settings:
        draft.settings["dhcp6"] = Node(False, slaac)


def _read_mtu(draft: Draft, entry: Entry) -> None:
    mtu = entry.one("mtu", values.mtu_or_none)
    if mtu is not None:
        draft.put("mtu", mtu.value, mtu)


def _keep_unknown(draft: Draft, entry: Entry) -> None:
    for key, child in entry.rest().items():
        if child.value is None:
            entry.spend(child)
        elif key in draft.settings or key in _BUILT_LATER:
            draft.notes.drop(child, f"a device of version 1 has no {key!r}")
        else:
            draft.settings[key] = child


def _read_match(draft: Draft, name: Node, entry: Entry) -> None:
    """A NIC is known by its MAC and driver and then gets its name; else it has that name."""
    match: dict[str, Node] = {}
    mac = entry.one("mac_address", values.mac)
    params = entry.inside("params")
    driver = params.one("driver", values.glob) if params else None
    if driver is not None:
        match["driver"] = driver
    if mac is not None:
        match["macaddress"] = mac
        draft.settings["set-name"] = name
    elif driver is not None:
        match["name"] = name
    if match:
        draft.settings["match"] = Node(match)
    if params is not None:
        rest = params.rest()
        if rest:
            draft.settings["params"] = Node(rest)
        draft.origins = united(draft.origins, params.spent)


def _read_bond(draft: Draft, entry: Entry) -> None:
    _read_members(draft, entry, "bond_interfaces")
    params = entry.inside("params")
    if params is None:
        return
    slaves = params.node.get("bond-slaves")
    if slaves is not None and slaves.value == "none":
        params.spend(params.take("bond-slaves"))
    _read_members(draft, params, "bond-slaves")
    parameters: dict[str, Node] = {}
    for key, child in params.rest().items():
        base = re.sub(r"\Abond[-_]", "", key)
        v2_key = V1_BOND.get(base.replace("_", "-"), key) if base != key else key
        if child.value in (None, ""):
            params.spend(child)
        else:
            _put_parameter(draft, parameters, v2_key, _bond_value(v2_key, child))
    _finish_parameters(draft, params, parameters)


def _bond_value(key: str, node: Node) -> Node:
    if key == "arp-ip-targets" and isinstance(node.value, str):
        words = node.value.replace(",", " ").split()
        return Node(
            tuple(Node(word, node.origins) for word in words), () if words else node.origins
        )
    if key == "all-slaves-active" and isinstance(node.value, str):
        return Node(_FRAMES.get(node.value, node.value), node.origins)
    return node


def _read_bridge(draft: Draft, entry: Entry) -> None:
    _read_members(draft, entry, "bridge_interfaces")
    params = entry.inside("params")
    if params is None:
        return
    _read_members(draft, params, "bridge_ports")
    parameters: dict[str, Node] = {}
    for key, child in params.rest().items():
        base = re.sub(r"\Abridge[-_]", "", key)
        v2_key = V1_BRIDGE.get(base, key) if base != key else key
        if child.value in (None, ""):
            params.spend(child)
        elif key == "bridge_hw" and isinstance(child.value, str) and ":" in child.value:
            with params.noting():
                mac = scalar(values.mac)(draft.notes, child)
                draft.put("macaddress", mac.value, child)
        elif v2_key in ("path-cost", "port-priority") and base != key:
            _put_parameter(draft, parameters, v2_key, _by_port(params, child))
        else:
            _put_parameter(draft, parameters, v2_key, child)
    _finish_parameters(draft, params, parameters)


def _by_port(params: Entry, node: Node) -> Node:
    """['eth0 50', 'eth1 75'] as a mapping from the port to the number."""
    lines = node.elements() if isinstance(node.value, tuple) else (node,)
    ports: dict[str, Node] = {}
    for line in lines:
        words = str(line.value).split() if isinstance(line.value, str) else []
        with params.noting():
            if len(words) != 2:
                raise params.notes.error(line, f"not a port and a number: {kind(line)}")
            if words[0] in ports:
                raise params.notes.error(line, f"the port {values.shown(words[0])} is there twice")
            ports[words[0]] = Node(words[1], line.origins)
    return Node(ports, node.origins if isinstance(node.value, tuple) else ())


def _read_members(draft: Draft, entry: Entry, key: str) -> None:
    """Members; a second list may repeat the first but not contradict it."""
    members = entry.words(key, values.device_name)
    present = draft.settings.get("interfaces")
    if not members:
        return
    if present is None:
        draft.settings["interfaces"] = Node(tuple(members))
        return
    by_name = {member.value: member for member in present.elements()}
    for member in members:
        if member.value in by_name:
            entry.spend(member)
        else:
            draft.notes.drop(member, f"{draft.name} has another list of members already")


def _put_parameter(draft: Draft, parameters: dict[str, Node], key: str, node: Node) -> None:
    present = parameters.get(key)
    if present is None:
        parameters[key] = node
    elif present.value == node.value and not isinstance(node.value, (tuple, dict)):
        parameters[key] = Node(node.value, united(present.origins, node.origins))
    else:
        draft.notes.drop(node, f"{draft.name} has another {key!r} already")


def _finish_parameters(draft: Draft, params: Entry, parameters: dict[str, Node]) -> None:
    if parameters:
        draft.settings["parameters"] = Node(parameters)
    draft.origins = united(draft.origins, params.spent)
