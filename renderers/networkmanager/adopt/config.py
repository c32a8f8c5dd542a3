"""What the profiles configure, as a network config that names the pairs' NICs and bonds.

It says of them what the rewrite has to know: which bond there is already, the MTU and the MAC
address that the aggregate is to have.  All else stays in the files, where it is edited as text.
"""

from __future__ import annotations

from hyperv_net.inventory import identifiers
from hyperv_net.model import NetworkConfig
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.adopt.found import (
    bond_over,
    donor,
    nics_of,
    ports_of,
    profiles_of,
)
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS
from hyperv_net.renderers.networkmanager.render.bond import MODES
from hyperv_net.tree import added, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hyperv_net.model import Pair
    from hyperv_net.renderers.networkmanager.adopt.found import Found
    from hyperv_net.renderers.networkmanager.keyfile import Keyfile

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
        ethernets[pair.synthetic.name] = {} if bond is not None else _link(has.profile)
        if bond is not None and is_interface_name(bond.interface):
            own = {nic.name for nic in nics_of(pair)}
            others = [one.interface for one in ports_of(found, bond) if one.interface]
            entry = bonds.setdefault(bond.interface, _bond(bond, others))
            listed = [one for one in entry["interfaces"] if one not in own]
            entry["interfaces"] = [pair.synthetic.name, *listed]
    if not ethernets:
        return None
    tree = {"version": 2, "ethernets": ethernets, **({"bonds": bonds} if bonds else {})}
    source = sources[0] if len(set(sources)) == 1 else f"{CONNECTIONS[0]}/*"
    return NetworkConfig(source=source, tree=canonical(added(tree)), leaves=())


def _link(profile: Keyfile) -> dict[str, Any]:
    found: dict[str, Any] = {}
    mtu = identifiers.mtu(profile.plain("ethernet", "mtu"))
    address = identifiers.mac(profile.plain("ethernet", "cloned-mac-address").replace("-", ":"))
    if mtu:
        found["mtu"] = mtu
    if address:
        found["macaddress"] = address
    return found


def _bond(bond: Found, others: list[str]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for key, option in _PARAMETERS.items():
        value = bond.profile.plain("bond", option)
        if key == "mode" and value.isdecimal() and int(value[:3]) < len(MODES):
            value = MODES[int(value[:3])]
        if value:
            parameters[key] = int(value) if value.isdecimal() else value
    if bond.profile.plain("bond", "all_slaves_active") in ("1", "true"):
        parameters["all-slaves-active"] = True
    members = [one for one in others if is_interface_name(one)]
    return {**_link(bond.profile), "interfaces": members, "parameters": parameters}
