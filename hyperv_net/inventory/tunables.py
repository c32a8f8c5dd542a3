"""What a live NIC has of what can be tuned, as `ethtool -k`, `-g` and `-l` show it.

The requests are those of the SIOCETHTOOL ioctl; numbers and layouts are those of
include/uapi/linux/ethtool.h in torvalds/linux (ethtool_value, ethtool_ringparam,
ethtool_channels).  Reading takes no privilege.
"""

from __future__ import annotations

import struct

from hyperv_net.inventory.ethtool import ask
from hyperv_net.records import NamedTuple


class Tunable(NamedTuple):
    """The requests that get and set it, its size in words after the request, and its place.

    Where `flag` is not 0, the word at its place is a set of flags, and this is the one.
    """

    get: int
    set: int
    words: int = 1
    place: int = 0
    flag: int = 0
    is_number: bool = False


TUNABLES = {
    "channels": Tunable(0x3C, 0x3D, words=8, place=7, is_number=True),
    "rx_ring": Tunable(0x10, 0x11, words=8, place=4, is_number=True),
    "tx_ring": Tunable(0x10, 0x11, words=8, place=7, is_number=True),
    "rx_checksum": Tunable(0x14, 0x15),
    "tx_checksum": Tunable(0x16, 0x17),
    "sg": Tunable(0x18, 0x19),
    "tso": Tunable(0x1E, 0x1F),
    "gso": Tunable(0x23, 0x24),
    "gro": Tunable(0x2B, 0x2C),
    "lro": Tunable(0x25, 0x26, flag=1 << 15),
    "ntuple": Tunable(0x25, 0x26, flag=1 << 27),
    "rxhash": Tunable(0x25, 0x26, flag=1 << 28),
}


def tuned(name: str, setting: str) -> str | None:
    """What the NIC `name` has, as a text of `hyperv_net.tuning`; None where it does not tell."""
    one = TUNABLES[setting]
    try:
        found = words(name, one)[one.place]
    except OSError:
        return None
    if one.is_number:
        return str(found)
    return "on" if found & (one.flag or ~0) else "off"


def tune(name: str, setting: str, text: str) -> None:
    """Have the NIC `name` have it.  Raises OSError where its driver refuses."""
    one = TUNABLES[setting]
    before = words(name, one)
    now = before[one.place]
    if one.is_number:
        now = int(text)
    elif one.flag:
        now = now | one.flag if text == "on" else now & ~one.flag
    else:
        now = int(text == "on")
    _exchange(name, one.set, [*before[: one.place], now, *before[one.place + 1 :]])


def words(name: str, one: Tunable) -> tuple[int, ...]:
    """The answer to its request.  Raises OSError."""
    return _exchange(name, one.get, [0] * one.words)


def _exchange(name: str, request: int, given: list[int]) -> tuple[int, ...]:
    import socket  # takes longer than the rest, and is rarely needed

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = ask(any_socket, name, struct.pack(f"={len(given) + 1}I", request, *given), 0)
    return struct.unpack(f"={len(given)}I", answer[4:])
