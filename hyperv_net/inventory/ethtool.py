"""What the drivers of live NICs are asked for: the address burnt in, which sysfs may not show.

The request is ETHTOOL_GPERMADDR of the SIOCETHTOOL ioctl; numbers and layout
are those of include/uapi/linux/ethtool.h and sockios.h in torvalds/linux.
"""

from __future__ import annotations

import array
import fcntl
import os
import struct

from hyperv_net.inventory import identifiers
from hyperv_net.names import IFNAMSIZ
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

_SIOCETHTOOL = 0x8946
_ETHTOOL_GPERMADDR = 0x20
_LARGEST_ADDRESS = 32
_IFREQ_SIZE = 40


def permanent_address(name: str) -> str | None:
    """The permanent MAC of the running machine's NIC `name`, or None where it tells none."""
    import socket  # takes longer than the rest, and is rarely needed

    header = struct.pack("=II", _ETHTOOL_GPERMADDR, _LARGEST_ADDRESS)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            answer = ask(any_socket, name, header, _LARGEST_ADDRESS)
    except OSError:
        return None
    (length,) = struct.unpack_from("=I", answer, 4)
    return identifiers.mac(":".join(f"{byte:02x}" for byte in answer[8 : 8 + length]))


def ask(any_socket: socket.socket, name: str, header: bytes, room: int) -> bytes:
    """A request's header and the `room` behind it, as the kernel leaves them.  Raises OSError."""
    answer = array.array("B", header + bytes(room))
    location, _ = answer.buffer_info()
    request = struct.pack(f"{IFNAMSIZ}sP", os.fsencode(name), location)
    fcntl.ioctl(any_socket, _SIOCETHTOOL, request.ljust(_IFREQ_SIZE, b"\0"))
    return answer.tobytes()
