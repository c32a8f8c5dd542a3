"""The key of a machine: the same for all of whose inputs the program asks the same, and hears it.

Most machines of a fleet are made by one template: what they are told differs in addresses, in
names of VFs that have a number of the host in them (`enP53091s1np0`), and in paths of devices.
Of those the program asks few questions, which the key below answers for all of them:

- of a MAC address, whether it is that of another NIC, the order (in which pairs are listed), the
  maker's half, and whether it is the zero or the broadcast address;
- of an IP address, whether it is in the network of another (a gateway's, with a prefix of the
  text), whether its host part is all zeros or all ones, whether it is of this link or of many
  hosts, and the order, as numbers and as texts;
- of a name, how long it is and the order, as texts and as numbers;
- of a device's path, the order and whether `vmbus` is in it.

What is not written in the one usual way has no key.
"""

from __future__ import annotations

import json
import re

from hyperv_net.fleet.shapes import IPV4, IPV6
from hyperv_net.model import Inventory, Kind, Nic
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.fleet.model import Record

#: What may be an address, or a name of a VF: a run of the characters that those have.
_RUN = re.compile(r"[0-9A-Za-z][0-9A-Za-z:.]{5,}")
VF_NAME = re.compile(r"(enP[1-9][0-9]*)([^0-9].*)")
_USUAL_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_PREFIX = re.compile(r"(?:/|prefix[a-z_-]*[\"']?: *)([0-9]{1,3})(?![0-9A-Za-z.:])")
_NETMASK = re.compile(r"255\.[0-9.]{5,11}")
#: Prefix lengths that are taken where none is written, and of addresses of other kinds.
_USUAL_PREFIXES = (8, 10, 12, 16, 24, 32, 64, 128)
_JOINT = "\n\x00\n"
#: What most strings of an inventory are, so that they need no look.
_WORDS = frozenset(
    [*Nic._fields, *Inventory._fields, *(one.value for one in Kind), "schema", "vmbus", "pci", "up"]
)
_IPV4, _IPV6 = re.compile(IPV4), re.compile(IPV6)
_SHORT, _OF_MAC, _COLONS, _DOTS = 5, 17, 5, 3


class Inputs(NamedTuple):
    """The texts of a machine: the same `key` for all that are alike, and what stands in for it."""

    key: str
    tokens: tuple[str, ...]


def inputs_of(record: Record) -> Inputs | None:
    """What the plan of a machine is made from; None where it is to be made for itself."""
    if "pairs" in record.settings:
        return None  # Those name paths of devices.
    tokens = _Tokens()
    pieces = record.inventory.split('"')
    if "\\" in record.inventory or len(pieces) % 2 == 0:
        return None  # Without escapes every second piece is a string.
    strings = pieces[1::2]
    pieces[1::2] = [one if one in _WORDS else tokens.of_string(one) for one in strings]
    rest = _JOINT.join(
        (
            record.network_config if record.network_config is not None else "\x00",
            record.target or "\x00",
            json.dumps(dict(record.settings), sort_keys=True) if record.settings else "",
            *(text for path in sorted(record.existing) for text in (path, record.existing[path])),
        )
    )
    text = '"'.join((*pieces, _RUN.sub(tokens.of_run, rest)))
    kinds = tokens.kinds
    asked = (
        _of_macs(kinds["mac"]),
        _of_addresses(kinds["ip"], text),
        _of_names(kinds["name"]),
        [*_ranks(kinds["device"]), *("vmbus" in one.lower() for one in kinds["device"])],
    )
    if None in asked:
        return None
    return Inputs(f"{text}{asked}", tuple(tokens.numbers))


class _Tokens:
    """The tokens of a machine by kind, each with the number in the order of its first place."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.kinds: dict[str, list[str]] = {"mac": [], "ip": [], "device": [], "name": []}

    def of_string(self, text: str) -> str:
        """What stands for a string of the inventory in the key."""
        if text[:1] == "/":
            return self._number("device", text)
        return self._of_word(text) if len(text) > _SHORT else text

    def of_run(self, found: re.Match[str]) -> str:
        """What stands for a run of such characters; a colon or a full stop may end it."""
        run = found[0]
        word = run[:-1] if run[-1] in ":." and run[-2:] != "::" else run
        return f"{self._of_word(word)}{run[len(word) :]}"

    def _of_word(self, word: str) -> str:
        if word[2:3] == ":" and len(word) == _OF_MAC and word.count(":") == _COLONS:
            return self._number("mac", word)
        if word[:1].isdigit() and word.count(".") == _DOTS and _IPV4.fullmatch(word):
            return self._number("ip", word)
        if word.count(":") > 1 and _IPV6.fullmatch(word):
            return self._number("ip", word)
        named = VF_NAME.match(word) if word[:3] == "enP" else None
        return f"{self._number('name', named[1])}{named[2]}" if named else word

    def _number(self, kind: str, token: str) -> str:
        if token not in self.numbers:
            self.numbers[token] = len(self.numbers)
            self.kinds[kind].append(token)
        return f"\x01{self.numbers[token]}\x01"


def _of_macs(macs: list[str]) -> list[object] | None:
    if not all(map(_USUAL_MAC.fullmatch, macs)):
        return None
    special = [one in ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff") for one in macs]
    numeric = [one.replace(":", "").isdigit() for one in macs]
    return [_ranks(macs), [one[:8] for one in macs], special, numeric]


def _of_names(names: list[str]) -> list[object]:
    return [_ranks(names), [len(one) for one in names]]


def _of_addresses(texts: list[str], whole: str) -> list[object] | None:
    if not texts:
        return []
    prefixes = sorted({*_USUAL_PREFIXES, *map(int, _PREFIX.findall(whole)), *_netmasks(whole)})
    told: list[object] = [_ranks(texts)]
    for width, version in ((32, 4), (128, 6)):
        values = [_number(one, version) for one in texts if (":" in one) == (version == 6)]
        if None in values:
            return None
        told.append(_of_numbers([one for one in values if one is not None], width, prefixes))
    return told


def _of_numbers(values: list[int], width: int, prefixes: list[int]) -> list[object]:
    """The order, which of these prefixes neighbours in it share, host parts, and the kind."""
    masks = [(1 << (width - one)) - 1 for one in prefixes if one <= width]
    ordered = sorted(values)
    shared = [
        sum((one ^ other) <= mask for mask in masks) for one, other in zip(ordered, ordered[1:])
    ]
    hosts = [
        [0 if not value & mask else 1 if value & mask == mask else 2 for mask in masks]
        for value in values
    ]
    places = {value: place for place, value in enumerate(ordered)}
    return [[places[one] for one in values], shared, hosts, [_kind(one, width) for one in values]]


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


def _ranks(texts: list[str]) -> list[int]:
    """The place of each text in their order."""
    places = {text: place for place, text in enumerate(sorted(texts))}
    return [places[one] for one in texts]
