"""The default routes that rc.conf asks for."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.inject import is_gateway
from hyperv_net.renderers.freebsd.paths import LEASES
from hyperv_net.renderers.freebsd.running import read_values, with_dhcp
from hyperv_net.renderers.parts import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IPV6 = re.compile(r"ifconfig_([A-Za-z0-9_]+)_ipv6\Z")
#: dhclient.leases(5); clients that get the latter ignore the former (RFC 3442).
_ROUTER = re.compile(r"option routers [0-9]")
_CLASSLESS = re.compile(r"option classless-routes ([0-9,]+);")


def default_routes(existing: Mapping[str, str]) -> tuple[Asked, ...]:
    """Static ones, and those of DHCP, unless the last lease has none, and of routers."""
    return tuple(_asked(existing, read_values(existing)))


def _has_router(lease: str) -> bool:
    found = _CLASSLESS.search(lease)
    if found is None:
        return _ROUTER.search(lease) is not None
    octets = [int(octet) for octet in found[1].split(",") if octet]
    while octets:
        if octets[0] == 0:
            return True
        # The length in bits, the octets that matter, and the gateway.
        octets = octets[1 + (octets[0] + 7) // 8 + 4 :]
    return False


def _asked(existing: Mapping[str, str], values: Mapping[str, str]) -> Iterator[Asked]:
    for variable, family in (("defaultrouter", 4), ("ipv6_defaultrouter", 6)):
        if is_gateway(values.get(variable, "")):
            yield Asked(family, f"{variable} in rc.conf", is_certain=True)
    for name in with_dhcp(values):
        lease = existing.get(LEASES.replace("*", name))
        if lease is None or _has_router(lease.rpartition("lease {")[2]):
            yield Asked(4, f"DHCP on {name}", is_certain=True)
    for variable, value in values.items():
        found = _IPV6.match(variable)
        if found and "accept_rtadv" in value.split():
            yield Asked(6, f"accept_rtadv on {found[1]}", is_certain=False)
