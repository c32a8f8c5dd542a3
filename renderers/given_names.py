"""The names that udev gives cards by their addresses, whatever configures the network there."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hyperv_net.decision.binding import NamedCard
from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.paths import FOLDERS
from hyperv_net.root.udev import RULES, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.renderers.networkd.adopt.files import File

#: Where it is told: udev's rules and systemd.link(5).
NAMES = (*RULES, *(f"{one}/{link}" for one in FOLDERS for link in ("*.link", "*.link.d/*.conf")))
_OF_VFS = frozenset(name for one in VF_DRIVERS for name in (one.binds, one.name))


def completed(own: Iterable[NamedCard], existing: Mapping[str, str]) -> Iterator[NamedCard]:
    """The cards that a target's own files name, after what is given to these of them.

    That is the name of an address, or the address of what is named alone, be it by a pattern.
    Rules and `.link` files may be another machine's, or for NICs of another kind, and name no
    card themselves; nor does a pattern, which `own` has as a name.
    """
    cards = list(own)
    addressed = {one.name for one in cards if one.mac}
    alone = {one.name for one in cards if not one.mac} - addressed
    macs = {one.mac for one in cards if one.mac}
    for one in given_names(existing):
        if one.mac in macs:
            yield one
        elif one.name not in addressed and any(fnmatchcase(one.name, name) for name in alone):
            yield one._replace(is_given=True)
    yield from (one for one in cards if one.mac or is_interface_name(one.name))


def given_names(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    """The addresses by which rules and `.link` files name one NIC each, with its name."""
    from hyperv_net.renderers.networkd.adopt.files import read

    rules = {path: text for path, text in existing.items() if path.endswith(".rules")}
    for rule in rules_of(rules):
        address = identifiers.mac(rule.value_of("ATTR", "address"))
        name = rule.value_of("NAME")
        if address and is_interface_name(name) and not is_of_vfs([rule.value_of("DRIVERS")]):
            yield NamedCard(name, address, rule.where)
    for file in read(existing, "link", with_ours=True):
        found = of_match(file, file.value("Link", "Name"))
        yield from (one for one in found if one.name and one.mac)


def of_match(file: File, name: str) -> Iterator[NamedCard]:
    """The cards whose addresses the [Match] of a file of systemd's has, or that of the name.

    Of a file for VFs none: a card is called as its synthetic NIC is.
    """
    from hyperv_net.renderers.networkd.hardware import hardware_address

    if is_of_vfs(file.value("Match", "Driver").split()):
        return
    name = name if is_interface_name(name) else ""
    found = [
        NamedCard(name, address, line.stands(path))
        for path, line in file.lines
        if line.section == "Match" and line.key in ("MACAddress", "PermanentMACAddress")
        for address in map(hardware_address, line.value.split())
        if address is not None
    ]
    # Of several none tells which of them has the name.
    if len(found) > 1:
        found = [one._replace(name="") for one in found]
    yield from found
    if not found and name:
        yield NamedCard(name, "", file.stands("Match", "Name"))


def is_of_vfs(drivers: Iterable[str]) -> bool:
    """Whether what is asked of a NIC's driver is a VF's: one of theirs, or another than one."""
    asked = [one for one in drivers if one]
    return bool(asked) and all(one.startswith("!") or one in _OF_VFS for one in asked)
