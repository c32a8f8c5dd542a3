"""What may stand in a file that configures a network: values parsed and printed anew, or refused.

Lines of interfaces(5) are run by a shell as root, so nothing that was not parsed here gets
into it, nor into a keyfile of NetworkManager.
"""

from __future__ import annotations

import re

from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*\Z")
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\.?\Z")


class RefusedError(Exception):
    """A value that is not what its key calls for; the message says what was expected."""


def name(value: object) -> str:
    """A device's name, as Linux allows it and as needs no quoting."""
    if not isinstance(value, str) or not is_interface_name(value):
        raise RefusedError("not a name that an interface can bear here")
    return value


def mac(value: object) -> str:
    """A MAC address."""
    address = identifiers.mac(value) if isinstance(value, str) else None
    if address is None:
        raise RefusedError("not a MAC address")
    return address


def number(value: object) -> int:
    """A whole number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise RefusedError("not a number")
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise RefusedError("not a number")
    return int(text)


def word(value: object) -> str:
    """One word of letters, digits and `.+_-`."""
    if isinstance(value, bool) or not _WORD.match(str(value)):
        raise RefusedError("not a plain word")
    return str(value)


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise RefusedError("neither true nor false")
    return value


def host(value: object) -> str:
    """A host's or a domain's name."""
    if not isinstance(value, str) or not _HOST.match(value):
        raise RefusedError("not a host name")
    return value


def address(value: object) -> str:
    """An IP address."""
    from ipaddress import ip_address

    if not isinstance(value, str) or "%" in value:
        raise RefusedError("not an IP address")
    try:
        return str(ip_address(value))
    except ValueError:
        raise RefusedError("not an IP address") from None


def source(value: object) -> str:
    """An IP address that may bear the prefix length of a single host."""
    text = str(value)
    for suffix in ("/32", "/128"):
        if text.endswith(suffix) and is_ipv6(text) == (suffix == "/128"):
            text = text[: -len(suffix)]
    return address(text)


def interface(value: object) -> str:
    """An IP address with its prefix length."""
    from ipaddress import ip_interface

    if not isinstance(value, str) or "/" not in value or "%" in value:
        raise RefusedError("not an IP address with a prefix length")
    try:
        return str(ip_interface(value))
    except ValueError:
        raise RefusedError("not an IP address with a prefix length") from None


def destination(value: object) -> str:
    """A network, a host, or `default`."""
    from ipaddress import ip_network

    if value == "default":
        return "default"
    if not isinstance(value, str) or "%" in value:
        raise RefusedError("not a network")
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise RefusedError("not a network") from None
    return "default" if str(network) in ("0.0.0.0/0", "::/0") else str(network)


def is_ipv6(text: str) -> bool:
    """Whether a printed address or network is one of IPv6."""
    return ":" in text
