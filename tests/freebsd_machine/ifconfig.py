"""ifconfig(8): its options, and the words after an interface's name, one after another.

As `ifconfig()` in sbin/ifconfig/ifconfig.c goes through them: most words act
at once, an address is set at the end, an address family is one only as the
first word (`laggport mce0 inet 10.0.0.4/24` adds the port, then stumbles over
`inet`), and iflagg.c only warns where a port does not join.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from tests.freebsd_machine import kernel
from tests.freebsd_machine.ifconfig_words import ALONE, WITH_ARGUMENT, IfconfigError, Line
from tests.freebsd_machine.links import settle
from tests.freebsd_machine.shown import shown
from tests.freebsd_machine.state import Interface, RefusedError, State

_FAMILIES = ("inet", "inet6", "link", "ether", "lladdr")
_ND6_WORDS = {
    "ifdisabled": "IFDISABLED",
    "accept_rtadv": "ACCEPT_RTADV",
    "auto_linklocal": "AUTO_LINKLOCAL",
    "no_radr": "NO_RADR",
    "no_dad": "NO_DAD",
    "no_prefer_iface": "NO_PREFER_IFACE",
    "prefer_source": "PREFER_SOURCE",
    "nud": "PERFORMNUD",
}
#: Words that change nothing that this machine has.
_IGNORED = re.compile(
    r"-?((rx|tx)csum6?|tso[46]?|lro|wol\w*|vlanhw\w*|vlanmtu|arp|staticarp|polling|linkstate"
    r"|use_flowid|promisc|lacp_\w+|defaultif|pltime|anycast|eui64|nomap|mextpg)\Z"
)
_IGNORED_WITH_ARGUMENT = {"metric", "media", "mediaopt", "lagghash", "flowid_shift", "wlandev"}


def ifconfig(state: State, arguments: list[str]) -> tuple[int, str, str]:
    """Run it: exit status and what it prints on both outputs."""
    words = list(arguments)
    options, form = "", ""
    while words and re.match(r"-[a-zA-Z]+\Z", words[0]):
        given = words.pop(0)[1:]
        options += given
        if given[-1] in "fgGj" and words:
            value = words.pop(0)
            form = value if given[-1] == "f" else form
    status, out, told = _run(state, options, words)
    if form == "inet:dotted":
        out = re.sub(r"netmask (0x[0-9a-f]{8})", _dotted, out)
    return status, out, told


def _dotted(mask: re.Match[str]) -> str:
    return f"netmask {IPv4Address(int(mask[1], 16))}"


def _run(state: State, options: str, words: list[str]) -> tuple[int, str, str]:
    if "D" in options and int(state.release.partition(".")[0]) < 14:
        return 1, "", "ifconfig: illegal option -- D\nusage: ifconfig ...\n"
    if "C" in options:
        return 0, " ".join(kernel.CLONERS) + "\n", ""
    family = words.pop(0) if words and words[0] in _FAMILIES and not state.find(words[0]) else ""
    if "l" in options:
        return 0, " ".join(one.name for one in _listed(state, options, family)) + "\n", ""
    if "a" in options or not words:
        text = (
            shown(state, one, family, with_driver="D" in options)
            for one in _listed(state, options, "")
        )
        return 0, "".join(text), ""
    return _one(state, words, with_driver="D" in options)


def _listed(state: State, options: str, family: str) -> list[Interface]:
    found = state.interfaces
    if family in ("ether", "link", "lladdr"):
        # Those with a link-level address; `ether` leaves loopback out (ifconfig.c, -l).
        found = [one for one in found if one.kind != "loopback"]
    if "u" in options:
        found = [one for one in found if one.up]
    if "d" in options:
        found = [one for one in found if not one.up]
    return found


def _one(state: State, words: list[str], *, with_driver: bool) -> tuple[int, str, str]:
    name, *rest = words
    out = ""
    try:
        if rest[:1] in (["create"], ["plumb"]):
            created = kernel.create(state, name)
            out = f"{created.name}\n" if created.name != name else ""
            rest = rest[1:]
        elif state.find(name) is None:
            return 1, "", f"ifconfig: interface {name} does not exist\n"
        else:
            created = state.get(name)
    except RefusedError as refused:
        if refused.name == "EEXIST":
            return 1, "", f"ifconfig: interface {name} already exists\n"
        return 1, "", f"ifconfig: SIOCIFCREATE2 ({name}): {refused}\n"
    if not rest and words[1:2] not in (["create"], ["plumb"]):
        return 0, shown(state, created, with_driver=with_driver), ""
    if rest and rest[0] in _FAMILIES and len(rest) == 1:
        return 0, shown(state, created, rest[0]), ""
    line = Line(state, created)
    try:
        _carry_out(line, rest)
    except IfconfigError as failed:
        return 1, out, "".join(line.warnings) + f"ifconfig: {failed}\n"
    return line.status, out, "".join(line.warnings)


def _carry_out(line: Line, words: list[str]) -> None:
    if words and words[0] in _FAMILIES:
        line.family = words.pop(0)
    while words:
        word = words.pop(0)
        if word in WITH_ARGUMENT or word in _IGNORED_WITH_ARGUMENT:
            if not words:
                raise IfconfigError(f"'{word}' requires argument")
            argument = words.pop(0)
            if word in WITH_ARGUMENT:
                WITH_ARGUMENT[word](line, argument)
        elif word in ALONE:
            ALONE[word](line)
            if word in ("destroy", "unplumb"):
                return
        elif word.lstrip("-") in _ND6_WORDS and line.family == "inet6":
            _nd6(line, word)
        elif not _IGNORED.match(word):
            _address(line, word)
    _set_address(line)


def _nd6(line: Line, word: str) -> None:
    flag = _ND6_WORDS[word.lstrip("-")]
    flags = [one for one in line.interface.nd6 if one != flag]
    line.interface.nd6 = flags if word.startswith("-") else [*flags, flag]
    settle(line.state)


def _address(line: Line, word: str) -> None:
    if line.family in ("link", "ether", "lladdr"):
        if not re.match(r"([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}\Z", word, re.IGNORECASE):
            raise IfconfigError(f"link_addr: malformed address {word}")
        kernel.set_mac(line.state, line.interface, word.lower())
        return
    bare, _, prefix = word.partition("/")
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        raise IfconfigError(f"{word}: bad value") from None
    if address.version != (6 if line.family == "inet6" else 4):
        raise IfconfigError(f"{word}: bad value")
    line.address = str(address)
    line.mask = prefix or line.mask


def _set_address(line: Line) -> None:
    if not line.address and not line.remove:
        return
    interface, state = line.interface, line.state
    family = interface.inet6 if line.family == "inet6" else interface.inet
    try:
        if line.remove:
            address = line.address or (family[0].address if family else "")
            kernel.remove_address(state, interface, address)
            return
        if not line.alias and line.family == "inet" and family:
            # Without `alias` an address goes: that of 0.0.0.0, or else the first, since none is
            # named (in_difaddr_ioctl() of sys/netinet/in.c).
            plain = [one.address for one in family]
            kernel.remove_address(state, interface, "0.0.0.0" if "0.0.0.0" in plain else plain[0])
        kernel.add_address(state, interface, f"{line.address}/{line.mask or _class(line)}")
    except RefusedError as refused:
        verb = "SIOCDIFADDR" if line.remove else "SIOCAIFADDR"
        raise IfconfigError(f"ioctl ({verb}): {refused}") from None


def _class(line: Line) -> int:
    """The prefix length of an address without one: its class's, or 64."""
    if line.family == "inet6":
        return 64
    first = int(line.address.partition(".")[0])
    return 8 if first < 128 else 16 if first < 192 else 24
