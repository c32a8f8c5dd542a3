"""Words of rc.conf that may be addresses: a name may stand for any, which the resolver knows."""

from __future__ import annotations

from hyperv_net.renderers.checking import address, is_wrong_quad, number, prefixed

_length = number(0, 32)


def ipv4(text: str) -> bool:
    """An IPv4 address, perhaps with its prefix length, or a name."""
    plain, slash, length = text.partition("/")
    has_length = slash and length.isdecimal()
    return not is_wrong_quad(plain) and (not has_length or _length(length))


def ipv6(text: str) -> bool:
    """An IPv6 address, perhaps with its prefix length, or a name."""
    plain, slash, length = text.partition("/")
    return ":" not in plain or (address(plain) and (not slash or prefixed(f"::/{length}")))
