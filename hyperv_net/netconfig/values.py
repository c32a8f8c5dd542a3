"""Rules for single values: what is accepted, and the one form in which it is kept.

Each rule takes a value as the file has it and returns it in its canonical
form, or raises HypervNetError without a place; whoever calls it knows the
place.  The rules follow netplan's parser (canonical/netplan src/parse.c) and
cloud-init's network_state.py, and where the two differ take what either does.
"""

from __future__ import annotations

import ipaddress
import re

from hyperv_net.errors import HypervNetError
from hyperv_net.names import IFNAMSIZ, is_device_id, is_interface_name, is_name_pattern
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Union

    from hyperv_net.tree import Scalar

    Rule = Callable[[Scalar], Scalar]
    Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


_MAX_UNSIGNED = 2**32 - 1
_DOMAIN = re.compile(r"[\w.~-]+\Z")
_HOSTNAME = re.compile(r"[A-Za-z0-9_.-]+\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}\Z")
_PREFIX = re.compile(r"[0-9]{1,3}\Z")
_TIME = re.compile(r"[0-9]{1,10}(us|ms|s|m|min|h)\Z")
_MAC = re.compile(r"[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2})*\Z")
_TRUE = frozenset(("true", "yes", "on", "y", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "0"))


def shown(value: object) -> str:
    """A value as an error quotes it: on one line and not too long."""
    quoted = as_written(value)
    return quoted if len(quoted) <= 60 else f"{quoted[:50]}…{quoted[-5:]}"


def _refuse(what: str, value: object, hint: str = "") -> HypervNetError:
    return HypervNetError(f"not {what}: {shown(value)}", hint=hint)


def anything(value: Scalar) -> Scalar:
    """Any single value, as it is."""
    return value


def boolean(value: Scalar) -> bool:
    """True or false, also as YAML 1.1, netplan and cloud-init spell them."""
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise _refuse("true or false", value)


def whole(low: int, high: int, what: str = "") -> Rule:
    """A rule for an integer from `low` to `high`, which may stand in quotes."""
    name = what or f"a whole number from {low} to {high}"

    def rule(value: Scalar) -> int:
        if isinstance(value, str) and _DECIMAL.match(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _refuse(name, value)
        return value

    return rule


def either(*rules: Rule) -> Rule:
    """A rule for a value that fits one of several; the last one speaks in the error."""

    def rule(value: Scalar) -> Scalar:
        for first in rules[:-1]:
            try:
                return first(value)
            except HypervNetError:
                continue
        return rules[-1](value)

    return rule


unsigned = whole(0, _MAX_UNSIGNED)
byte = whole(0, 255)
port = whole(0, 65535)
vlan_id = whole(0, 4094, "a VLAN id from 0 to 4094")
mtu = whole(68, 65536, "an MTU from 68 to 65536")
mtu_or_none = either(whole(0, 0), mtu)


def one_of(*words: str, numbered: bool = False) -> Rule:
    """A rule for one of some words, whatever their case.

    With `numbered` the kernel's numbers for them are understood too, counted
    from 0.  YAML 1.1 reads an unquoted `off` as false, which is `off` again here.
    """
    known = {word.lower(): word for word in words}
    if numbered:
        known.update((str(number), word) for number, word in enumerate(words))

    def rule(value: Scalar) -> str:
        asked = "off" if value is False else str(value).lower()
        if isinstance(value, float) or asked not in known:
            raise _refuse(f"one of {', '.join(words)}", value)
        return known[asked]

    return rule


def _fitting(fits: Callable[[str], object], what: str, hint: str = "") -> Rule:
    """A rule for a text that `fits` finds true; whole numbers are taken for their digits."""

    def rule(value: Scalar) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not fits(text):
            raise _refuse(what, value, hint)
        return text

    return rule


device_name = _fitting(is_device_id, "a device name", "use letters, digits, '.', '_', ':' and '-'")
glob = _fitting(is_name_pattern, "a name or a pattern of names")
domain = _fitting(_DOMAIN.match, "a domain")
host_name = _fitting(_HOSTNAME.match, "a host name")
interval = either(unsigned, _fitting(_TIME.match, "a time such as 100 or 100ms"))


def interface_name(value: Scalar) -> Scalar:
    """A device name that the kernel accepts as the name of an interface."""
    name = device_name(value)
    if not is_interface_name(str(name)):
        raise _refuse(f"an interface name of at most {IFNAMSIZ - 1} characters", value)
    return name


def _mac(octets: tuple[int, ...], what: str) -> Rule:
    def rule(value: Scalar) -> str:
        text = str(value).strip().lower()
        if not _MAC.match(text) or (len(text) + 1) // 3 not in octets:
            raise _refuse(what, value)
        return text.replace("-", ":")

    return rule


mac = _mac((6, 20), "a MAC address of 6 bytes (20 for InfiniBand)")
own_mac = either(one_of("permanent", "random", "stable", "preserve", "stable-ssid"), mac)


def parse_address(text: str) -> Address | None:
    """An IPv4 or IPv6 address without prefix and zone, or None."""
    try:
        if ":" in text:
            return None if "%" in text else ipaddress.IPv6Address(text)
        return ipaddress.IPv4Address(text)
    except ValueError:
        return None


def print_address(address: Address) -> str:
    """The canonical text of an address, the same with every version of Python."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return f"::ffff:{mapped}" if mapped else str(address)


def ip_address(value: Scalar) -> str:
    """One address without prefix; an IPv6 address may name its zone (fe80::1%eth0)."""
    plain, percent, zone = str(value).partition("%")
    address = parse_address(plain)
    if address is None or (percent and address.version == 4):
        raise _refuse("an IP address", value)
    return print_address(address) + (f"%{interface_name(zone)}" if percent else "")


def _of_version(version: int) -> Rule:
    def rule(value: Scalar) -> str:
        text = ip_address(value)
        if (":" in text) != (version == 6):
            raise _refuse(f"an IPv{version} address", value)
        return text

    return rule


ipv4_address = _of_version(4)
ipv6_address = _of_version(6)


def prefix_length(mask: str, address: Address) -> int | None:
    """The prefix length that `mask` (24, 255.255.255.0, ffff:ffff::) gives `address`, or None."""
    if _PREFIX.match(mask):
        return int(mask) if int(mask) <= address.max_prefixlen else None
    parsed = parse_address(mask)
    if parsed is None or parsed.version != address.version:
        return None
    bits = f"{int(parsed):0{address.max_prefixlen}b}"
    return bits.count("1") if "01" not in bits else None


def _with_prefix(value: Scalar, what: str, lowest: int, default: bool) -> str:
    plain, slash, mask = str(value).partition("/")
    address = parse_address(plain)
    if address is None or not (slash or default):
        hint = "add the prefix, as in 10.0.0.4/24" if address is not None else ""
        raise _refuse(what, value, hint)
    length = prefix_length(mask, address) if slash else address.max_prefixlen
    if length is None or length < lowest:
        raise _refuse(what, value)
    return f"{print_address(address)}/{length}"


def ip_interface(value: Scalar) -> str:
    """An interface's address with its prefix; host bits are kept."""
    return _with_prefix(value, "an IP interface", 1, default=False)


def ip_network(value: Scalar) -> str:
    """A destination with its prefix, which a single address gets; host bits are kept."""
    return _with_prefix(value, "an IP network", 0, default=True)


def route_source(value: Scalar) -> str:
    """The address that a route sends from; with the prefix of a single host it is that alone.

    netplan writes it as it is, and networkd takes no prefix there (PreferredSource= of
    systemd.network(5)).
    """
    text = ip_network(value)
    return text.partition("/")[0] if text.endswith("/128" if is_ipv6(text) else "/32") else text


def destination(value: Scalar) -> str:
    """A route's destination: `default` or a network."""
    return "default" if value == "default" else ip_network(value)


def is_ipv6(text: object) -> bool:
    """Whether the canonical text of an address or network is IPv6's."""
    return isinstance(text, str) and ":" in text
