"""The words of rc.conf's `ifconfig_*` lines: what is understood of them, and how they are put.

Which words rc takes for itself is in FreeBSD's libexec/rc/network.subr
(`ifconfig_getargs`, `dhcpif`, `syncdhcpif`); the rest are ifconfig(8)'s.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.rc_conf.rcfile import is_safe

if TYPE_CHECKING:
    from ipaddress import IPv4Interface

_DHCP = {"DHCP", "SYNCDHCP", "NOSYNCDHCP"}
#: Words of rc's own that say how a NIC is brought up, which a member does not need.
_OF_RC = {"WPA", "HOSTAP"}
_WITH_NUMBER = {"mtu", "fib"}
_WITH_NAME = {"laggproto", "laggport", "lagghash"}
_LAGG_FLAG = re.compile(r"-?(lacp_\w+|use_flowid|use_numa)\Z")
#: What the driver does for the NIC (ifconfig(8): offloads, wake on LAN), and media.
_OFFLOAD = re.compile(
    r"-?(([rt]xcsum|tso|lro|wol|vlanhw|vlanmtu|txrtlmt|rxtls|txtls|polling|nomap|mextpg)\w*)\Z"
)
_WITH_MEDIA = {"media", "mediaopt", "-mediaopt", "mode"}
#: What is said about the interface that has the addresses, whichever that is.
_OF_INTERFACE = {"arp", "-arp", "staticarp", "-staticarp"}
_OF_INTERFACE_WITH_NAME = {"description", "descr", "group", "-group"}
_DESCRIBING = {"description", "descr"}
_TAKES_A_WORD = _WITH_NUMBER | _WITH_NAME | _WITH_MEDIA | _OF_INTERFACE_WITH_NAME
_IPV4 = re.compile(r"[0-9]+(\.[0-9]+){3}(/[0-9]+)?\Z")


class MainLine(NamedTuple):
    """What an `ifconfig_X` line says.

    `dhcp` is rc's word for it as written, and `manual` whether it is left alone
    at boot (NOAUTO); `inet` the words of one IPv4
    address; `offloads` the words about the driver; `ports`, `proto` and
    `lagg` those of a lagg(4); `about` are phrases that belong where the
    addresses are (`group wan`, `-arp`), and `description` a description of
    several words; `others` whatever is not understood.
    """

    dhcp: str | None = None
    inet: tuple[str, ...] = ()
    mtu: int | None = None
    fib: int | None = None
    offloads: tuple[str, ...] = ()
    proto: str | None = None
    ports: tuple[str, ...] = ()
    lagg: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    description: str | None = None
    others: tuple[str, ...] = ()
    manual: bool = False


def parse_main_line(text: str) -> MainLine:
    """The words of an `ifconfig_X` value, sorted by what they are about."""
    words = text.split()
    dhcp: str | None = None
    proto: str | None = None
    description: str | None = None
    manual = False
    numbers: dict[str, int] = {}
    inet: list[str] = []
    offloads: list[str] = []
    ports: list[str] = []
    lagg: list[str] = []
    about: list[str] = []
    others: list[str] = []
    at = 0
    while at < len(words):
        word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
        taken = 1
        quoted = _quoted(words[at + 1 :]) if word in _DESCRIBING else None
        if quoted is not None:
            description, taken = quoted[0], 1 + quoted[1]
        elif not is_safe(word) or (word in _TAKES_A_WORD and not is_safe(following)):
            others.append(word)
        elif word.upper() in _DHCP:
            dhcp = word.upper()
        elif word.upper() == "NOAUTO":
            manual = True
        elif word in _WITH_NUMBER and following.isdigit():
            numbers[word], taken = int(following), 2
        elif word in _WITH_NAME and following:
            taken = 2
            if word == "laggport":
                ports.append(following)
            elif word == "laggproto":
                proto = following
            else:
                lagg += [word, following]
        elif word in _OF_INTERFACE:
            about.append(word)
        elif word in _OF_INTERFACE_WITH_NAME and following:
            about.append(f"{word} {following}")
            taken = 2
        elif _LAGG_FLAG.match(word):
            lagg.append(word)
        elif word in _WITH_MEDIA and following:
            offloads += [word, following]
            taken = 2
        elif _OFFLOAD.match(word):
            offloads.append(word)
        elif word == "inet" or (_IPV4.match(word) and not inet):
            taken = _inet_words(words, at)
            inet = words[at : at + taken]
        elif word.upper() not in _OF_RC and word != "up":
            others.append(word)
        at += taken
    return MainLine(
        dhcp=dhcp,
        inet=tuple(inet),
        mtu=numbers.get("mtu"),
        fib=numbers.get("fib"),
        offloads=tuple(offloads),
        proto=proto,
        ports=tuple(ports),
        lagg=tuple(lagg),
        about=tuple(about),
        description=description,
        others=tuple(others),
        manual=manual,
    )


def _quoted(words: list[str]) -> tuple[str, int] | None:
    """A text in quotes that may be written, and how many words it is; None for any other."""
    mark = words[0][:1] if words else ""
    text = " ".join(words)[1:].partition(mark)[0] if mark in ("'", '"') and mark else ""
    count = len(f"{mark}{text}{mark}".split())
    closed = " ".join(words[:count]) == f"{mark}{text}{mark}"
    return (text, count) if text and closed and is_safe(text) else None


def address_of(line: MainLine) -> str | None:
    """The IPv4 address of a line without its mask."""
    found = (word.partition("/")[0] for word in line.inet if _IPV4.match(word))
    return next(found, None)


def _inet_words(words: list[str], at: int) -> int:
    """How many words from `at` on are one IPv4 address with its mask."""
    end = at + 1
    while end < len(words):
        if _IPV4.match(words[end]) and (words[end - 1] in ("inet", "netmask", "broadcast")):
            end += 1
        elif words[end] in ("netmask", "broadcast") and is_safe("".join(words[end + 1 : end + 2])):
            end += 2
        else:
            break
    return min(end, len(words)) - at


def inet_words(address: IPv4Interface) -> str:
    """An IPv4 address as ifconfig(8)'s first words; it stands before laggproto or is lost."""
    return f"inet {address.ip} netmask {address.netmask}"
