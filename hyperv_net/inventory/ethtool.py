"""The address burnt into a live NIC, which sysfs shows only where it is in use.

The request is ETHTOOL_GPERMADDR of the SIOCETHTOOL ioctl; numbers and layout
are those of include/uapi/linux/ethtool.h and sockios.h in torvalds/linux.
"""

from __future__ import annotations

import array
import fcntl
import os
import struct

from hyperv_net.inventory import identifiers

_SIOCETHTOOL = 0x8946
_ETHTOOL_GPERMADDR = 0x20
_LARGEST_ADDRESS = 32
_NAME_SIZE = 16
_IFREQ_SIZE = 40


def permanent_address(name: str) -> str | None:
    """The permanent MAC of the running machine's NIC `name`, or None where it tells none."""
    import socket  # takes longer than the rest, and is rarely needed

    header = struct.pack("=II", _ETHTOOL_GPERMADDR, _LARGEST_ADDRESS)
    answer = array.array("B", header + bytes(_LARGEST_ADDRESS))
    location, _ = answer.buffer_info()
    request = struct.pack(f"{_NAME_SIZE}sP", os.fsencode(name), location)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SIOCETHTOOL, request.ljust(_IFREQ_SIZE, b"\0"))
    except OSError:
        return None
    (length,) = struct.unpack_from("=I", answer, 4)
    return identifiers.mac(":".join(f"{byte:02x}" for byte in answer[8 : 8 + length]))
