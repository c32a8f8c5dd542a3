"""The forms in which names, addresses and numbers from outside are believed.

Whatever does not have the form is not a fact: the readers of this package
leave it out (a machine) or refuse it (a file).
"""

from __future__ import annotations

import re

NAME_RULE = "a letter or digit, then letters, digits and `_ . : -`, at most 15 in all"

# IFNAMSIZ is 16 with the final NUL on Linux and on FreeBSD (if.h of either).
_NIC_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,14}\Z")
_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}\Z")
_DRIVER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}\Z")
_DEVICE = re.compile(r"[!-~]{1,4096}\Z")
_CLASS_ID = re.compile(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}\Z")
_RELEASE = re.compile(r"[!-~]{1,256}\Z")

LARGEST_MTU = 2**32 - 1


def is_nic_name(text: str) -> bool:
    """True for a name that is safe in every file this program writes."""
    return bool(_NIC_NAME.match(text))


def mac(text: str) -> str | None:
    """An Ethernet address in lower case with colons; None for any other text.

    The zero address, which the kernels show for 'has none', is None too.
    """
    lowered = text.strip().lower()
    return lowered if _MAC.match(lowered) and lowered != "00:00:00:00:00:00" else None


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
