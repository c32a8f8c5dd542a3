"""rc.conf: which interface has a NIC's settings, and new addresses in the old ones' place.

The variables are those of libexec/rc/network.subr in freebsd/freebsd-src.
Ports, MTU and whatever else a line says stay where they are.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_interface, ip_network

from hyperv_net.errors import HypervNetError
from hyperv_net.marks import BEGIN, END
from hyperv_net.model import RenderedFile
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import resolv_conf
from hyperv_net.renderers.freebsd.paths import FILE, RESOLV
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.later import later_files
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile, is_safe
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.parts import Addressing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hyperv_net.model import Rendered

_DHCP = frozenset(("DHCP", "SYNCDHCP", "NOSYNCDHCP"))
#: How rcfile writes a list of which only the shell knows what is in it already.
_EXTENDED = re.compile(r'^([A-Za-z_][A-Za-z0-9_]*)="\$\{\1\} ([^"$`\\]*)"$', re.MULTILINE)
_FLAGS = frozenset(("accept_rtadv", "no_dad", "auto_linklocal", "ifdisabled"))


def owner(existing: Mapping[str, str], name: str, mac: str | None) -> str:
    """The interface that has the settings of the NIC: a lagg over it, or itself as configured.

    `name` may be the driver's (hn0) where rc.conf renames the NIC.
    """
    rc = RcFile(existing.get(FILE, ""), FILE)
    names = {name}
    configured = name
    for variable in rc.names():
        if variable == f"ifconfig_{variable_part(name)}_name":
            configured = rc.value(variable) or name
            names.add(configured)
    for variable in rc.names():
        found = re.fullmatch(r"ifconfig_([A-Za-z0-9_]+)", variable)
        value = rc.value(variable)
        if found and value and names & set(parse_main_line(value).ports):
            return _clone(rc, found[1])
    return configured


def interface(existing: Mapping[str, str], device: str, name: str) -> str:
    """The interface of the device, which is named by it."""
    return device


def _clone(rc: RcFile, part: str) -> str:
    """The name of a cloned interface; a variable's name has `_` for what it cannot have."""
    clones = (rc.value("cloned_interfaces") or "").split()
    renamed = [rc.value(f"ifconfig_{variable_part(one)}_name") or one for one in clones]
    return next((one for one in renamed if variable_part(one) == part), part)


def addressing(existing: Mapping[str, str], device: str, mac: str | None = None) -> Addressing:
    """What rc.conf and the files read after it say about the interface `device`."""
    values = values_of(existing)
    part = variable_part(device)
    main = values.get(f"ifconfig_{part}", values.get("ifconfig_DEFAULT", ""))
    lines = [main, *(value for _, value in _aliases(values, part))]
    lines += [values.get(f"ifconfig_{part}_ipv6", "")]
    return Addressing(
        dhcp=parse_main_line(main).dhcp is not None,
        addresses=tuple(dict.fromkeys(text for line in lines for text in _addresses(line))),
        nameservers=tuple(nameservers(existing)),
    )


def nameservers(existing: Mapping[str, str]) -> list[str]:
    """Those of resolv.conf(5), which FreeBSD has one of."""
    return resolv_conf.nameservers(existing.get(RESOLV, ""))


def put(
    existing: Mapping[str, str],
    device: str,
    settings: Mapping[str, Any],
    render: Callable[[Mapping[str, str]], Rendered],
    *,
    replaces_ipv6: bool,
    mac: str | None = None,
) -> list[RenderedFile]:
    """The files that change for the interface to have `settings`, a network config's device.

    Raises HypervNetError where rc.conf cannot be edited safely.
    """
    resolver = {RESOLV: existing[RESOLV]} if RESOLV in existing else {}
    rendered = {file.path: file.text for file in render(resolver).files}
    new = RcFile(rendered.pop(FILE), FILE)
    rc = RcFile(existing.get(FILE, ""), FILE)
    part = variable_part(device)
    old = {name: rc.value(name) for name in rc.names()}
    _check(rc, part, replaces_ipv6=replaces_ipv6)

    changes: dict[str, str | None] = {}
    main, ipv6 = _by_family(old.get(f"ifconfig_{part}", old.get("ifconfig_DEFAULT")) or "")
    ipv6 = old.get(f"ifconfig_{part}_ipv6") or ipv6
    changes[f"ifconfig_{part}"] = _main_line(main, new.value(f"ifconfig_{part}") or "")
    changes[f"ipv4_addrs_{part}"] = None
    aliases = [value for _, value in _aliases(old, part) if _stays(value, replaces_ipv6)]
    aliases += [value for _, value in _aliases({n: new.value(n) for n in new.names()}, part)]
    for name, _ in _aliases(old, part):
        changes[name] = None
    changes.update((f"ifconfig_{part}_alias{n}", value) for n, value in enumerate(aliases))
    changes.update(_gateways(old, new, part, replaces_ipv6=replaces_ipv6))
    if replaces_ipv6:
        wanted = new.value(f"ifconfig_{part}_ipv6") or ""
        ipv6 = _ipv6_line(ipv6, wanted, is_lagg=bool(parse_main_line(main).proto))
    if ipv6 != (old.get(f"ifconfig_{part}_ipv6") or ""):
        changes[f"ifconfig_{part}_ipv6"] = ipv6
    _keep_block(rc, existing.get(FILE, ""), changes)
    for name, value in changes.items():
        if value is None:
            rc.remove(name)
        else:
            rc.assign(name, value)
    return [
        RenderedFile(FILE, rc.text()),
        *(RenderedFile(path, text) for path, text in rendered.items()),
    ]


def _check(rc: RcFile, part: str, *, replaces_ipv6: bool) -> None:
    """Refuse what an edit would not reach: conditions, readonly, values only the shell knows."""
    ours = [f"ifconfig_{part}", f"ipv4_addrs_{part}", "defaultrouter"]
    ours += [name for name in rc.names() if re.fullmatch(rf"ifconfig_{part}_alias[0-9]+", name)]
    ours += [f"ifconfig_{part}_ipv6", "ipv6_defaultrouter"] if replaces_ipv6 else []
    for name in ours:
        if rc.is_unknown(name) or rc.is_fixed(name) or rc.conditional(name):
            raise HypervNetError(
                f"{name} is set in a way that only the shell understands",
                where=rc.line(name),
                hint="set it once, to a plain value",
            )
    combined = f"ifconfig_{part}_aliases"
    if re.search(r"\binet ", rc.value(combined) or ""):
        raise HypervNetError(
            f"{combined} has addresses that cannot be taken out of it",
            where=rc.line(combined),
            hint=f"put each into an ifconfig_{part}_aliasN of its own",
        )


def _keep_block(rc: RcFile, text: str, changes: Mapping[str, str | None]) -> None:
    """Set again, in their order, the variables of hyperv-net's block, which would go otherwise."""
    for name in rc.names():
        value = changes.get(name, rc.value(name))
        if rc.is_ours(name) and value is not None:
            rc.assign(name, value)
    block = text.partition(f"{BEGIN}\n")[2].partition(END)[0]
    for name, words in _EXTENDED.findall(block):
        rc.extend(name, words.split())


def _by_family(line: str) -> tuple[str, str]:
    """What a line says before `inet6` and from there on: with an address it must be two lines."""
    words = line.split()
    at = words.index("inet6") if "inet6" in words else len(words)
    return " ".join(words[:at]), " ".join(words[at:])


def _main_line(old: str, new: str) -> str:
    """The old line with its address or its word for DHCP replaced.

    The address stands in front: ifconfig(8) takes no address family later on.
    """
    line, words = parse_main_line(old), old.split()
    if not all(map(is_safe, words)):
        raise HypervNetError(
            f"cannot be edited: {old!r}", where=Place(FILE), hint="make it plain words"
        )
    inet = list(line.inet)
    at = next((n for n in range(len(words)) if inet and words[n : n + len(inet)] == inet), 0)
    rest = [*words[:at], *words[at + len(inet) :]]
    rest = [word for word in rest if word.upper() not in _DHCP]
    wanted = parse_main_line(new)
    if wanted.dhcp is not None:
        return " ".join((*rest, line.dhcp or wanted.dhcp))
    return " ".join((*wanted.inet, *rest)) or "up"


def _ipv6_line(old: str, new: str, *, is_lagg: bool) -> str:
    """The new line with the flags of the old; a lagg would hear its own duplicate detection."""
    kept = [word for word in old.split() if word.lstrip("-") in _FLAGS]
    if is_lagg and "no_dad" not in kept:
        kept.insert(0, "no_dad")
    first, *words = new.split() or ["inet6"]
    return " ".join((first, *(word for word in kept if word not in words), *words))


def _gateways(
    old: Mapping[str, str | None], new: RcFile, part: str, *, replaces_ipv6: bool
) -> Iterator[tuple[str, str | None]]:
    """The default routes: the new one, or none where the old one led through the interface."""
    variables = ["defaultrouter", *(["ipv6_defaultrouter"] if replaces_ipv6 else [])]
    networks = [
        ip_network(address, strict=False)
        for line in (
            old.get(f"ifconfig_{part}"),
            old.get(f"ifconfig_{part}_ipv6"),
            *(value for _, value in _aliases(old, part)),
        )
        for address in _addresses(line or "")
    ]
    for variable in variables:
        value, before = new.value(variable), old.get(variable)
        if value is not None:
            yield variable, value
        elif before and _leads_through(before, part, networks):
            yield variable, None


def _leads_through(gateway: str, part: str, networks: list[Any]) -> bool:
    host, _, scope = gateway.partition("%")
    if scope:
        return variable_part(scope) == part
    try:
        return any(ip_address(host) in network for network in networks)
    except ValueError:
        return False


def is_gateway(text: str) -> bool:
    """Whether a default route's variable has an address, and not `NO` or words for route(8)."""
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _stays(value: str, replaces_ipv6: bool) -> bool:
    """Whether an alias is about something else than the addresses that are replaced."""
    family = next((6 if ":" in text else 4 for text in _addresses(value)), None)
    return family is None or (family == 6 and not replaces_ipv6)


def values_of(existing: Mapping[str, str]) -> dict[str, str]:
    """What the variables are once rc has read all its files, a later one last."""
    values: dict[str, str] = {}
    for path in (FILE, *later_files(existing)):
        rc = RcFile(existing.get(path, ""), path)
        for name in rc.names():
            value = rc.value(name)
            if value is not None:
                values[name] = value
    return values


def _aliases(values: Mapping[str, str | None], part: str) -> list[tuple[str, str]]:
    found = (
        (int(match[1]), name, value)
        for name, value in values.items()
        if (match := re.fullmatch(rf"ifconfig_{part}_alias([0-9]+)", name)) and value is not None
    )
    return [(name, value) for _, name, value in sorted(found)]


def _addresses(line: str) -> Iterator[str]:
    """The addresses of one line with their prefix lengths, as ifconfig(8) reads them."""
    words = line.split()
    for at, word in enumerate(words):
        host, _, prefix = word.partition("/")
        try:
            address = ip_address(host)
        except ValueError:
            continue
        before, following = words[at - 1] if at else "", words[at + 1 : at + 3]
        if before in ("netmask", "broadcast") or address.is_unspecified:
            continue
        if not prefix and len(following) == 2 and following[0] in ("netmask", "prefixlen"):
            prefix = following[1]
        try:
            yield str(ip_interface(f"{host}/{prefix}" if prefix else host))
        except ValueError:
            continue
