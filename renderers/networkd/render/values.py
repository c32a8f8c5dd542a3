"""What may stand in a file of networkd: values parsed and printed anew, or refused.

A line ends where its value does, and `%` begins a specifier in some of them
(systemd.network(5), config_parse() of src/shared/conf-parser.c): no value that is let
through here has a control character, a `%`, or white space of its own.
"""

from __future__ import annotations

import re

from hyperv_net.names import is_name_pattern
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.values import RefusedError, address, host, interface, mac, source
from hyperv_net.renderers.values import boolean as is_true

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Check = Callable[[object], Any]

__all__ = ["RefusedError", "address", "host", "interface", "is_true", "mac", "source"]

_LABEL = re.compile(r"[A-Za-z0-9_.:-]{1,15}\Z")
_TABLES = ("default", "main", "local")
# ifname_valid_full() of src/basic/socket-util.c.
_RESERVED = frozenset(("all", "default"))


def name(value: object) -> str:
    """A device's name, as Linux and networkd allow it."""
    text = values.name(value)
    if text in _RESERVED or text.isdigit() or ":" in text:
        raise RefusedError("a name that networkd does not take")
    return text


def pattern(value: object) -> str:
    """The name or driver of one or several NICs, with globs; `!` turns it round."""
    if not isinstance(value, str) or not is_name_pattern(value):
        raise RefusedError("not a name, and not a pattern of names")
    return value


def number(value: object) -> str:
    """A whole number that is not negative and has 32 bits at most."""
    found = values.number(value)
    if found >= 1 << 32:
        raise RefusedError("not a number")
    return str(found)


def table(value: object) -> str:
    """A routing table, by its number or by one of the kernel's names."""
    return value if isinstance(value, str) and value in _TABLES else number(value)


def milliseconds(value: object) -> str:
    """A bond's time; networkd cuts what is no whole millisecond."""
    return _time(value, "ms", times.MILLISECOND, times.MILLISECOND)


def seconds(value: object) -> str:
    """A time in seconds where no suffix says otherwise, of which networkd cuts what is none."""
    return _time(value, "", times.SECOND, times.SECOND)


def hundredths(value: object) -> str:
    """A bridge's time, in seconds where no suffix says otherwise."""
    return _time(value, "", times.SECOND, times.HUNDREDTH)


def _time(value: object, suffix: str, unit: int, step: int) -> str:
    text = times.with_suffix(value, unit, step)
    return text if text[-1:].isalpha() else text + suffix


def boolean(value: object) -> str:
    """True or false, as networkd has it."""
    return "yes" if is_true(value) else "no"


def one_of(*words: str, called: Mapping[str, str] | None = None) -> Check:
    """One of these words; `called` has other ways to say some of them."""

    def check(value: object) -> str:
        text = (called or {}).get(str(value), str(value))
        if isinstance(value, bool) or text not in words:
            raise RefusedError(f"networkd takes one of {', '.join(words)} here")
        return text

    return check


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


def ipv6_token(value: object) -> str:
    """The host part of IPv6 addresses."""
    token = address(value)
    if ":" not in token:
        raise RefusedError("not an IPv6 address")
    return f"static:{token}"


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
