"""The cards that NetworkManager's profiles are for, where no machine can be asked."""

from __future__ import annotations

from hyperv_net.decision.binding import NamedCard
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.given_names import completed, is_of_vfs
from hyperv_net.renderers.networkmanager.keyfile import ether_address
from hyperv_net.renderers.networkmanager.profiles import is_ethernet, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def cards(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    """Those that a profile is for by name or address, with what they are given."""
    return completed(_own(existing), existing)


def _own(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    for path, profile in visible(existing):
        if not is_ethernet(profile) or is_of_vfs(profile.elements("match", "driver")):
            continue
        name = profile.plain("connection", "interface-name")
        address = ether_address(profile.plain("ethernet", "mac-address")) or ""
        where = ("ethernet", "mac-address") if address else ("connection", "interface-name")
        name = name if is_interface_name(name) else ""
        if name or address:
            yield NamedCard(name, address, profile.stands(path, where))
        for one in profile.elements("match", "interface-name"):
            yield NamedCard(one, "", profile.stands(path, ("match", "interface-name")))
