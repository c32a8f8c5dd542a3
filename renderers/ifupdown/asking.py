"""The default routes that interfaces(5) asks for."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.inject import stanzas_of
from hyperv_net.renderers.parts import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def default_routes(existing: Mapping[str, str]) -> tuple[Asked, ...]:
    """Gateways, and those of DHCP and of advertisements, which may bring none."""
    return tuple(_asked(existing))


def _asked(existing: Mapping[str, str]) -> Iterator[Asked]:
    for stanza in stanzas_of(existing):
        family = 6 if stanza.family == "inet6" else 4
        if any(option == "gateway" for option, *_ in stanza.part.options):
            yield Asked(family, f"gateway of {stanza.name}", is_certain=True)
        elif (stanza.family, stanza.method) in (("inet", "dhcp"), ("inet6", "auto")):
            yield Asked(family, f"{stanza.method} of {stanza.name}", is_certain=False)
