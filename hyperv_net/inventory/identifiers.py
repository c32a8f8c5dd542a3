"""The forms in which addresses, numbers and words from outside are believed.

What an interface may be called is in `hyperv_net.names`.  Whatever does not have
its form is not a fact: the readers of this package leave it out (a machine) or
refuse it (a file).
"""

from __future__ import annotations

import re

from hyperv_net.facts import Finding, Severity
from hyperv_net.names import NAME_RULE
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.places import Where

_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}\Z")
_DIGITS = re.compile(r"[0-9a-f]+\Z")
_DRIVER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}\Z")
_DEVICE = re.compile(r"[!-~]{1,4096}\Z")
_CLASS_ID = re.compile(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}\Z")
_RELEASE = re.compile(r"[!-~]{1,256}\Z")

LARGEST_MTU = 2**32 - 1


def bad_name(name: str, where: Where, hint: str) -> Finding:
    """What is said of a NIC that is left out for its name."""
    return Finding(
        rule="nic-name",
        severity=Severity.WARNING,
        message=f"left out the NIC {name!a}: an interface name is {NAME_RULE}",
        where=where,
        hint=hint,
    )


def mac(text: str) -> str | None:
    """An Ethernet address in lower case with colons; None for any other text.

    The zero address, which the kernels show for 'has none', is None too.
    """
    lowered = text.strip().lower()
    return lowered if _MAC.match(lowered) and lowered != "00:00:00:00:00:00" else None


def hardware_address(text: str, separators: str = ":-") -> str | None:
    """A hardware address of any length as people write it, in `mac`'s form; None for what is none.

    One kind of separator is between all its groups: of bytes, behind dots of two bytes each.
    Digits that a group begins with may be left out where they are zeros.
    """
    separator = next((one for one in text if one in separators), None)
    if separator is None:
        return None
    width = 4 if separator == "." else 2
    groups = text.lower().split(separator)
    if not all(_DIGITS.match(one) and len(one) <= width for one in groups):
        return None
    digits = "".join(one.rjust(width, "0") for one in groups)
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def driver(text: str) -> str | None:
    """The name of a driver or a bus, or None."""
    return text if _DRIVER.match(text) else None


def device(text: str) -> str | None:
    """A device's path (Linux) or name with unit (FreeBSD), or None."""
    return text if _DEVICE.match(text) else None


def class_id(text: str) -> str | None:
    """A VMBus class id in lower case with braces, or None."""
    lowered = text.strip().lower()
    return lowered if _CLASS_ID.match(lowered) else None


def release(text: str) -> str | None:
    """A kernel release such as `6.1.0-56-amd64` or `14.2-RELEASE-p1`, or None."""
    return text if _RELEASE.match(text) else None


def mtu(text: str) -> int | None:
    """An MTU in bytes, or None."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 10):
        return None
    return int(digits) if int(digits) <= LARGEST_MTU else None
