"""What the program asks of addresses and names, answered: where it is the same, plans are alike.

- of a MAC address, whether it is that of another NIC, the order (in which pairs are listed), the
  maker's half, and whether it is the zero or the broadcast address;
- of an IP address, whether it is in the network of another (a gateway's, with a prefix of the
  text), whether its host part is all zeros or all ones, whether it is of this link or of many
  hosts, and the order, as numbers and as texts;
- of a name, how long it is and the order, as texts and as numbers;
- of a device's path, the order and whether `vmbus` is in it.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_USUAL_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_PREFIX = re.compile(r"(?:/|prefix[a-z_-]*[\"'\x02]?: *)([0-9]{1,3})(?![0-9A-Za-z.:])")
_NETMASK = re.compile(r"255\.[0-9.]{5,11}")
#: Prefix lengths that are taken where none is written, and of addresses of other kinds.
_USUAL_PREFIXES = (8, 10, 12, 16, 24, 32, 64, 128)


def of_macs(macs: list[str]) -> tuple[object, ...] | None:
    """The answers of MAC addresses; None where one is not written in the usual way."""
    if not all(map(_USUAL_MAC.fullmatch, macs)):
        return None
    special = tuple(one in ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff") for one in macs)
    numeric = tuple(one.replace(":", "").isdigit() for one in macs)
    return _ranks(macs), tuple(one[:8] for one in macs), special, numeric


def of_names(names: list[str]) -> tuple[object, ...]:
    """The answers of names of VFs."""
    return _ranks(names), tuple(map(len, names))


def of_devices(paths: list[str]) -> tuple[object, ...]:
    """The answers of paths of devices."""
    return _ranks(paths), tuple("vmbus" in one.lower() for one in paths)


def of_addresses(texts: list[str], whole: str) -> tuple[object, ...] | None:
    """The answers of IP addresses in a text; None where one is not written in the usual way."""
    if not texts:
        return ()
    prefixes = sorted({*_USUAL_PREFIXES, *map(int, _PREFIX.findall(whole)), *_netmasks(whole)})
    told: list[object] = [_ranks(texts)]
    for width, version in ((32, 4), (128, 6)):
        values = [_number(one, version) for one in texts if (":" in one) == (version == 6)]
        if None in values:
            return None
        told.append(_of_numbers([one for one in values if one is not None], width, prefixes))
    return tuple(told)


def _of_numbers(values: list[int], width: int, prefixes: list[int]) -> tuple[object, ...]:
    """The order, which of these prefixes neighbours in it share, host parts, and the kind."""
    masks = [(1 << (width - one)) - 1 for one in prefixes if one <= width]
    ordered = sorted(values)
    shared = tuple(
        sum((one ^ other) <= mask for mask in masks) for one, other in zip(ordered, ordered[1:])
    )
    hosts = tuple(
        0 if not value & mask else 1 if value & mask == mask else 2
        for value in values
        for mask in masks
    )
    places = {value: place for place, value in enumerate(ordered)}
    return (
        tuple(places[one] for one in values),
        shared,
        hosts,
        tuple(_kind(one, width) for one in values),
    )


def _kind(value: int, width: int) -> int:
    """What says whom an address reaches: of this link, of many hosts, or neither."""
    if width == 32:
        return value >> 24 if value >> 28 == 0xE else value >> 16 if value >> 16 == 0xA9FE else 0
    first = value >> 112
    return first if first == 0 or first >> 8 == 0xFF or first >> 6 == 0x3FA else 1


def _number(text: str, version: int) -> int | None:
    """The address as a number; None unless it is one in the usual form."""
    if version == 4:
        parts = text.split(".")
        octets = [int(one) for one in parts]
        if max(octets) > 255 or any(len(one) > 1 and one[0] == "0" for one in parts):
            return None
        return octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3]
    from ipaddress import AddressValueError, IPv6Address

    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    return int(address) if str(address) == text else None


def _netmasks(text: str) -> Iterator[int]:
    for mask in _NETMASK.findall(text):
        yield "".join(f"{int(one) & 255:08b}" for one in mask.split(".") if one).count("1")


def _ranks(texts: list[str]) -> tuple[int, ...]:
    """The place of each text in their order."""
    places = {text: place for place, text in enumerate(sorted(texts))}
    return tuple(places[one] for one in texts)
