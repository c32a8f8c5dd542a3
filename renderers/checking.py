"""Values of a running machine's own files that the owner of the file takes for nothing.

What a target adopts is edited as text, value for value, so that one that its owner refuses would
be carried over as if it were a setting: each reader has its values go through a `Checker`, with
rules that are never stricter than the real program.  A key that is not known may be one of a
script or of a later release: it is told of only where it is one slip from a known one.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from ipaddress import ip_address

from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.guessing import slip_of
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig.checks import UNKNOWN_KEY
from hyperv_net.netconfig.values import parse_address, prefix_length, shown
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from hyperv_net.model import NetworkConfig

    Fits = Callable[[str], bool]

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|(?P<decimal>[0-9]+))\Z")
#: What strtoul(3) takes for a number where it is to find out the base.
_PART = re.compile(r"0[xX][0-9a-fA-F]+\Z|[0-9]+\Z")
_OCTAL = re.compile(r"0[0-7]+\Z")
_ANY = (ip_address("0.0.0.0"), ip_address("::"))
_QUAD = re.compile(r"[0-9]+(\.[0-9]+){3,}\Z")
_GROUP = re.compile(r"[0-9a-fA-F]{1,2}\Z")
_MAC_BYTES = 6

#: The modes of a bond, and the kernel's numbers for them (bonding.rst).
BOND_MODES = (
    *("balance-rr", "active-backup", "balance-xor", "broadcast"),
    *("802.3ad", "balance-tlb", "balance-alb"),
    *map(str, range(7)),
)


class Checker:
    """What is wrong with the values of one machine's files, all of it; `refused` says by whom."""

    def __init__(self, refused: str) -> None:
        self._refused = refused
        self.errors: list[HypervNetError] = []
        self.findings: list[Finding] = []

    def value(self, what: str, fits: Fits, written: str, where: Place) -> None:
        """Note an error where a value is none of those that `what` says and `fits` takes."""
        if not fits(written):
            self.errors.append(
                HypervNetError(f"not {what}: {shown(written)}", where=where, hint=self._refused)
            )

    def word(self, what: str, known: Collection[str], written: str, where: Place) -> None:
        """The same of a word out of a list; the hint says which was meant."""
        if written not in known:
            hint = slip_of(written, known) or f"one of {', '.join(known)}"
            found = f"no {what} is called {shown(written)}"
            self.errors.append(HypervNetError(found, where=where, hint=hint))

    def slip(self, what: str, known: Collection[str], written: str, where: Place) -> None:
        """Note an error where a word that decides what is read is one slip from a known one."""
        hint = slip_of(written, known)
        if hint:
            found = f"no {what} {shown(written)} is known here"
            self.errors.append(HypervNetError(found, where=where, hint=hint))

    def key(self, known: Collection[str], written: str, where: Place) -> None:
        """Note a warning where a key is one slip from a known one, and not known itself."""
        hint = slip_of(written, known)
        if hint:
            message = f"no key {written!r} is known here"
            self.findings.append(Finding(UNKNOWN_KEY, Severity.WARNING, message, where, hint))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what else is raised inside about the files, to be told with the rest."""
        try:
            yield
        except HypervNetError as error:
            self.errors.append(error)

    def checked(self, config: NetworkConfig) -> NetworkConfig:
        """The config that was read from the files, with what was found in them.

        Raises the errors together, in the order of their places.
        """
        self.refuse()
        return config._replace(findings=(*config.findings, *self.findings))

    def refuse_mistyped(self) -> None:
        """Raise what is almost a known key as errors, where nothing is read without it."""
        raise_together(
            HypervNetError(one.message, where=one.where, hint=one.hint)
            for one in self.findings
            if one.rule == UNKNOWN_KEY
        )

    def refuse(self) -> None:
        """Raise the errors together, in the order of their places, with the findings in them."""
        raise_together(sorted(self.errors, key=_order), self.findings)


def _order(error: HypervNetError) -> tuple[str, int, int]:
    where = error.where
    return (where.file, where.line, where.column) if isinstance(where, Place) else ("", 0, 0)


def number(low: int, high: int) -> Fits:
    """What is a number of that range, decimal or as C writes a hexadecimal one."""

    def fits(text: str) -> bool:
        found = _NUMBER.match(text)
        # Python refuses very long decimals, which are out of any range.
        if found is None or len(text) > 25:
            return False
        value = int(found["hex"], 16) if found["hex"] else int(found["decimal"])
        return low <= (-value if found["sign"] == "-" else value) <= high

    return fits


unsigned = number(0, (1 << 32) - 1)
_of_ipv4, _of_ipv6 = number(0, 32), number(0, 128)


def address(text: str) -> bool:
    """An address as inet_pton(3) reads it, or one with a zone behind it."""
    return parse_address(text.partition("%")[0]) is not None


def short_address(text: str) -> bool:
    """An address of which iproute2 also takes the first parts alone: 10.1 (get_addr_ipv4())."""
    parts = text.split(".")
    return address(text) or (len(parts) <= 4 and all(_is_byte(part) for part in parts))


def _is_byte(text: str) -> bool:
    if _PART.match(text) is None or len(text) > 8:
        return False
    base = 16 if text[:2].lower() == "0x" else 8 if _OCTAL.match(text) else 10
    return int(text, base) <= 255


def prefix(text: str) -> bool:
    """A prefix length of some family, or a mask that is one."""
    return _of_ipv6(text) or any(prefix_length(text, one) is not None for one in _ANY)


def prefixed(text: str) -> bool:
    """An address as `short_address` has it, which may have a prefix length behind a slash."""
    plain, slash, length = text.partition("/")
    parsed = parse_address(plain)
    if not slash or parsed is None:
        return short_address(plain) and (not slash or prefix(length))
    of_family = _of_ipv6 if parsed.version == 6 else _of_ipv4
    return of_family(length) or prefix_length(length, parsed) is not None


def is_wrong_quad(text: str) -> bool:
    """Whether a text has four numbers, as no host's name has, and is no IPv4 address.

    What has less of them is a short address for inet_aton(3), the last of them any number.
    """
    return _QUAD.match(text) is not None and not short_address(text)


def hardware_address(text: str) -> bool:
    """Bytes of two digits at most with `:` or `-` between them, six or more."""
    groups = re.split("[:-]", text)
    return len(groups) >= _MAC_BYTES and all(_GROUP.match(one) for one in groups)
