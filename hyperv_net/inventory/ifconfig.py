"""What `ifconfig -a` of FreeBSD says of each interface.

The lines are those that sbin/ifconfig of freebsd/freebsd-src prints:
ifconfig.c and ifconfig_netlink.c (first line, drivername), af_link.c (ether,
hwaddr), af_inet.c, af_inet6.c, af_nd6.c, iflagg.c, ifvlan.c, ifbridge.c,
ifgroup.c and ifmedia.c (status).  An interface begins at the left margin and
its lines are indented.
"""

from __future__ import annotations

import re

from hyperv_net.names import CHARACTERS, IFNAMSIZ
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_LINE = re.compile(r"(?P<name>\S.*?): flags=[0-9a-f]+(?:<(?P<flags>[A-Z0-9_,]*)>)?")
_MTU = re.compile(r" mtu ([0-9]+)")
_VLAN_PARENT = re.compile(r"vlan: .*parent interface: (\S+)")
_NAME = rf"[{CHARACTERS}]{{1,{IFNAMSIZ - 1}}}"
_INET = re.compile(rf"(inet6?) ([0-9a-fA-F.:]+(?:%{_NAME})?)(?: (.*))?\Z")
_ND6 = re.compile(r"nd6 options=[0-9a-f]+<([A-Z0-9_,]*)>")
_LAGGPROTO = re.compile(r"laggproto ([a-z]*)")
_PRIMARY_PORT = re.compile(rf"laggport: ({_NAME}) flags=[0-9a-f]+<(?:[A-Z]+,)*MASTER[A-Z,]*>")
_ACTIVE_PORT = re.compile(rf"laggport: ({_NAME}) flags=[0-9a-f]+<(?:[A-Z]+,)*ACTIVE[A-Z,]*>")


class Inet(NamedTuple):
    """An address of an interface.

    `family` is `inet` or `inet6`, and `address` has the zone where ifconfig
    shows one; `words` are what the line says behind it.
    """

    family: str
    address: str
    words: tuple[str, ...]


class Interface(NamedTuple):
    """One interface as ifconfig printed it, unchecked; None or empty for a line it had not.

    `ether` is the address in use and `hwaddr` the card's own, which releases
    since 12 print only where it is another one.  `driver_name` is the name
    the interface was born with (`ifconfig -D`).  `laggproto` is None for what
    is no lagg, `laggports` and `members` are the ports of a lagg and of a
    bridge, `primary_port` the port that a failover lagg(4) prefers (MASTER), and
    `active_port` the first that it calls ACTIVE.
    `nd6` are the options of IPv6's neighbour discovery (ndp(8)), None where it has no
    part in IPv6.
    """

    name: str
    flags: frozenset[str] = frozenset()
    mtu: str | None = None
    ether: str | None = None
    hwaddr: str | None = None
    driver_name: str | None = None
    status: str | None = None
    groups: tuple[str, ...] = ()
    addresses: tuple[Inet, ...] = ()
    nd6: frozenset[str] | None = None
    laggproto: str | None = None
    laggports: tuple[str, ...] = ()
    primary_port: str | None = None
    active_port: str | None = None
    is_vlan: bool = False
    vlan_parent: str | None = None
    is_bridge: bool = False
    members: tuple[str, ...] = ()


def parse_ifconfig(text: str) -> tuple[Interface, ...]:
    """The interfaces of `ifconfig -a` in the order they were printed."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if _FIRST_LINE.match(line):
            blocks.append([line])
        elif blocks and line[:1].isspace():
            blocks[-1].append(line.strip())
    return tuple(_interface(first, lines) for first, *lines in blocks)


def _interface(first: str, lines: list[str]) -> Interface:
    head = _FIRST_LINE.match(first)
    assert head is not None
    mtu = _MTU.search(first, head.end())

    def found(pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return filter(None, map(pattern.match, lines))

    def first_of(pattern: re.Pattern[str]) -> str | None:
        return next((match[1] for match in found(pattern)), None)

    def value(key: str) -> str | None:
        """What follows the first line that begins with `key`."""
        return next((line[len(key) :].strip() for line in lines if line.startswith(key)), None)

    def names(key: str) -> tuple[str, ...]:
        """The first word after every line that begins with `key`."""
        rests = [line[len(key) :].split() for line in lines if line.startswith(key)]
        return tuple(rest[0] for rest in rests if rest)

    nd6 = first_of(_ND6)
    return Interface(
        name=head["name"],
        flags=frozenset((head["flags"] or "").split(",")) - {""},
        mtu=mtu[1] if mtu else None,
        ether=value("ether "),
        hwaddr=value("hwaddr "),
        driver_name=value("drivername: "),
        status=value("status: "),
        groups=tuple((value("groups: ") or "").split()),
        addresses=tuple(
            Inet(match[1], match[2], tuple((match[3] or "").split())) for match in found(_INET)
        ),
        nd6=frozenset(nd6.split(",")) - {""} if nd6 is not None else None,
        laggproto=first_of(_LAGGPROTO),
        laggports=names("laggport: "),
        primary_port=first_of(_PRIMARY_PORT),
        active_port=first_of(_ACTIVE_PORT),
        is_vlan=value("vlan: ") is not None,
        vlan_parent=first_of(_VLAN_PARENT),
        # The bridge's own identity is printed even while it has no members.
        is_bridge=any(line.startswith("id ") and " hellotime " in line for line in lines),
        members=names("member: "),
    )
