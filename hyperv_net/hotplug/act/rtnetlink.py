"""Changes of network devices by rtnetlink(7), which takes an index where others take a name.

Numbers and layouts are those of include/uapi/linux/netlink.h, rtnetlink.h, if_link.h, if_addr.h and
if.h of torvalds/linux.
"""

from __future__ import annotations

import os
import struct

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.link_change import What
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket

    from hyperv_net.hotplug.act.link_change import LinkChange

_RTM_NEWLINK, _RTM_NEWADDR, _RTM_DELADDR, _RTM_GETADDR = 16, 20, 21, 22
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_NLM_F_REQUEST, _NLM_F_ACK, _NLM_F_DUMP = 1, 4, 0x300
_IFF_UP = 1
_IFLA_MTU, _IFLA_MASTER, _IFLA_LINKINFO = 4, 10, 18
_IFLA_INFO_KIND, _IFLA_INFO_DATA, _IFLA_BOND_ACTIVE_SLAVE = 1, 2, 2
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_HEADER = struct.Struct("=IHHII")
_IFINFOMSG = struct.Struct("=BxHiII")
_IFADDRMSG = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_ERROR = struct.Struct("=i")
_SECONDS = 10
_LARGEST_ANSWER = 1 << 16


def change(one: LinkChange) -> None:
    """Do it.  Raises HypervNetError, for a device too that has gone: its index comes not again."""
    import socket

    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
            kernel.settimeout(_SECONDS)
            if one.what is What.FLUSH:
                _flush(kernel, one.ifindex)
            else:
                _ask(kernel, _RTM_NEWLINK, _link_message(one))
    except OSError as error:
        raise HypervNetError(f"{error.strerror or error}", where=str(one)) from None


def _link_message(one: LinkChange) -> bytes:
    flags, changed, attributes = 0, 0, b""
    if one.what in (What.UP, What.DOWN):
        flags, changed = _IFF_UP if one.what is What.UP else 0, _IFF_UP
    elif one.what is What.MTU:
        attributes = _attribute(_IFLA_MTU, _word(one.value))
    elif one.what in (What.MASTER, What.NO_MASTER):
        attributes = _attribute(_IFLA_MASTER, _word(one.value))
    else:
        data = _attribute(_IFLA_BOND_ACTIVE_SLAVE, _word(one.value))
        info = _attribute(_IFLA_INFO_KIND, b"bond\0") + _attribute(_IFLA_INFO_DATA, data)
        attributes = _attribute(_IFLA_LINKINFO, info)
    return _IFINFOMSG.pack(0, 0, one.ifindex, flags, changed) + attributes


def _flush(kernel: socket, index: int) -> None:
    """All addresses, as `ip addr flush` takes them: one by one, some of which go with others."""
    import errno

    for family, length, local in list(_addresses(kernel, index)):
        body = _IFADDRMSG.pack(family, length, 0, 0, index) + local
        try:
            _ask(kernel, _RTM_DELADDR, body)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise


def _addresses(kernel: socket, index: int) -> Iterator[tuple[int, int, bytes]]:
    """Family, prefix length and the address of each as an attribute.

    IPv4 is told by IFA_LOCAL alone (inet_rtm_deladdr()), whatever the peer, and IPv6 by that or,
    where there is no peer, by IFA_ADDRESS (extract_addr()).
    """
    body = _IFADDRMSG.pack(0, 0, 0, 0, index)
    size = _HEADER.size + len(body)
    kernel.send(_HEADER.pack(size, _RTM_GETADDR, _NLM_F_REQUEST | _NLM_F_DUMP, 1, 0) + body)
    while True:
        answer = kernel.recv(_LARGEST_ANSWER)
        for kind, message in _pieces(answer, _HEADER):
            if kind == _NLMSG_DONE:
                return
            if kind == _NLMSG_ERROR:
                (code,) = _ERROR.unpack_from(message)
                raise OSError(-code, os.strerror(-code))
            family, length, _, _, of = _IFADDRMSG.unpack_from(message)
            if kind == _RTM_NEWADDR and of == index:
                found = dict(_pieces(message[_IFADDRMSG.size :], _ATTRIBUTE))
                local = _IFA_LOCAL if _IFA_LOCAL in found else _IFA_ADDRESS
                yield family, length, _attribute(local, found[local])


def _pieces(data: bytes, header: struct.Struct) -> Iterator[tuple[int, bytes]]:
    """The messages of an answer, or the attributes of a message: kind and what is in each."""
    at = 0
    while at + header.size <= len(data):
        size, kind, *_ = header.unpack_from(data, at)
        if size < header.size:
            return
        yield kind, data[at + header.size : at + size]
        at += (size + 3) & ~3


def _ask(kernel: socket, kind: int, body: bytes) -> None:
    size = _HEADER.size + len(body)
    kernel.send(_HEADER.pack(size, kind, _NLM_F_REQUEST | _NLM_F_ACK, 1, 0) + body)
    answer = kernel.recv(_LARGEST_ANSWER)
    _, kind, *_ = _HEADER.unpack_from(answer)
    (code,) = _ERROR.unpack_from(answer, _HEADER.size)
    if kind != _NLMSG_ERROR:
        raise OSError(0, "no answer of rtnetlink")
    if code:
        raise OSError(-code, os.strerror(-code))


def _attribute(kind: int, data: bytes) -> bytes:
    padding = b"\0" * (-len(data) % 4)
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(data), kind) + data + padding


def _word(number: int) -> bytes:
    return struct.pack("=I", number)
