"""What an entry below `ethernets` does to the NICs that its `match` fits."""

from __future__ import annotations

from hyperv_net.decision.claims import Claim, names_it
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.matching import selector_of
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.places import Place
    from hyperv_net.tree import Node

#: Keys that give a NIC a configuration of its own.
GIVE_ADDRESSES = ("dhcp4", "dhcp6", "addresses")

_HINT = "match the driver as well: 'driver: {driver}' beside its macaddress"


def names_given(device_id: str, entry: Node, where: Place) -> Iterator[Claim]:
    """The claim of one that gives a name."""
    name, selector = entry.get("set-name"), selector_of(device_id, to_plain(entry))
    if name is not None and selector is not None:
        yield Claim(where, (selector,), names_it(str(name.value)), _HINT)


def configuring(device_id: str, entry: Node, where: Place, program: str) -> Iterator[Claim]:
    """The claim of one that gives addresses, which `program` applies."""
    selector = selector_of(device_id, to_plain(entry))
    if selector is not None:
        gives = any(_is_said(entry.get(key)) for key in GIVE_ADDRESSES)
        does = f"{program} gives the VF a configuration of its own" if gives else ""
        yield Claim(where, (selector,), does, _HINT, harms_alone=True)


def _is_said(node: Node | None) -> bool:
    return node is not None and node.value not in (False, "false", "no", "off", ())
