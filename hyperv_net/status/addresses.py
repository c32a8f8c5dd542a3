"""IP addresses as the systems print them."""

from __future__ import annotations

import ipaddress

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Union

    Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

# An alias is evaluated, and Python 3.9 has no `|` for types.


def parsed(address: str) -> Address | None:
    """The address without its prefix length and scope; None for anything else."""
    try:
        return ipaddress.ip_address(address.partition("/")[0].partition("%")[0])
    except ValueError:
        return None
