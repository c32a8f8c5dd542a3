"""What `ifconfig -a` of FreeBSD says of each interface.

The lines are those that sbin/ifconfig of freebsd/freebsd-src prints:
ifconfig.c and ifconfig_netlink.c (first line, drivername), af_link.c (ether,
hwaddr), iflagg.c, ifvlan.c, ifbridge.c, ifgroup.c and ifmedia.c (status).  An
interface begins at the left margin and its lines are indented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIRST_LINE = re.compile(r"(?P<name>\S.*?): flags=[0-9a-f]+(?:<(?P<flags>[A-Z0-9_,]*)>)?")
_MTU = re.compile(r" mtu ([0-9]+)")
_VLAN_PARENT = re.compile(r"vlan: .*parent interface: (\S+)")


@dataclass(frozen=True)
class Interface:
    """One interface as ifconfig printed it, unchecked; None or empty for a line it had not.

    `ether` is the address in use and `hwaddr` the card's own, which releases
    since 12 print only where it is another one.  `driver_name` is the name
    the interface was born with (`ifconfig -D`).  `laggports` and `members`
    are the ports of a lagg and of a bridge.
    """

    name: str
    flags: frozenset[str] = frozenset()
    mtu: str | None = None
    ether: str | None = None
    hwaddr: str | None = None
    driver_name: str | None = None
    status: str | None = None
    groups: tuple[str, ...] = ()
    is_lagg: bool = False
    laggports: tuple[str, ...] = ()
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

    def value(key: str) -> str | None:
        """What follows the first line that begins with `key`."""
        return next((line[len(key) :].strip() for line in lines if line.startswith(key)), None)

    def names(key: str) -> tuple[str, ...]:
        """The first word after every line that begins with `key`."""
        rests = [line[len(key) :].split() for line in lines if line.startswith(key)]
        return tuple(rest[0] for rest in rests if rest)

    parent = next((found[1] for found in map(_VLAN_PARENT.match, lines) if found), None)
    return Interface(
        name=head["name"],
        flags=frozenset((head["flags"] or "").split(",")) - {""},
        mtu=mtu[1] if mtu else None,
        ether=value("ether "),
        hwaddr=value("hwaddr "),
        driver_name=value("drivername: "),
        status=value("status: "),
        groups=tuple((value("groups: ") or "").split()),
        is_lagg=value("laggproto ") is not None,
        laggports=names("laggport: "),
        is_vlan=value("vlan: ") is not None,
        vlan_parent=parent,
        # The bridge's own identity is printed even while it has no members.
        is_bridge=any(line.startswith("id ") and " hellotime " in line for line in lines),
        members=names("member: "),
    )
