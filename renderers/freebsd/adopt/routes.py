"""Static routes of rc.conf that route(8) does not take, and those that rc(8) does not find.

newroute() and getaddr() of sbin/route/route.c: a name may stand for any address, so that only what
looks like an address and is none is an error; of a longer prefix than an IPv4 address has it makes
the mask of another network.  rc.d/routing passes on the words of `route_NAME` for each NAME of
`static_routes`, which may have the interface behind a colon; of one that fails it says so, and goes
on with the next.  What is wrong is lost already, then, and its line stays as it is: a warning.
"""

from __future__ import annotations

import re
from functools import partial

from hyperv_net.guessing import slip_of
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig.values import shown
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.checking import is_wrong_quad, number
from hyperv_net.renderers.freebsd.adopt.addresses import ipv4, ipv6
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hyperv_net.places import Place
    from hyperv_net.renderers.checking import Checker, Fits
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile

    #: What a word has to be, what tells whether it is, and the word.
    Word = tuple[str, Fits, str]

#: Prefix of the variables → the version of their addresses.
_FAMILIES = {"": 4, "ipv6_": 6}
_VERSIONS = {"4": 4, "inet": 4, "6": 6, "inet6": 6}
#: Addresses of families that nobody has checked since.
_OTHER_FAMILIES = frozenset(["link", "sa", "iso", "osi", "x25", "xns"])
_METRICS = frozenset(
    ["expire", "hopcount", "mtu", "recvpipe", "rtt", "rttvar", "sendpipe", "ssthresh", "weight"]
)
_WITH_ARGUMENT = frozenset(
    [*_METRICS, "dst", "fib", "gateway", "genmask", "ifa", "ifp", "netmask", "prefixlen"]
)
_INTERFACE = frozenset(["iface", "interface"])
#: With these the kernel needs no gateway, or knows one.
_WITHOUT_GATEWAY = frozenset(["blackhole", "ifp", "reject"])
#: sbin/route/keywords.
_KEYWORDS = frozenset(
    (
        *(*_WITH_ARGUMENT, *_VERSIONS, *_OTHER_FAMILIES, *_INTERFACE, *_WITHOUT_GATEWAY),
        *("cloning", "host", "llinfo", "lock", "lockrest", "mask", "net", "nostatic", "nostick"),
        *("proto1", "proto2", "proxy", "static", "sticky", "xresolve"),
    )
)
_FIB = re.compile(r"all\Z|default\Z|.*[0-9]")
_LEADING_NUMBER = re.compile(r"-?[0-9]*")
_metric = number(-(1 << 63), (1 << 63) - 1)


def check_routes(checker: Checker, files: Sequence[RcFile], *, are_all: bool) -> None:
    """Have a warning noted of each route that fails; `are_all`: nothing else can set a variable."""
    for prefix, version in _FAMILIES.items():
        listing = f"{prefix}static_routes"
        checked = set()
        for rc in files:
            listed = (rc.value(listing) or "").split() if rc.is_foreign(listing) else ()
            for element in listed:
                name = element.rpartition(":")[0] or element
                variable = f"{prefix}route_{variable_part(name)}"
                having = [one for one in files if one.has(variable)]
                if not having and are_all:
                    where = rc.stands(listing, element)._replace(key=(listing,))
                    what, hint = f"there is no {variable}", "set it, or take the name out"
                    checker.findings.append(_lost(what, where, hint))
                for one in having if variable not in checked else ():
                    _check(checker, one, variable, version)
                checked.add(variable)


def _check(checker: Checker, rc: RcFile, variable: str, version: int) -> None:
    value = rc.value(variable)
    if value is None or not rc.is_foreign(variable):
        return
    for what, fits, word in _checked_words(value, version):
        if not fits(word):
            where = rc.stands(variable, word)._replace(key=(variable,))
            hint = "route refuses it, and the others are added"
            checker.findings.append(_lost(f"not {what}: {shown(word)}", where, hint))


def _lost(message: str, where: Place, hint: str) -> Finding:
    return Finding("route-refused", Severity.WARNING, message, where, hint)


class _Seen(NamedTuple):
    """Which parts of a route have been there: what follows depends on it."""

    version: int
    destination: bool = False
    gateway: bool = False
    is_interface: bool = False


def _checked_words(value: str, version: int) -> Iterator[Word]:
    """Each word of a route that has to be something."""
    words = iter(value.split())
    seen = _Seen(version)
    options = set()
    for word in words:
        option = word[1:] if word.startswith("-") else _positional(seen)
        options.add(option)
        if option in _OTHER_FAMILIES:
            return
        if option not in _KEYWORDS:
            # What follows may be its own, where it is one of a later release.
            yield "an option of route(8)", lambda text: not slip_of(text[1:], _KEYWORDS), word
            return
        argument: str | None = word
        if option in _WITH_ARGUMENT and word.startswith("-"):
            argument = next(words, None)
            if argument is None:
                yield "an option with what belongs to it", _never, word
                return
        if option in _WITH_ARGUMENT:
            yield from _of_option(option, str(argument), seen)
        seen = _after(seen, option)
    if not seen.destination:
        yield "a route with a destination", _never, value
    elif not seen.gateway and options.isdisjoint(_WITHOUT_GATEWAY):
        yield "a route with a gateway", _never, value


def _positional(seen: _Seen) -> str:
    """What a word is that stands behind no option."""
    return "dst" if not seen.destination else "gateway" if not seen.gateway else "netmask"


def _after(seen: _Seen, option: str) -> _Seen:
    return _Seen(
        _VERSIONS.get(option, seen.version),
        seen.destination or option == "dst",
        seen.gateway or option == "gateway",
        seen.is_interface or option in _INTERFACE,
    )


def _of_option(option: str, word: str, seen: _Seen) -> Iterable[Word]:
    an_address = f"an IPv{seen.version} address"
    if option in _METRICS:
        return (("a number", _metric, word),)
    if option == "fib":
        return (("a routing table", lambda text: _FIB.match(text) is not None, word),)
    if option == "prefixlen":
        return (("a prefix length", partial(_length, 32 if seen.version == 4 else 128), word),)
    if option == "dst":
        network = ipv6 if seen.version == 6 else _ipv4_network
        return ((f"an IPv{seen.version} network", network, word),)
    if option == "ifp" or (option == "gateway" and seen.is_interface):
        return ()
    return ((an_address, _plain_ipv6 if seen.version == 6 else _plain_ipv4, word),)


def _never(text: str) -> bool:
    return False


def _length(longest: int, text: str) -> bool:
    """A prefix length as atoi(3) reads it."""
    digits = _LEADING_NUMBER.match(text)[0]  # type: ignore[index]
    return digits in ("", "-") or number(0, longest)(digits)


def _ipv4_network(text: str) -> bool:
    return ":" not in text and ipv4(text)


def _plain_ipv4(text: str) -> bool:
    plain, slash, _ = text.partition("/")
    looks_like_one = plain.replace(".", "").isdecimal()
    return ":" not in text and not is_wrong_quad(plain) and not (slash and looks_like_one)


def _plain_ipv6(text: str) -> bool:
    return ipv6(text) and not (":" in text and "/" in text)
