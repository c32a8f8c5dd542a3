"""Values of rc.conf that ifconfig(8) and route(8) refuse, and variables that rc(8) never reads.

A name may stand for any address (in_getaddr() of sbin/ifconfig/af_inet.c asks the resolver), so
that only what looks like one and is none is an error; of an MTU atoi(3) takes the digits, and the
kernel refuses what is not from 72 to 65535 (IF_MINMTU, SIOCSIFMTU of sys/net/if.c).  Anybody may
have variables of their own: a slip is told of only where a known interface is named behind it.
"""

from __future__ import annotations

import re
from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.checking import Checker, number
from hyperv_net.renderers.freebsd.adopt.addresses import ipv4, ipv6
from hyperv_net.renderers.freebsd.adopt.routes import check_routes
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.further import SETS
from hyperv_net.renderers.freebsd.rc_conf.later import includes, later_files
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part, variable_part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hyperv_net.model import Inventory
    from hyperv_net.places import Place
    from hyperv_net.renderers.checking import Fits

#: Words of ifconfig(8) that an IPv4 address follows, or that one stands behind by itself.
_BEFORE_IPV4 = frozenset(["inet", "alias", "netmask", "broadcast"])
#: Behind these the words are somebody's own.
_OWN_WORDS = frozenset(["descr", "description"])
_ROUTERS = ("defaultrouter", "ipv6_defaultrouter")
#: Variables that are read whatever interfaces there are.
_WHOLE = (*_ROUTERS, "cloned_interfaces", "static_routes", "ipv6_static_routes")
#: What stands before the name of an interface in a variable's.
_BEFORE_A_NAME = ("ifconfig_", "ipv4_addrs_", "vlans_", "create_args_", "dhclient_flags_")
_LEADING_DIGITS = re.compile(r"[0-9]*")
_mtu = number(72, 65535)


def _is_mtu(text: str) -> bool:
    return _mtu(_LEADING_DIGITS.match(text)[0])  # type: ignore[index]


def checker_of(existing: Mapping[str, str], inventory: Inventory) -> Checker:
    """What is wrong with the variables of rc.conf and of the files that are read after it."""
    checker = Checker("ifconfig and route refuse it")
    files = []
    for path in (FILE, *later_files(existing)):
        with suppress(HypervNetError):  # The renderer has a finding for it.
            files.append(RcFile(existing[path], path))
    names = {variable_part(nic.name) for nic in inventory.nics}
    for rc in files:
        names |= {interface_part(one) or "" for one in rc.names()}
        names |= set(map(variable_part, (rc.value("cloned_interfaces") or "").split()))
    for rc in files:
        for variable in filter(rc.is_foreign, rc.names()):
            place = rc.named(variable)._replace(key=(variable,))
            checker.key(list(_meant(variable, names)), variable, place)
            _check(checker, rc, variable)
    check_routes(checker, files, are_all=_are_all(existing, files))
    return checker


def _are_all(existing: Mapping[str, str], files: Collection[RcFile]) -> bool:
    """Whether no variable is set by what only the shell knows, or in a file that is not there."""
    included = (path in existing for path, _, _ in includes(existing))
    commands = (one.words[0] for rc in files for one in rc.commands)
    is_read = len(files) == 1 + len(later_files(existing))
    return is_read and all(included) and SETS.isdisjoint(commands)


def _meant(variable: str, names: Collection[str]) -> Iterator[str]:
    """Known variables, of which this one may be a slip; itself where it is one."""
    yield from _WHOLE
    if interface_part(variable) is not None:
        yield variable
        return
    for before in _BEFORE_A_NAME:
        for length in range(len(before) - 1, len(before) + 2):
            found = interface_part(f"{before}{variable[length:]}")
            if found in names and variable[length - 1 : length] == "_":
                yield f"{before}{variable[length:]}"


def _check(checker: Checker, rc: RcFile, variable: str) -> None:
    value = rc.value(variable)
    if value is None:
        return
    for what, fits, word in _checked_words(variable, value.split()):
        place: Place = rc.stands(variable, word)._replace(key=(variable,))
        checker.value(what, fits, word, place)


def _checked_words(variable: str, words: list[str]) -> Iterator[tuple[str, Fits, str]]:
    """What a word has to be, what tells whether it is, and the word."""
    if variable in _ROUTERS or variable.startswith("ipv4_addrs_"):
        fits = ipv6 if variable.startswith("ipv6_") else ipv4
        yield from (("an IP address", fits, one) for one in words)
    if not variable.startswith("ifconfig_") or variable.endswith(("_descr", "_name")):
        return
    before = "inet"
    for word in words:
        if before in _OWN_WORDS:
            return
        if before == "mtu":
            yield "an MTU from 72 to 65535", _is_mtu, word
        elif before == "inet6":
            yield "an IPv6 address", ipv6, word
        elif before in _BEFORE_IPV4:
            yield "an IPv4 address", ipv4, word
        before = word
