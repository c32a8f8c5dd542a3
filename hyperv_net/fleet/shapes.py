"""Texts without what tells one machine from another of its kind: names and addresses.

Each name and each address becomes an ordinal, in the order in which they first stand in the
text, so that texts of two machines are the same where only those differ.
"""

from __future__ import annotations

import hashlib
import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAIR = "[0-9A-Fa-f]{2}"
#: A MAC address of six bytes, and no part of a longer one.
MAC = rf"(?<![0-9A-Za-z:-]){_PAIR}(?:[:-]{_PAIR}){{5}}(?![0-9A-Za-z]|[:.-][0-9A-Za-z])"
#: What looks like an IPv4 address; a netmask, loopback and 'any' are no machine's own.
IPV4 = (
    r"(?<![0-9A-Za-z:.])(?!0\.0\.0\.0|255\.|127\.)"
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z]|\.[0-9A-Za-z])"
)
#: What looks like an IPv6 address with a digit before its first colon, which `::/0` has not.
IPV6 = (
    r"(?<![0-9A-Za-z:])[0-9A-Fa-f]{1,4}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{0,4}"
    r"(?![0-9A-Za-z:]|\.[0-9A-Za-z])"
)
ADDRESSES = re.compile(f"(?P<mac>{MAC})|(?P<ip>{IPV4}|{IPV6})")

_DIGEST = 16  # characters: 64 bits tell a hundred million shapes apart


class Shaped(NamedTuple):
    """A text with ordinals for its names and addresses, and those in the ordinals' order."""

    text: str
    values: tuple[str, ...]

    @property
    def shape(self) -> str:
        """A digest that texts which differ in names and addresses alone have in common."""
        return digest(self.text)

    @property
    def exact(self) -> str:
        """A digest of the whole."""
        return exact_digest(self.shape, self.values)


def shaped(text: str, names: Iterable[str]) -> Shaped:
    """The text with ordinals for all addresses, and for `names` where they stand as words."""
    longest_first = sorted({*names} - {""}, key=lambda name: (-len(name), name))
    words = "|".join(map(re.escape, longest_first))
    word = f"|(?<![0-9A-Za-z])(?:{words})(?![0-9A-Za-z])" if words else ""
    ordinals: dict[str, str] = {}

    def ordinal(found: re.Match[str]) -> str:
        kind = "mac" if found["mac"] else "ip" if found["ip"] else "name"
        return ordinals.setdefault(found[0], f"{{{kind}-{len(ordinals) + 1}}}")

    shape = re.sub(f"{ADDRESSES.pattern}{word}", ordinal, text)
    return Shaped(shape, tuple(ordinals))


def digest(text: str) -> str:
    """A short digest of a text that holds no secret."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def exact_digest(shape: str, values: Iterable[str]) -> str:
    """The digest of a shape and of the names and addresses that its ordinals stand for."""
    return digest("\n".join((shape, *values)))
