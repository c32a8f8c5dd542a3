"""What may stand in a file of networkd: values parsed and printed anew, or refused.

A line ends where its value does, and `%` begins a specifier in some of them
(systemd.network(5), config_parse() of src/shared/conf-parser.c): no value that is let
through here has a control character, a `%`, or white space of its own.
"""

from __future__ import annotations

import re

from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name, is_name_pattern
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Check = Callable[[object], Any]

_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\.?\Z")
_TIME = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)(us|ms|s)?\Z")
_LABEL = re.compile(r"[A-Za-z0-9_.:-]{1,15}\Z")
_TABLES = ("default", "main", "local")
# ifname_valid_full() of src/basic/socket-util.c.
_RESERVED = frozenset(("all", "default"))


class RefusedError(Exception):
    """A value that is not what its key calls for; the message says what was expected."""


def name(value: object) -> str:
    """A device's name, as Linux and networkd allow it."""
    if not isinstance(value, str) or not is_interface_name(value):
        raise RefusedError("not a name that an interface can bear here")
    if value in _RESERVED or value.isdigit() or ":" in value:
        raise RefusedError("a name that networkd does not take")
    return value


def pattern(value: object) -> str:
    """The name or driver of one or several NICs, with globs; `!` turns it round."""
    if not isinstance(value, str) or not is_name_pattern(value):
        raise RefusedError("not a name, and not a pattern of names")
    return value


def mac(value: object) -> str:
    """A MAC address."""
    address = identifiers.mac(value) if isinstance(value, str) else None
    if address is None:
        raise RefusedError("not a MAC address")
    return address


def number(value: object) -> str:
    """A whole number that is not negative and has 32 bits at most."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise RefusedError("not a number")
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) >= 1 << 32:
        raise RefusedError("not a number")
    return str(int(text))


def table(value: object) -> str:
    """A routing table, by its number or by one of the kernel's names."""
    return value if isinstance(value, str) and value in _TABLES else number(value)


def milliseconds(value: object) -> str:
    """A time, by netplan's suffixes; without one it is in milliseconds."""
    return _time(value, "ms")


def seconds(value: object) -> str:
    """A time, by netplan's suffixes; without one it is in seconds, as networkd takes it."""
    return _time(value, "")


def _time(value: object, unit: str) -> str:
    found = _TIME.match(str(value)) if not isinstance(value, bool) else None
    if not found:
        raise RefusedError("not a time")
    return found[1] + (found[2] or unit)


def boolean(value: object) -> str:
    """True or false, as networkd has it."""
    if not isinstance(value, bool):
        raise RefusedError("neither true nor false")
    return "yes" if value else "no"


def is_true(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise RefusedError("neither true nor false")
    return value


def one_of(*words: str, called: Mapping[str, str] | None = None) -> Check:
    """One of these words; `called` has other ways to say some of them."""

    def check(value: object) -> str:
        text = (called or {}).get(str(value), str(value))
        if isinstance(value, bool) or text not in words:
            raise RefusedError(f"networkd takes one of {', '.join(words)} here")
        return text

    return check


def host(value: object) -> str:
    """A host's or a domain's name."""
    if not isinstance(value, str) or not _HOST.match(value):
        raise RefusedError("not a host name")
    return value


def domain(value: object) -> str:
    """A domain; one behind `~` is for routing queries alone (systemd.network(5), Domains=)."""
    if isinstance(value, str) and value[:1] == "~":
        return "~." if value == "~." else f"~{host(value[1:])}"
    return host(value)


def use_domains(value: object) -> str:
    """Yes, no or `route`."""
    return "route" if value == "route" else boolean(value)


def label(value: object) -> str:
    """An address's label."""
    if not isinstance(value, str) or not _LABEL.match(value):
        raise RefusedError("not a label of at most 15 characters")
    return value


def lifetime(value: object) -> str:
    """What networkd takes for a preferred lifetime."""
    if value in (0, "0"):
        return "0"
    if value in ("forever", "infinity"):
        return str(value)
    raise RefusedError("networkd takes 0 or forever here")


def address(value: object) -> str:
    """An IP address."""
    from ipaddress import ip_address

    if not isinstance(value, str) or "%" in value:
        raise RefusedError("not an IP address")
    try:
        return str(ip_address(value))
    except ValueError:
        raise RefusedError("not an IP address") from None


def ipv6_token(value: object) -> str:
    """The host part of IPv6 addresses."""
    token = address(value)
    if ":" not in token:
        raise RefusedError("not an IPv6 address")
    return f"static:{token}"


def source(value: object) -> str:
    """An IP address that may bear the prefix length of a single host."""
    text = str(value)
    for suffix in ("/32", "/128"):
        if text.endswith(suffix) and (":" in text) == (suffix == "/128"):
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


def network(value: object) -> str:
    """A network or a host, with its prefix length."""
    from ipaddress import ip_network

    if not isinstance(value, str) or "%" in value:
        raise RefusedError("not a network")
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        raise RefusedError("not a network") from None


def as_text(value: Any) -> str:
    """A line's value, once more held against what would end the line or expand in it."""
    text = str(value)
    if not text.isprintable() or "%" in text or text.endswith("\\"):
        raise RefusedError("not what can stand in a file of networkd")
    return text
