"""What an entry below `ethernets` does to the NICs that its `match` fits."""

from __future__ import annotations

from hyperv_net.decision.claims import DRIVER, MAC, NAME, Claim, Patterns, names_it
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.decision.claims import Selector
    from hyperv_net.tree import Node

_HINT = "match the driver as well: 'driver: {driver}' beside its macaddress"


def names_given(entry: Node, where: str) -> Iterator[Claim]:
    """The claim of one that gives a name."""
    name, selector = entry.get("set-name"), selector_of(entry)
    if name is not None and selector is not None:
        yield Claim(where, (selector,), names_it(str(name.value)), _HINT)


def configuring(entry: Node, where: str, program: str) -> Iterator[Claim]:
    """The claim of one that gives addresses, which `program` applies."""
    selector = selector_of(entry)
    if selector is not None:
        gives = any(_is_said(entry.get(key)) for key in ("dhcp4", "dhcp6", "addresses"))
        does = f"{program} gives the VF a configuration of its own" if gives else ""
        yield Claim(where, (selector,), does, _HINT)


def _is_said(node: Node | None) -> bool:
    return node is not None and node.value not in (False, "false", "no", "off", ())


def selector_of(entry: Node) -> Selector | None:
    """What `match` asks for; None without one, since an id is the name of one NIC alone."""
    match = entry.get("match")
    if match is None:
        return None
    found: Selector = {}
    for key, wanted in match.items():
        globs = tuple(str(one.value) for one in wanted.elements() or (wanted,))
        property_ = {"macaddress": MAC, "name": NAME, "driver": DRIVER}.get(key)
        if property_ is None:
            return None
        if property_ == MAC:
            globs = tuple(one.lower() for one in globs)
        # networkd inverts the whole list when its first pattern begins with `!`.
        bare = tuple(one.lstrip("!") for one in globs)
        found[property_] = Patterns(bare, globs[:1] != bare[:1])
    return found
