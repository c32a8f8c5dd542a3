"""What interfaces(5) files configure, as a network config that names the devices.

It says of a device what the rewrite has to know: what it stands on, which bond
there is already, the MTU and the MAC address that the aggregate is to have.
All else stays in the files, where it is edited as text.
"""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory import identifiers
from hyperv_net.model import NetworkConfig
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.adopt.text import option, read
from hyperv_net.renderers.ifupdown.paths import INTERFACES
from hyperv_net.tree import added, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from hyperv_net.renderers.ifupdown.adopt.text import Line, Stanza

#: Options by which a stanza is a bond's (ifenslave; bond-members of ifupdown-ng is one of them).
_OF_BONDS = frozenset(["bond-slaves", "bond-mode"])
#: Bond parameters that the rewrite or the hook asks for → how ifenslave's option calls them.
_PARAMETERS = {
    "mode": "bond-mode",
    "mii-monitor-interval": "bond-miimon",
    "arp-interval": "bond-arp-interval",
    "up-delay": "bond-updelay",
    "down-delay": "bond-downdelay",
    "primary": "bond-primary",
    "primary-reselect-policy": "bond-primary-reselect",
    "fail-over-mac-policy": "bond-fail-over-mac",
}
#: The kernel's numbers of bond modes (bonding.rst).
_MODES = (
    *("balance-rr", "active-backup", "balance-xor", "broadcast"),
    *("802.3ad", "balance-tlb", "balance-alb"),
)
_ALL_ACTIVE = re.compile(r"\bip link set dev \S+ type bond\b.*\ball_slaves_active 1\b")
#: Where ifupdown sets the MTU; the clients of DHCP take the server's.
_SETS_MTU = frozenset(["static", "manual", ""])


def read_config(
    existing: Mapping[str, str], synthetic_of: Mapping[str, str]
) -> NetworkConfig | None:
    """The devices of /etc/network/interfaces and of what it sources; None where there is none.

    A VF that is listed among a bond's members stands for the synthetic NIC of
    its pair, by `synthetic_of`: a list by names never gets back one that has
    gone.  HypervNetError where the files cannot be followed, or a NIC is a
    member of two bonds.
    """
    stanzas: dict[str, list[Stanza]] = {}
    for stanza in read(existing):
        name, is_alias, _ = stanza.name.partition(":")
        if name != "lo" and is_interface_name(name):
            stanzas.setdefault(name, []).extend([] if is_alias else [stanza])
    if not stanzas:
        return None
    tree: dict[str, Any] = {"version": 2}
    members: dict[str, list[str]] = {}
    bonds: dict[str, str] = {}
    for bond, member in dict.fromkeys(_members(stanzas, synthetic_of)):
        members.setdefault(bond, []).append(member)
        if bonds.setdefault(member, bond) != bond:
            raise HypervNetError(
                f"{member} is a member of {bonds[member]} and of {bond}",
                where=Place(INTERFACES),
                hint="take it out of one of them",
            )
    for name, of_name in stanzas.items():
        kind, device = _device(name, of_name, members)
        tree.setdefault(kind, {})[name] = device
    return NetworkConfig(source=INTERFACES, tree=canonical(added(tree)), leaves=())


def _members(
    stanzas: Mapping[str, list[Stanza]], synthetic_of: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each bond with each of its members, be it that either names the other."""
    for name, of_name in stanzas.items():
        for line in _options(of_name):
            found = line.words[1:]
            if option(line) == "bond-master":
                yield from ((bond, synthetic_of.get(name, name)) for bond in found[:1])
            elif option(line) == "bond-slaves":
                listed = (one for one in found if one not in ("none", "all"))
                yield from ((name, synthetic_of.get(one, one)) for one in listed)


def _options(stanzas: Iterable[Stanza]) -> list[Line]:
    return [line for stanza in stanzas for line in stanza.options]


def _device(
    name: str, stanzas: list[Stanza], members: Mapping[str, list[str]]
) -> tuple[str, dict[str, Any]]:
    said: dict[str, list[str]] = {}
    for line in _options(stanzas):
        said.setdefault(option(line), line.words[1:])
    if _OF_BONDS & said.keys() or name in members:
        bond = _bond(stanzas, said, members.get(name, []))
        return "bonds", {**_link(stanzas, said), **bond}
    if "bridge-ports" in said:
        ports = [one for one in said["bridge-ports"] if is_interface_name(one)]
        return "bridges", {"interfaces": [one for one in ports if one != "none"]}
    below, _, number = name.rpartition(".")
    raw = next(iter(said.get("vlan-raw-device", [below])), "")
    if raw and is_interface_name(raw):
        digits = number if number.isdigit() else re.sub(r"[^0-9]", "", name)
        return "vlans", {"link": raw, "id": int(digits[:4] or "0")}
    return "ethernets", _link(stanzas, said)


def _link(stanzas: Iterable[Stanza], said: Mapping[str, list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    mtus = [
        identifiers.mtu(line.words[1])
        for stanza in stanzas
        for line in stanza.options
        if option(line) == "mtu" and line.words[1:] and stanza.method in _SETS_MTU
    ]
    address = identifiers.mac((said.get("hwaddress") or [""])[-1])
    if mtus and mtus[0]:
        found["mtu"] = mtus[0]
    if address:
        found["macaddress"] = address
    return found


def _bond(
    stanzas: list[Stanza], said: Mapping[str, list[str]], members: list[str]
) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for key, written in _PARAMETERS.items():
        value = next(iter(said.get(written, ())), "")
        if key == "mode" and value.isdigit() and int(value) < len(_MODES):
            value = _MODES[int(value)]
        if value:
            parameters[key] = int(value) if value.isdigit() else value
    if any(_ALL_ACTIVE.search(line.text) for line in _options(stanzas)):
        parameters["all-slaves-active"] = True
    found: dict[str, Any] = {"interfaces": members}
    return {**found, "parameters": parameters} if parameters else found
