"""A NIC up or down by its interface index: `ip link set` takes a name, which another may have.

A VF that leaves is followed within milliseconds by one that gets the same name.  What was decided
of the first must not be done to the second, which would be up before it has joined.
"""

from __future__ import annotations

import os
import struct

from hyperv_net.errors import HypervNetError

# include/uapi/linux/netlink.h, rtnetlink.h and if.h of torvalds/linux.
_RTM_NEWLINK = 16
_NLMSG_ERROR = 2
_NLM_F_REQUEST, _NLM_F_ACK = 1, 4
_IFF_UP = 1
_HEADER = struct.Struct("=IHHII")
_IFINFOMSG = struct.Struct("=BxHiII")
_ERROR = struct.Struct("=i")
_SECONDS = 10
_LARGEST_ANSWER = 1 << 16


def set_up(index: int, *, up: bool) -> None:
    """Set the NIC with this interface index up or down.  Raises HypervNetError."""
    import socket

    flags = _IFF_UP if up else 0
    body = _IFINFOMSG.pack(socket.AF_UNSPEC, 0, index, flags, _IFF_UP)
    size = _HEADER.size + len(body)
    header = _HEADER.pack(size, _RTM_NEWLINK, _NLM_F_REQUEST | _NLM_F_ACK, 1, 0)
    where = f"interface {index} {'up' if up else 'down'}"
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
            kernel.settimeout(_SECONDS)
            kernel.send(header + body)
            answer = kernel.recv(_LARGEST_ANSWER)
    except OSError as error:
        raise HypervNetError(f"{error.strerror or error}", where=where) from None
    _, kind, *_ = _HEADER.unpack_from(answer)
    (code,) = _ERROR.unpack_from(answer, _HEADER.size)
    if kind != _NLMSG_ERROR or code:
        raise HypervNetError(os.strerror(-code) if code else "no answer of rtnetlink", where=where)
