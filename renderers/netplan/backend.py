"""The pairs, and all that stands on them, as networkd's backend of netplan takes them.

Netplan refuses the whole file where a device of networkd's has what only NetworkManager
can do: src/validation.c, src/networkd.c (0.106 and 1.1.2, which the tests run).
"""

from __future__ import annotations

from hyperv_net.inventory import identifiers
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.keys import DEVICES
from hyperv_net.renderers.netplan.paths import FILE
from hyperv_net.rewrite.devices import below
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hyperv_net.model import Rewritten
    from hyperv_net.tree import Path

    Drops = dict[Path, str]

#: src/nm.c: "driver matching is not supported", though NetworkManager itself has it since 1.26.
_NOT_BY_DRIVER = (
    "netplan gives NetworkManager no driver to tell a VF from its synthetic NIC by, so networkd "
    "has the pair"
)
_WITHOUT_NETPLAN = (
    "'--target network-manager' writes NetworkManager's own profiles, without netplan"
)
_PROFILE = "it is of NetworkManager's profile, and networkd has the pair"
_NO_MAC = "networkd takes an address here, and the pair has one"
_GENERATION = "netplan 0.106 refuses it for networkd, which has the pair"
_ONE_VALUE = "networkd takes one value for both, and has that of dhcp4-overrides"


def devices_in(tree: Node) -> Iterator[tuple[str, str, Node]]:
    """Type, id and device of all that netplan knows."""
    for kind in DEVICES:
        for device_id, device in (tree.get(kind) or Node({})).items():
            yield kind, device_id, device


def give_to_networkd(rewritten: Rewritten, network: dict[str, Any]) -> tuple[Drops, list[Finding]]:
    """Change `network` so that networkd has them, and nothing in it that it cannot do."""
    drops: Drops = {}
    overall = network.get("renderer")
    silently = []
    alike = []
    macs = {each.name: each.pair.mac for each in rewritten.aggregates}
    pairs = _standing_on(rewritten)
    for kind, one, device in devices_in(rewritten.tree):
        plain = network[kind][one]
        if one not in pairs:
            continue
        if plain.get("renderer", overall) == "NetworkManager":
            plain["renderer"] = "networkd"
            if device.get("renderer") is not None:
                drops[kind, one, "renderer"] = _NOT_BY_DRIVER
            else:
                silently.append(one)
            if plain.get("ipv6-address-generation") == "stable-privacy":
                del plain["ipv6-address-generation"]
                drops[kind, one, "ipv6-address-generation"] = _GENERATION
        if plain.pop("networkmanager", None) is not None:
            drops[kind, one, "networkmanager"] = _PROFILE
        if "macaddress" in plain and identifiers.mac(str(plain["macaddress"])) is None:
            drops[kind, one, "macaddress"] = _NO_MAC
            del plain["macaddress"]
            if one in macs:
                plain["macaddress"] = macs[one]
        if plain.get("dhcp4") and plain.get("dhcp6"):
            alike += [(kind, one, *key) for key in _made_alike(plain, (kind, one), drops)]
    findings = []
    if silently:
        message = f"{_NOT_BY_DRIVER}: {', '.join(silently)}"
        where = Place(FILE, ("renderer",))
        findings.append(
            Finding("netplan-networkd", Severity.WARNING, message, where, _WITHOUT_NETPLAN)
        )
    findings += [
        Finding(
            "netplan-networkd", Severity.WARNING, "is what dhcp4-overrides says", Place(FILE, one)
        )
        for one in alike
    ]
    return drops, findings


def _made_alike(
    plain: dict[str, Any], at: tuple[str, str], drops: Drops
) -> Iterator[tuple[str, str]]:
    """Have DHCPv6 do as DHCPv4; yields the keys that are new there."""
    first, second = plain.get("dhcp4-overrides") or {}, plain.get("dhcp6-overrides") or {}
    for key in [key for key in second if second[key] != first.get(key)]:
        drops[(*at, "dhcp6-overrides", key)] = _ONE_VALUE
        del second[key]
    for key in [key for key in first if key not in second]:
        second[key] = first[key]
        yield "dhcp6-overrides", key
    plain["dhcp6-overrides"] = second
    if not second:
        del plain["dhcp6-overrides"]


def _standing_on(rewritten: Rewritten) -> set[str]:
    """The ids of the pairs' members and aggregates and of every device above them."""
    found = {*rewritten.member_ids, *(each.name for each in rewritten.aggregates)}
    while True:
        above = {
            one
            for kind, one, device in devices_in(rewritten.tree)
            if one not in found and found.intersection(below(kind, device))
        }
        if not above:
            return found
        found |= above
