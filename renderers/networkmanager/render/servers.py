"""Name servers and search domains of a profile."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import values
from hyperv_net.renderers.networkmanager.keyfile import listed
from hyperv_net.renderers.networkmanager.render.addressing import family_of, has_addresses
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, SECTIONS
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Path


def has_servers(made: Profile) -> bool:
    """Whether the profile has name servers or search domains of its own."""
    keys = ("dns", "dns-search")
    return any(made.get(section, key) for section in SECTIONS.values() for key in keys)


def name_servers(made: Profile, nameservers: Node | None, at: Path) -> None:
    """The name servers and search domains of a list, behind those that are there."""
    if nameservers is None:
        return
    made.placed.setdefault(at, "dns")
    for index, element in enumerate((nameservers.get("addresses") or Node(())).elements()):
        path: Path = (*at, "addresses", index)
        try:
            server = values.address(element.value)
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
            continue
        family = family_of(server)
        if has_addresses(made, family):
            _append(made, SECTIONS[family], "dns", [server])
            made.placed[path] = f"{SECTIONS[family]}.dns"
        else:
            made.refused[path] = (
                f"NetworkManager takes name servers of IPv{family} for a device that has "
                f"addresses of IPv{family} alone"
            )
    families = [one for one in SECTIONS if has_addresses(made, one)]
    for index, element in enumerate((nameservers.get("search") or Node(())).elements()):
        path = (*at, "search", index)
        try:
            domain = values.host(element.value)
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
            continue
        for family in families:
            _append(made, SECTIONS[family], "dns-search", [domain])
        if families:
            made.placed[path] = " and ".join(f"{SECTIONS[one]}.dns-search" for one in families)
        else:
            made.refused[path] = "NetworkManager takes domains for a device with addresses alone"
    for key in dict(nameservers.items()):
        if key not in ("addresses", "search"):
            made.refused[(*at, key)] = NO_WAY


def _append(made: Profile, section: str, key: str, more: Sequence[str]) -> None:
    before = made.get(section, key) or ""
    made.put(section, key, before + listed(one for one in more if one not in before.split(";")))
