"""The file in which hv_kvp_daemon hands over what the host injects.

It looks like a shell script and upstream's script sources it, although every
value is the host's text as it came.  Here it is parsed: a line is a comment or
`KEY=value`, keys are known, values are addresses, masks and names.

Linux's daemon (tools/hv/hv_kvp_daemon.c of torvalds/linux, `kvp_set_ip_info`
and `process_ip_string`) writes HWADDR, DEVICE, BOOTPROTO, numbered IPADDR0 and
NETMASK0, GATEWAY then GATEWAY1, DNS1, IPV6ADDR then IPV6ADDR_1, IPV6NETMASK
with a prefix length, IPV6_DEFAULTGW; older ones IF_NAME and DHCP, and some words
for ifcfg files.  FreeBSD's (contrib/hyperv/tools/hv_kvp_daemon.c of
freebsd/freebsd-src) writes HWADDR without leading zeros, IF_NAME, DHCP=0 or 1,
and IP_ADDR, SUBNET, GATEWAY and DNS as lists between semicolons, both families
mixed.  Either form is understood on either system.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import (
    ip_address,
    ip_interface,
)

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory import identifiers
from hyperv_net.names import NAME_RULE, is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import (
        IPv4Address,
        IPv4Interface,
        IPv6Address,
        IPv6Interface,
    )
    from typing import Union

    _Address = Union[IPv4Address, IPv6Address]
    _Interface = Union[IPv4Interface, IPv6Interface]

#: Characters of a file and values of one sort; the daemons write far fewer
#: (MAX_IP_ADDR_SIZE and MAX_GATEWAY_SIZE in include/uapi/linux/hyperv.h).
_LARGEST_FILE = 64 * 1024
_MOST_VALUES = 64

_LINE = re.compile(r"([A-Z][A-Z0-9_]{0,31})=([A-Za-z0-9.:;/_ -]*)\Z")
_NUMBERED = re.compile(
    r"(IPADDR|NETMASK|GATEWAY|DNS|IPV6ADDR|IPV6NETMASK|IPV6_DEFAULTGW|IP_ADDR|SUBNET)"
    r"(?:_?([0-9]{1,3}))?\Z"
)
_MASK_OF = {"IPADDR": "NETMASK", "IPV6ADDR": "IPV6NETMASK", "IP_ADDR": "SUBNET"}
_VERSION = {
    "IPADDR": 4,
    "NETMASK": 4,
    "IPV6ADDR": 6,
    "IPV6NETMASK": 6,
    "IPV6_DEFAULTGW": 6,
}
_SINGLE = frozenset(("HWADDR", "IF_NAME", "DEVICE", "DHCP", "BOOTPROTO"))
#: Words for ifcfg files that say nothing about addresses.
_WITHOUT_MEANING = frozenset(("ONBOOT", "NM_CONTROLLED", "PEERDNS", "IPV6INIT", "TYPE"))
_SWITCH = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
_BOOTPROTO = {"dhcp": True, "none": False, "static": False}


@dataclass(frozen=True)
class Injection:
    """What the host wants an interface to have.

    `interface` is the synthetic NIC's name and `mac` its address, where the
    file has one.  `dhcp` is about IPv4 alone, as it is in both daemons.
    `addresses` are of both families, in the order given; `gateways` and
    `nameservers` likewise, each once.
    """

    interface: str
    mac: str | None
    dhcp: bool
    addresses: tuple[_Interface, ...] = ()
    gateways: tuple[_Address, ...] = ()
    nameservers: tuple[_Address, ...] = ()


class _Said(NamedTuple):
    """A value, and the key and the place it came from."""

    text: str
    key: str
    where: Place

    def error(self, what: str) -> HypervNetError:
        shown = self.text if len(self.text) <= 40 else f"{self.text[:40]}..."
        return HypervNetError(f"{what}: {shown!r}", where=self.where)


#: (number in the key, place in a list) → value.
_Numbered = Mapping[tuple[int, int], _Said]


def parse(text: str, source: str) -> Injection:
    """What the file `source` with this text asks for.

    Raises HypervNetError, and nothing else, where it is no such file: a key
    that is not known or given twice, a value that is not of its sort, an
    address without a mask, nothing to configure.
    """
    single, lists = _read(text, source)
    addresses = tuple(dict.fromkeys(_addresses(lists)))
    injection = Injection(
        interface=_interface(single, source),
        mac=_mac(single.get("HWADDR")),
        dhcp=_dhcp(single, source),
        addresses=addresses,
        gateways=tuple(_hosts(lists, ("GATEWAY", "IPV6_DEFAULTGW"), "a gateway's address")),
        nameservers=tuple(_hosts(lists, ("DNS",), "a name server's address")),
    )
    if not injection.dhcp and not addresses:
        raise HypervNetError(
            "asks for neither DHCP nor an address, which would cut the machine off",
            where=Place(source),
            hint="give an address, or turn DHCP on",
        )
    return injection


def _read(
    text: str, source: str
) -> tuple[dict[str, _Said], dict[str, dict[tuple[int, int], _Said]]]:
    """The values of the keys that stand alone, and of those that are numbered or lists."""
    if len(text) > _LARGEST_FILE:
        raise HypervNetError(f"larger than {_LARGEST_FILE // 1024} KiB", where=Place(source))
    single: dict[str, _Said] = {}
    lists: dict[str, dict[tuple[int, int], _Said]] = {}
    # Not splitlines(): only a newline ends a line of such a file.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip(" \t") or line.startswith("#"):
            continue
        where = Place(source, line=number)
        found = _LINE.match(line)
        if found is None:
            raise HypervNetError(
                "not KEY=value with nothing but letters, digits and . : ; / _ - in the value",
                where=where,
            )
        key = found[1]
        said = _Said(found[2].strip(), key, where._replace(key=(key,)))
        numbered = _NUMBERED.match(key)
        if numbered is not None:
            _add(lists.setdefault(numbered[1], {}), int(numbered[2] or 0), said)
        elif key in single:
            raise said.error("given twice")
        elif key in _SINGLE or key in _WITHOUT_MEANING:
            single[key] = said
        else:
            raise said.error("no key that hv_kvp_daemon writes")
    return single, lists


def _add(of_key: dict[tuple[int, int], _Said], number: int, said: _Said) -> None:
    elements = [element.strip() for element in said.text.split(";")]
    for place, element in enumerate(element for element in elements if element):
        if (number, place) in of_key:
            raise said.error("given twice")
        of_key[number, place] = said._replace(text=element)
    if len(of_key) > _MOST_VALUES:
        raise said.error(f"more than {_MOST_VALUES} of them")


def _interface(single: Mapping[str, _Said], source: str) -> str:
    given = [single[key] for key in ("IF_NAME", "DEVICE") if key in single]
    if not given:
        raise HypervNetError(
            "names no interface", where=Place(source), hint="add DEVICE or IF_NAME"
        )
    for said in given:
        if not is_interface_name(said.text):
            raise said.error(f"not an interface name ({NAME_RULE})")
        if said.text != given[0].text:
            raise said.error(f"IF_NAME says {given[0].text!r}, but this is")
    return given[0].text


def _mac(said: _Said | None) -> str | None:
    if said is None:
        return None
    # ether_ntoa(3) of FreeBSD leaves leading zeros out.
    mac = identifiers.mac(identifiers.hardware_address(said.text, ":") or "")
    if mac is None:
        raise said.error("not a MAC address")
    return mac


def _dhcp(single: Mapping[str, _Said], source: str) -> bool:
    answers = []
    for key, meaning in (("DHCP", _SWITCH), ("BOOTPROTO", _BOOTPROTO)):
        said = single.get(key)
        if said is not None:
            if said.text.lower() not in meaning:
                raise said.error(f"not one of {', '.join(meaning)}")
            answers.append(meaning[said.text.lower()])
            if answers[0] != answers[-1]:
                raise said.error("contradicts DHCP")
    if not answers:
        raise HypervNetError(
            "says neither whether DHCP is on nor whether it is off",
            where=Place(source),
            hint="add BOOTPROTO or DHCP",
        )
    return answers[0]


def _addresses(lists: Mapping[str, _Numbered]) -> Iterator[_Interface]:
    """The addresses with their masks; key by key, and in the order of their numbers."""
    for key, mask_key in _MASK_OF.items():
        given, masks = lists.get(key, {}), dict(lists.get(mask_key, {}))
        for at in sorted(given):
            yield _with_mask(given[at], masks.pop(at, None))
        for said in masks.values():
            raise said.error("a mask without its address")


def _with_mask(said: _Said, mask: _Said | None) -> _Interface:
    host, _, prefix = said.text.partition("/")
    address = _host(said._replace(text=host), "an address")
    if address.is_unspecified or address.is_multicast or address.is_loopback:
        raise said.error("not an address that an interface can have")
    found = {
        one for one in (prefix and _prefix(said._replace(text=prefix), address.version),) if one
    }
    if mask is not None:
        found.add(_prefix(mask, address.version))
    if len(found) != 1:
        raise said.error("has two masks" if found else "has no mask")
    interface: _Interface = ip_interface(f"{address}/{found.pop()}")
    return interface


def _prefix(said: _Said, version: int) -> int:
    """A prefix length, also as a mask or behind a slash; an interface has none of 0."""
    text = said.text.lstrip("/")
    length = 0
    if text.isascii() and text.isdecimal():
        length = int(text) if len(text) <= 3 else 0
    else:
        try:
            mask = ip_address(text)
        except ValueError:
            raise said.error("not a mask") from None
        bits = f"{int(mask):0{mask.max_prefixlen}b}"
        if mask.version == version and "01" not in bits:
            length = bits.count("1")
    if not 0 < length <= (32 if version == 4 else 128):
        raise said.error(f"not a mask of IPv{version}")
    return length


def _hosts(lists: Mapping[str, _Numbered], keys: tuple[str, ...], what: str) -> Iterator[_Address]:
    """The addresses under some keys, each once; 0.0.0.0 and :: stand for none."""
    seen = set()
    for key in keys:
        given = lists.get(key, {})
        for at in sorted(given):
            address = _host(given[at], what)
            if address.is_multicast:
                raise given[at].error(f"not {what}")
            if not address.is_unspecified and address not in seen:
                seen.add(address)
                yield address


def _host(said: _Said, what: str) -> _Address:
    try:
        address = ip_address(said.text)
    except ValueError:
        raise said.error(f"not {what}") from None
    base = _NUMBERED.match(said.key)
    if base is not None and address.version != _VERSION.get(base[1], address.version):
        raise said.error(f"an address of IPv{address.version} under a key for the other family")
    return address
