"""A NIC's profile becomes its bond's, in the text as it stands; what stood on the NIC follows."""

from __future__ import annotations

import re
from functools import partial

from hyperv_net.model import Action, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkmanager.adopt.draft import in_run
from hyperv_net.renderers.networkmanager.identity import uuid_of
from hyperv_net.renderers.networkmanager.keyfile import ether_address
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hyperv_net.model import Aggregate
    from hyperv_net.renderers.networkmanager.adopt.draft import Draft, Drafts
    from hyperv_net.renderers.networkmanager.adopt.found import Found
    from hyperv_net.renderers.networkmanager.keyfile import Line

#: Of [ethernet] a bond has these; the others are of the card, or say which it is.
_OF_THE_BOND = frozenset(("mtu", "cloned-mac-address"))
_TELLING = frozenset(("mac-address", "mac-address-blacklist", "mac-address-denylist"))
#: Of [match] these are about the card, the rest about the machine.
_MATCH = frozenset(("interface-name", "driver", "path"))
#: Sections that are of the card (nm-settings-nmcli(5)).
_OF_THE_CARD = frozenset(("802-1x", "ethtool", "sriov", "dcb"))
#: Of these a copy has its own.
_OWN = ("id", "uuid")
#: Cards that an HSR device is made of, by name.
_OF_HSR = (("hsr", "port1"), ("hsr", "port2"))
_RULE_NAMES = re.compile(r"(?<=\b[io]if )\S+")


class Move(NamedTuple):
    """A pair's profile, the bond that it becomes, and what our own renderer would write of that.

    `mac` is the address that the bond is to have, empty where it takes its ports'.
    """

    aggregate: Aggregate
    donor: Found
    bond: Mapping[str, str]
    names: tuple[str, ...]
    mac: str


def become_bond(drafts: Drafts, move: Move) -> dict[str, dict[str, str]]:
    """Edit the profile, or a copy of it; what of it is the card's own, by section."""
    draft = _draft(drafts, move)
    name, mac = move.aggregate.name, move.mac
    card: dict[str, dict[str, str]] = {}
    for line in [one for one in draft.found.profile.lines if one.key]:
        at = (line.section, line.key)
        if at == ("connection", "type"):
            draft.set(*at, "bond")
            draft.account(line, name, Action.REWRITTEN, result="bond")
        elif at == ("connection", "interface-name"):
            draft.account(line, name, Action.REWRITTEN, result=name)
        elif line.section == "connection" and line.key in _OWN and _is_copied(move.donor):
            draft.account(line, name, Action.REWRITTEN, result="its own")
        elif at == ("connection", "multi-connect"):
            draft.remove(*at)
            draft.account(line, name, Action.REWRITTEN, result="a bond is there once")
        elif line.section in _OF_THE_CARD or _is_of_the_card(line):
            draft.remove(*at)
            card.setdefault(line.section, {})[line.key] = line.value
            draft.account(line, move.names[0], Action.KEPT, place="the port's profile")
        elif _tells_the_card(line):
            draft.remove(*at)
            draft.account(line, move.names[0], Action.KEPT, place="the ports' profiles")
        elif at == ("ethernet", "cloned-mac-address") and ether_address(line.value) is None:
            draft.remove(*at)
            draft.account(line, name, Action.REWRITTEN, result=mac)
        else:
            draft.account(line, name, Action.MOVED)
    draft.set("connection", "interface-name", name)
    profile = draft.found.profile
    if not any(profile.get("connection", f"autoconnect-{one}") for one in ("slaves", "ports")):
        draft.set("connection", "autoconnect-slaves", "1")
    if ether_address(profile.plain("ethernet", "cloned-mac-address")) is None and mac:
        draft.set("ethernet", "cloned-mac-address", mac)
    for option, value in move.bond.items():
        draft.set("bond", option, value)
    return card


def complete_bond(drafts: Drafts, bond: Found, options: Mapping[str, str]) -> None:
    """What somebody's own bond lacks for a VF that comes and goes."""
    missing = {key: value for key, value in options.items() if not bond.profile.get("bond", key)}
    draft = editable(drafts, bond) if missing else None
    if draft is not None:
        for option, value in missing.items():
            draft.set("bond", option, value)


def _draft(drafts: Drafts, move: Move) -> Draft:
    """The profile itself, or a copy where it is for other NICs too, or hides any of its UUID."""
    one, name = move.donor, move.aggregate.name
    if not _is_copied(one):
        return drafts.of(one)
    draft = drafts.copy(one, f"{CONNECTIONS[0]}/hyperv-net-{name}.nmconnection")
    label = f"hyperv-net {name}"
    draft.set("connection", "id", label)
    draft.set("connection", "uuid", uuid_of(label))
    why = "it is in /run" if in_run(one.path) else "it is for other NICs too"
    drafts.tell(
        "profile-copied",
        Severity.NOTE,
        f"{name} has a copy of it, and it stays as it is, since {why}",
        one.profile.tells_nic(one.path),
    )
    return draft


def _is_copied(one: Found) -> bool:
    return in_run(one.path) or not one.is_for_one_nic


def _is_of_the_card(line: Line) -> bool:
    return line.section == "ethernet" and line.key not in _OF_THE_BOND | _TELLING


def _tells_the_card(line: Line) -> bool:
    if line.section == "match":
        return line.key in _MATCH
    return line.section == "ethernet" and line.key in _TELLING


def editable(drafts: Drafts, one: Found) -> Draft | None:
    """The draft of a profile that is to change; None, and an error, where it cannot be."""
    if in_run(one.path):
        drafts.tell(
            "adopted-elsewhere",
            Severity.ERROR,
            "is to change, and what is in /run counts before all that is written elsewhere",
            Place(one.path),
            f"move it to /{CONNECTIONS[0]}",
        )
        return None
    return drafts.of(one)


def follow(drafts: Drafts, moves: tuple[Move, ...]) -> None:
    """Have VLANs, tunnels and rules that name a NIC of a pair name its bond."""
    for one in drafts.found:
        for line in one.profile.lines:
            new = _followed(one, line, moves)
            if new is not None and new != line.value:
                draft = editable(drafts, one)
                if draft is not None:
                    draft.put(line.section, line.key, new)
                    draft.account(line, one.interface, Action.REWRITTEN, result=new)
        bond = _by_address(one, moves)
        draft = editable(drafts, one) if bond else None
        if draft is not None:
            draft.set("vlan", "parent", bond)


def _followed(one: Found, line: Line, moves: tuple[Move, ...]) -> str | None:
    value = line.value
    for move in moves:
        bond, is_copied = move.aggregate.name, _is_copied(move.donor)
        is_donor = one.path == move.donor.path
        if line.key == "parent" or (line.section, line.key) in _OF_HSR:
            by_uuid = is_copied and line.value == move.donor.uuid and bool(line.value)
            if line.value in move.names or by_uuid:
                return bond
        if line.key.startswith("routing-rule") and not (is_donor and is_copied):
            value = _RULE_NAMES.sub(partial(_renamed, move.names, bond), value)
    return value if value != line.value else None


def _renamed(names: Collection[str], bond: str, found: re.Match[str]) -> str:
    return bond if found[0] in names else found[0]


def _by_address(one: Found, moves: tuple[Move, ...]) -> str:
    """The bond that a VLAN without a parent stands on: it is told by its address (vlan.parent)."""
    profile = one.profile
    if profile.plain("connection", "type") != "vlan" or profile.get("vlan", "parent"):
        return ""
    address = ether_address(profile.plain("ethernet", "mac-address"))
    found = (move.aggregate.name for move in moves if address == move.aggregate.pair.mac)
    return next(found, "")
