"""The key of a machine: the same for all of whose inputs the program asks the same, and hears it.

Most machines of a fleet are made by one template: what they are told differs in addresses, in
names of VFs that have a number of the host in them (`enP53091s1np0`), and in paths of devices.
Of those the program asks few questions, which `questions` answers for the key.

What is not written in the one usual way has no key.
"""

from __future__ import annotations

import json
import re

from hyperv_net.fleet.questions import of_addresses, of_devices, of_macs, of_names
from hyperv_net.fleet.reading import is_id
from hyperv_net.fleet.shapes import IPV4, IPV6
from hyperv_net.model import Inventory, Kind, Nic
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.fleet.model import Record

#: What may be an address, or a name of a VF: a run of the characters that those have.
_RUN = re.compile(r"[0-9A-Za-z][0-9A-Za-z:.]{5,}")
VF_NAME = re.compile(r"(enP[1-9][0-9]*)([^0-9].*)")
_JOINT = "\n\x00\n"
#: Words that are neither addresses nor names, so that they need no second look; more are met.
_PLAIN = {*Nic._fields, *Inventory._fields, *(one.value for one in Kind), "schema", "vmbus", "pci"}
_MOST_PLAIN, _LONGEST_PLAIN = 4096, 64
#: Stands for a quotation mark within a string.
_QUOTE = "\x02"
#: Keys of a record that a line is taken apart for.
_UNUSUAL = frozenset({"settings", "existing"})
_IPV4, _IPV6 = re.compile(IPV4), re.compile(IPV6)
_SHORT, _OF_MAC, _COLONS, _DOTS = 5, 17, 5, 3


class Inputs(NamedTuple):
    """The texts of a machine: the same `key` for all that are alike, and what stands in for it."""

    key: tuple[object, ...]
    tokens: tuple[str, ...]


class NamedInputs(NamedTuple):
    """The same of a line, and the machine's id in it."""

    machine: str
    inputs: Inputs


def inputs_of(record: Record) -> Inputs | None:
    """What the plan of a machine is made from; None where it is to be made for itself."""
    if "pairs" in record.settings:
        return None  # Those name paths of devices.
    tokens = _Tokens()
    pieces = record.inventory.split('"')
    if "\\" in record.inventory or len(pieces) % 2 == 0:
        return None  # Without escapes every second piece is a string.
    pieces[1::2] = tokens.of_strings(pieces[1::2])
    rest = _JOINT.join(
        (
            record.network_config if record.network_config is not None else "\x00",
            record.target or "\x00",
            json.dumps(dict(record.settings), sort_keys=True) if record.settings else "",
            *(text for path in sorted(record.existing) for text in (path, record.existing[path])),
        )
    )
    return tokens.inputs("record", '"'.join((*pieces, tokens.of_text(rest))))


def inputs_of_line(line: str) -> NamedInputs | None:
    """The same of a line, which is not taken apart for it; None where that is to be done.

    Lines with one key are the same JSON but for strings: what one of them is, a record with the
    id at this place or none, the others are too.
    """
    if not line.isprintable():
        return None
    text = line
    if "\\" in text:
        # Each escape that is usual stands as one letter that no line has (RFC 8259, section 7).
        text = text.replace("\\n", "\n").replace('\\"', _QUOTE)
        if "\\" in text:
            return None
    pieces = text.split('"')
    strings = pieces[1::2]
    if len(pieces) % 2 == 0 or not _UNUSUAL.isdisjoint(strings):
        return None
    at = _value_of("id", strings, pieces)
    config = _value_of("network_config", strings, pieces)
    if at is None or config is None or not is_id(strings[at]):
        return None
    machine, strings[at] = strings[at], ""
    text_of_config, strings[config] = strings[config], ""
    if text.count(_QUOTE) > text_of_config.count(_QUOTE):
        return None  # An inventory that is a text has strings of its own.
    tokens = _Tokens()
    pieces[1::2] = tokens.of_strings(strings)
    pieces[2 * config + 1] = tokens.of_text(text_of_config)
    inputs = tokens.inputs("line", '"'.join(pieces))
    return None if inputs is None else NamedInputs(machine, inputs)


def _value_of(key: str, strings: list[str], pieces: list[str]) -> int | None:
    """Which of the strings is the value of a key that is there once."""
    if strings.count(key) != 1:
        return None
    at = strings.index(key) + 1
    return at if at < len(strings) and pieces[2 * at].strip(" \t") == ":" else None


class _Tokens:
    """The tokens of a machine by kind, each with the number in the order of its first place."""

    def __init__(self) -> None:
        self._stands: dict[str, str] = {}
        self._kinds: dict[str, list[str]] = {"mac": [], "ip": [], "device": [], "name": []}

    def inputs(self, what: str, text: str) -> Inputs | None:
        """The inputs of a text in which all tokens are replaced."""
        kinds = self._kinds
        macs, addresses = of_macs(kinds["mac"]), of_addresses(kinds["ip"], text)
        if macs is None or addresses is None:
            return None
        asked = of_names(kinds["name"]), of_devices(kinds["device"])
        return Inputs((what, text, macs, addresses, *asked), tuple(self._stands))

    def of_strings(self, strings: list[str]) -> list[str]:
        """What stands for strings of the inventory in the key."""
        stands = self._stands
        return [
            one if one in _PLAIN else stands.get(one) or self._of_string(one) for one in strings
        ]

    def of_text(self, text: str) -> str:
        """The same of a text in which there may be such a string anywhere."""
        return _RUN.sub(self._of_run, text)

    def _of_string(self, text: str) -> str:
        if text[:1] == "/":
            return self._number("device", text)
        return self._of_word(text) if len(text) > _SHORT else _plain(text)

    def _of_run(self, found: re.Match[str]) -> str:
        """What stands for a run of such characters; a colon or a full stop may end it."""
        run = found[0]
        word = run[:-1] if run[-1] in ":." and run[-2:] != "::" else run
        if word in _PLAIN:
            return run
        return f"{self._stands.get(word) or self._of_word(word)}{run[len(word) :]}"

    def _of_word(self, word: str) -> str:
        if word[2:3] == ":" and len(word) == _OF_MAC and word.count(":") == _COLONS:
            return self._number("mac", word)
        if word[:1].isdigit() and word.count(".") == _DOTS and _IPV4.fullmatch(word):
            return self._number("ip", word)
        if word.count(":") > 1 and _IPV6.fullmatch(word):
            return self._number("ip", word)
        named = VF_NAME.match(word) if word[:3] == "enP" else None
        if named:
            return f"{self._number('name', named[1])}{named[2]}"
        return _plain(word)

    def _number(self, kind: str, token: str) -> str:
        stands = self._stands.get(token)
        if stands is None:
            stands = self._stands[token] = f"\x01{len(self._stands)}\x01"
            self._kinds[kind].append(token)
        return stands


def _plain(word: str) -> str:
    """The word, of which is known from now on that nothing stands for it."""
    if len(_PLAIN) < _MOST_PLAIN and len(word) <= _LONGEST_PLAIN:
        _PLAIN.add(word)
    return word
