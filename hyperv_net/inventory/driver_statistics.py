"""What a driver counts beside the kernel's own counters, as `ethtool -S` shows it.

The requests are ETHTOOL_GSSET_INFO, ETHTOOL_GSTRINGS and ETHTOOL_GSTATS of the
SIOCETHTOOL ioctl, which need no privilege; numbers and layouts are those of
include/uapi/linux/ethtool.h in torvalds/linux.
"""

from __future__ import annotations

import struct

from hyperv_net.inventory.ethtool import ask
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

_ETHTOOL_GSTRINGS = 0x1B
_ETHTOOL_GSTATS = 0x1D
_ETHTOOL_GSSET_INFO = 0x37
_ETH_SS_STATS = 1
_STRING_SIZE = 32

# A driver with more counters than this has another kind of them.
_LARGEST_COUNT = 65536


def driver_statistics(name: str) -> Mapping[str, int] | None:
    """Counter → value of the running machine's NIC `name`; None where it has none."""
    import socket  # takes longer than the rest

    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            count = _count(any_socket, name)
            if not 0 < count <= _LARGEST_COUNT:
                return None
            strings = _ask(
                any_socket,
                name,
                struct.pack("=III", _ETHTOOL_GSTRINGS, _ETH_SS_STATS, count),
                count * _STRING_SIZE,
            )
            values = _ask(any_socket, name, struct.pack("=II", _ETHTOOL_GSTATS, count), count * 8)
    except OSError:
        return None
    pieces = (
        strings[start : start + _STRING_SIZE] for start in range(0, len(strings), _STRING_SIZE)
    )
    names = [piece.partition(b"\0")[0].decode("ascii", "replace") for piece in pieces]
    return dict(zip(names, struct.unpack(f"={count}Q", values)))


def counts_vf(statistics: Mapping[str, int] | None) -> bool | None:
    """Whether hv_netvsc counts what its VF carries; None where it does not answer.

    It has `vf_*` counters since it takes the VF itself: both came with one change
    (netvsc_drv.c in 0c195567a8f6 of torvalds/linux, 'netvsc: transparent VF management'), which
    distributions took into older kernels.
    """
    if statistics is None:
        return None
    return any(name.startswith("vf_") for name in statistics)


def _count(any_socket: socket.socket, name: str) -> int:
    # The mask says which sets were asked for; one number a set follows.
    header = struct.pack("=IIQ", _ETHTOOL_GSSET_INFO, 0, 1 << _ETH_SS_STATS)
    (count,) = struct.unpack("=I", _ask(any_socket, name, header, 4))
    return int(count)


def _ask(any_socket: socket.socket, name: str, header: bytes, size: int) -> bytes:
    """What the kernel writes behind the header of a request.  Raises OSError."""
    return ask(any_socket, name, header, size)[len(header) :]
