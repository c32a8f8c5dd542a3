"""The default routes that NetworkManager's profiles ask for."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.profiles import (
    connects_itself,
    has_ports_addresses,
    is_yes,
    visible,
)
from hyperv_net.renderers.parts import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.networkmanager.keyfile import Keyfile

#: The main table, by its number and as none is said.
_MAIN = ("", "0", "254")
_EVERYWHERE = ("0.0.0.0/0", "::/0")


def default_routes(existing: Mapping[str, str]) -> tuple[Asked, ...]:
    """Those in the main table; a lease and a router's advertisement may bring none."""
    return tuple(
        asked
        for _, profile in visible(existing)
        if connects_itself(profile) and not has_ports_addresses(profile)
        for family, section in ((4, "ipv4"), (6, "ipv6"))
        for asked in _of_family(profile, family, section)
    )


def _of_family(profile: Keyfile, family: int, section: str) -> Iterator[Asked]:
    name = profile.plain("connection", "id")
    method = profile.plain(section, "method") or "auto"
    is_never = is_yes(profile.plain(section, "never-default"))
    if is_never or profile.plain(section, "route-table") not in _MAIN:
        return
    # DHCPv6 itself brings no route.
    if method == "auto" and not is_yes(profile.plain(section, "ignore-auto-routes")):
        yield Asked(family, f"{section}.method of {name}", is_certain=False)
    if method in ("disabled", "ignore", "link-local"):
        return
    addresses = [value for _, value in profile.numbered(section, "address")]
    if profile.plain(section, "gateway") or any("," in value for value in addresses):
        yield Asked(family, f"{section}.gateway of {name}", is_certain=True)
    for key, value in profile.numbered(section, "route"):
        to, _, rest = value.partition(",")
        table = "table=" in profile.plain(section, f"{key}_options")
        if to in _EVERYWHERE and rest.partition(",")[0] and not table:
            yield Asked(family, f"{section}.{key} of {name}", is_certain=True)
