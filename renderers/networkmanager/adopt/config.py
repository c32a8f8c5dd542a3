"""What the profiles configure, as a network config that names the pairs' NICs and bonds.

It says of them what the rewrite has to know: which bond there is already, the MTU and the MAC
address that the aggregate is to have.  All else stays in the files, where it is edited as text.
"""

from __future__ import annotations

from hyperv_net.inventory import identifiers
from hyperv_net.model import NetworkConfig
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.adopt.found import (
    bond_over,
    donor,
    nics_of,
    ports_of,
    profiles_of,
)
from hyperv_net.renderers.networkmanager.keyfile import ether_address
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS
from hyperv_net.renderers.networkmanager.render.bond import MODES
from hyperv_net.renderers.standing import Stood, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hyperv_net.model import Pair
    from hyperv_net.renderers.networkmanager.adopt.found import Found

#: Parameters that the rewrite or the hook asks for.
_PARAMETERS = {
    "mode": "mode",
    "mii-monitor-interval": "miimon",
    "arp-interval": "arp_interval",
    "up-delay": "updelay",
    "down-delay": "downdelay",
    "primary": "primary",
    "primary-reselect-policy": "primary_reselect",
    "fail-over-mac-policy": "fail_over_mac",
}


def read_config(existing: Mapping[str, str], pairs: Iterable[Pair]) -> NetworkConfig | None:
    """The NICs of pairs that have a profile; None where none has."""
    found = profiles_of(existing)
    ethernets: dict[str, Any] = {}
    bonds: dict[str, Any] = {}
    sources = []
    for pair in pairs:
        has = donor(found, pair)
        if pair.synthetic is None or has is None:
            continue
        sources.append(has.path)
        bond = bond_over(found, has)
        own = _link(has) if bond is None else {}
        ethernets[pair.synthetic.name] = Stood(own, has.profile.tells_nic(has.path))
        if bond is not None and is_interface_name(bond.interface):
            names = {nic.name for nic in nics_of(pair)}
            entry = bonds.setdefault(bond.interface, Stood(_bond(bond, found), _name(bond))).value
            mine = Stood(pair.synthetic.name, _tells_the_bond(has))
            listed = [one for one in entry["interfaces"] if one.value not in names]
            entry["interfaces"] = [mine, *listed]
    if not ethernets:
        return None
    tree = {"version": 2, "ethernets": ethernets, **({"bonds": bonds} if bonds else {})}
    source = sources[0] if len(set(sources)) == 1 else f"{CONNECTIONS[0]}/*"
    read_tree, stands = standing(tree)
    return NetworkConfig(source=source, tree=read_tree, leaves=(), stands=stands)


def _name(one: Found) -> Place:
    return one.stands("connection", "interface-name")


def _tells_the_bond(port: Found) -> Place:
    named = [key for key in ("master", "controller") if port.profile.get("connection", key)]
    return port.stands("connection", named[0]) if named else Place(port.path)


def _link(one: Found) -> dict[str, Any]:
    found: dict[str, Any] = {}
    profile = one.profile
    mtu = identifiers.mtu(profile.plain("ethernet", "mtu"))
    address = identifiers.mac(ether_address(profile.plain("ethernet", "cloned-mac-address")) or "")
    if mtu:
        found["mtu"] = Stood(mtu, one.stands("ethernet", "mtu"))
    if address:
        found["macaddress"] = Stood(address, one.stands("ethernet", "cloned-mac-address"))
    return found


def _bond(bond: Found, profiles: Iterable[Found]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for key, option in _PARAMETERS.items():
        value = bond.profile.plain("bond", option)
        if key == "mode" and value.isdecimal() and int(value[:3]) < len(MODES):
            value = MODES[int(value[:3])]
        if value:
            written = int(value) if value.isdecimal() else value
            parameters[key] = Stood(written, bond.stands("bond", option))
    if bond.profile.plain("bond", "all_slaves_active") in ("1", "true"):
        parameters["all-slaves-active"] = Stood(True, bond.stands("bond", "all_slaves_active"))
    members = [
        Stood(one.interface, _tells_the_bond(one))
        for one in ports_of(profiles, bond)
        if is_interface_name(one.interface)
    ]
    return {**_link(bond), "interfaces": members, "parameters": parameters}
