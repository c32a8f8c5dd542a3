"""What interfaces(5) files configure, as a network config that names the devices.

It says of a device what the rewrite has to know: what it stands on, which bond
there is already, the MTU and the MAC address that the aggregate is to have.
All else stays in the files, where it is edited as text.
"""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.inventory import identifiers
from hyperv_net.model import NetworkConfig
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.adopt.text import option, read
from hyperv_net.renderers.ifupdown.paths import INTERFACES
from hyperv_net.renderers.standing import Stood, standing

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
    members: dict[str, dict[str, Place]] = {}
    bonds: dict[str, str] = {}
    errors = []
    for bond, member, where in _members(stanzas, synthetic_of):
        members.setdefault(bond, {}).setdefault(member, where)
        if bonds.setdefault(member, bond) != bond:
            what = f"{member} is a member of {bonds[member]} and of {bond}"
            hint = "take it out of one of them"
            errors.append(HypervNetError(what, where=where, hint=hint))
    raise_together(errors)
    for name, of_name in stanzas.items():
        kind, device = _device(name, of_name, members)
        where = of_name[0].first.stands(1, 1) if of_name else Place(INTERFACES)
        tree.setdefault(kind, {})[name] = Stood(device, where)
    read_tree, stands = standing(tree)
    return NetworkConfig(source=INTERFACES, tree=read_tree, leaves=(), stands=stands)


def _members(
    stanzas: Mapping[str, list[Stanza]], synthetic_of: Mapping[str, str]
) -> Iterator[tuple[str, str, Place]]:
    """Each bond with each of its members, be it that either names the other, and where."""
    for name, of_name in stanzas.items():
        for line in _options(of_name):
            for at, found in enumerate(line.words[1:], 1):
                if option(line) == "bond-master" and at == 1:
                    yield found, synthetic_of.get(name, name), _word(name, line, at)
                elif option(line) == "bond-slaves" and found not in ("none", "all"):
                    yield name, synthetic_of.get(found, found), _word(name, line, at)


def _word(name: str, line: Line, at: int) -> Place:
    """Where a word of an option is."""
    return line.stands(at, at)._replace(key=(name, line.words[0]))


def _options(stanzas: Iterable[Stanza]) -> list[Line]:
    return [line for stanza in stanzas for line in stanza.options]


def _device(
    name: str, stanzas: list[Stanza], members: Mapping[str, Mapping[str, Place]]
) -> tuple[str, dict[str, Any]]:
    said = {option(line): line for line in _options(stanzas)}
    if _OF_BONDS & said.keys() or name in members:
        bond = _bond(stanzas, said, members.get(name, {}))
        return "bonds", {**_link(stanzas, said), **bond}
    if "bridge-ports" in said:
        return "bridges", {"interfaces": list(_ports(said["bridge-ports"]))}
    below, _, number = name.rpartition(".")
    line = said.get("vlan-raw-device")
    raw = _first(line) if line is not None else below
    if raw and is_interface_name(raw):
        digits = number if number.isdigit() else re.sub(r"[^0-9]", "", name)
        link = Stood(raw, line.stands(1, 1)) if line is not None else raw
        return "vlans", {"link": link, "id": int(digits[:4] or "0")}
    return "ethernets", _link(stanzas, said)


def _first(line: Line | None) -> str:
    """The first word of an option's value; empty where there is none."""
    return next(iter(line.words[1:]), "") if line is not None else ""


def _ports(line: Line) -> Iterator[Stood]:
    for at, word in enumerate(line.words[1:], 1):
        if is_interface_name(word) and word != "none":
            yield Stood(word, line.stands(at, at))


def _link(stanzas: Iterable[Stanza], said: Mapping[str, Line]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    mtus = [
        (identifiers.mtu(line.words[1]), line)
        for stanza in stanzas
        for line in stanza.options
        if option(line) == "mtu" and line.words[1:] and stanza.method in _SETS_MTU
    ]
    line = said.get("hwaddress")
    written = line.words[1:] if line is not None else []
    said_to_be = identifiers.hardware_address(written[-1], ":") if written else None
    address = identifiers.mac(said_to_be or "")
    if mtus and mtus[0][0]:
        found["mtu"] = Stood(mtus[0][0], mtus[0][1].stands(1, 1))
    if address and line is not None:
        found["macaddress"] = Stood(address, line.stands(len(written)))
    return found


def _bond(
    stanzas: list[Stanza], said: Mapping[str, Line], members: Mapping[str, Place]
) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for key, written in _PARAMETERS.items():
        line = said.get(written)
        value = _first(line)
        if key == "mode" and value.isdigit() and int(value) < len(_MODES):
            value = _MODES[int(value)]
        if value and line is not None:
            parameters[key] = Stood(int(value) if value.isdigit() else value, line.stands(1, 1))
    for line in _options(stanzas):
        if _ALL_ACTIVE.search(line.text):
            parameters["all-slaves-active"] = Stood(True, line.stands(1))
    found: dict[str, Any] = {"interfaces": [Stood(*one) for one in members.items()]}
    return {**found, "parameters": parameters} if parameters else found
