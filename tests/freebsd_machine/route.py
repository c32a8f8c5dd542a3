"""route(8) and netstat(1) -r."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_interface, ip_network

from tests.freebsd_machine.state import Interface, RefusedError, Route, State

_TAKES_A_WORD = {
    *(
        "-net",
        "-host",
        "-gateway",
        "-netmask",
        "-prefixlen",
        "-iface",
        "-interface",
        "-ifp",
        "-ifa",
    ),
    *("-fib", "-mtu", "-expire", "-hopcount", "-weight", "-dst"),
}


def route(state: State, arguments: list[str]) -> tuple[int, str, str]:
    """Run it: exit status and what it prints on both outputs."""
    words = list(arguments)
    options = ""
    while words and re.match(r"-[nqdtv46]+\Z", words[0]):
        options += words.pop(0)[1:]
    if "6" in options:
        words.append("-inet6")
    if not words:
        return 64, "", "usage: route [-j jail] [-46dnqtv] command [[modifiers] args]\n"
    verb, *rest = words
    try:
        if verb == "flush":
            return _flush(state, rest)
        if verb == "get":
            return _get(state, *_asked(rest), is_verbose="v" in options)
        if verb in ("add", "delete", "del", "change"):
            return _change(state, verb.replace("delete", "del"), *_asked(rest))
    except ValueError as error:
        return 68, "", f"route: bad address: {error}\n"
    return 64, "", f"route: {verb}: unknown keyword\n"


def _asked(words: list[str]) -> tuple[str, list[str], dict[str, str]]:
    """Address family, the plain words, and what the modifiers say."""
    family, plain, said = "inet", [], {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-inet6", "-6"):
            family = "inet6"
        elif word in ("-inet", "-4"):
            family = "inet"
        elif word in ("-iface", "-interface", "-net", "-host"):
            said[word] = "yes"
        elif word in _TAKES_A_WORD and rest:
            said[word] = rest.pop(0)
        elif word.startswith("-"):
            said[word] = "yes"
        else:
            plain.append(word)
    return family, plain, said


def _destination(family: str, plain: list[str], said: dict[str, str]) -> str:
    target = plain[0]
    if target == "default":
        return target
    if family == "inet6":
        address, _, prefix = target.partition("/")
        prefix = prefix or said.get("-prefixlen", "64" if "-net" in said else "128")
        return str(ip_network(f"{address.partition('%')[0]}/{prefix}", strict=False))
    if target.count(".") < 3 and "/" not in target:
        raise ValueError(target)
    # A netmask may stand as the third plain word: `add net 10.0.0.0 10.0.0.1 255.0.0.0`.
    mask = said.get("-netmask") or (plain[2] if len(plain) > 2 else "")
    address, _, prefix = target.partition("/")
    if "-net" in said and not (prefix or mask):
        first = int(address.partition(".")[0])
        mask = "8" if first < 128 else "16" if first < 192 else "24"
    return str(ip_network(f"{address}/{prefix or mask or 32}", strict=False))


def _change(
    state: State, verb: str, family: str, plain: list[str], said: dict[str, str]
) -> tuple[int, str, str]:
    kind = "net" if "-net" in said or plain[:1] == ["default"] else "host"
    if plain[:1] in (["net"], ["host"]):
        said[f"-{plain.pop(0)}"] = "yes"
    if not plain:
        return 64, "", "route: usage\n"
    destination = _destination(family, plain, said)
    gateway = plain[1] if len(plain) > 1 else said.get("-gateway", "")
    what = f"{verb.replace('del', 'delete')} {kind} {plain[0]}"
    there = next((one for one in _of(state, family) if one.destination == destination), None)
    told = f"{what}: gateway {gateway}" if gateway else what
    fib = int(said.get("-fib", "0").partition("-")[0])
    if verb == "del":
        if there is None:
            # The exit status is 1, and the sentence is on standard output, as for real.
            return 1, f"{told} fib {fib}: not in table\n", f"route: {_no('ESRCH')}\n"
        state.routes.remove(there)
        return 0, f"{told}\n", ""
    if verb == "add" and there is not None:
        return 1, f"{told} fib {fib}: route already in table\n", f"route: {_no('EEXIST')}\n"
    if verb == "change" and there is None:
        return 1, f"{told} fib {fib}: not in table\n", f"route: {_no('ESRCH')}\n"
    try:
        new = _made(state, family, destination, gateway, said)
    except RefusedError as refused:
        return 1, f"{told} fib {fib}: {refused}\n", f"route: writing to routing socket: {refused}\n"
    state.routes = [one for one in state.routes if one is not there]
    state.routes.append(new)
    return 0, f"{told}\n", ""


def _no(name: str) -> str:
    return f"writing to routing socket: {RefusedError(name)}"


def _made(state: State, family: str, destination: str, gateway: str, said: dict[str, str]) -> Route:
    single = destination.endswith("/32") or destination.endswith("/128")
    flags = "UH" if single else "U"
    if "-iface" in said or "-interface" in said:
        through = state.find(gateway)
        if through is None:
            raise RefusedError("ENETUNREACH")
        return Route(family, destination, f"link#{through.index}", through.name, f"{flags}S")
    if "-reject" in said or "-blackhole" in said:
        return Route(family, destination, gateway, "lo0", f"{flags}GRS")
    found = reach(state, gateway)
    if found is None:
        raise RefusedError("ENETUNREACH")
    interface, source = found
    return Route(family, destination, gateway, interface.name, f"{flags}GS", source)


def reach(state: State, address: str) -> tuple[Interface, str] | None:
    """The interface on whose own network an address is, and its address there."""
    plain, _, scope = address.partition("%")
    wanted = ip_address(plain)
    for interface in state.interfaces:
        if scope and scope != interface.name:
            continue
        for one in (*interface.inet, *interface.inet6):
            network = ip_interface(f"{one.address}/{one.prefix}")
            same = network.version == wanted.version and wanted in network.network
            if same and (scope or not wanted.is_link_local or wanted.version == 4):
                return interface, one.address
    return None


def _flush(state: State, words: list[str]) -> tuple[int, str, str]:
    families = ["inet6"] if "-inet6" in words else ["inet"] if "-inet" in words else []
    state.routes = [one for one in state.routes if families and one.family not in families]
    return 0, "", ""


def _get(
    state: State, family: str, plain: list[str], said: dict[str, str], *, is_verbose: bool
) -> tuple[int, str, str]:
    target = plain[0] if plain and plain[0] not in ("0.0.0.0/0", "::/0") else "default"
    found = next((one for one in _of(state, family) if one.destination == "default"), None)
    interface = found.interface if found else ""
    gateway = found.gateway if found else ""
    if target != "default":
        on_link = reach(state, target)
        if on_link is not None:
            interface, gateway = on_link[0].name, ""
    if not interface:
        return 1, "", "route: route has not been found\n"
    lines = [
        f"   route to: {target}",
        "destination: default" if gateway else f"destination: {target}",
    ]
    if gateway:
        lines += ["       mask: default", f"    gateway: {gateway}"]
    lines += [
        "        fib: 0",
        f"  interface: {interface}",
        "      flags: <UP,GATEWAY,DONE,STATIC>" if gateway else "      flags: <UP,DONE,PINNED>",
        " recvpipe  sendpipe  ssthresh  rtt,msec    mtu        weight    expire",
        f"{0:8}{0:10}{0:10}{0:10}{state.get(interface).mtu:10}{1:10}{0:10}",
    ]
    if is_verbose:
        source = found.source if found and gateway else ""
        mask = "default" if gateway else ""
        lines += ["", "locks:  inits: ", "sockaddrs: <DST,GATEWAY,NETMASK,IFP,IFA>"]
        lines.append(" " + " ".join(filter(None, [target, gateway, mask, interface, source])))
    return 0, "\n".join(lines) + "\n", ""


def _of(state: State, family: str) -> Iterator[Route]:
    """The routes of a family: those that were added, and those of the addresses."""
    return (one for one in state.routes if one.family == family)


def netstat(state: State, arguments: list[str]) -> tuple[int, str, str]:
    """`netstat -rn`, of both families or of the one after -f (or -4, -6)."""
    words = list(arguments)
    options = "".join(word[1:] for word in words if word.startswith("-"))
    wrong = next((one for one in words if one.startswith("--")), "")
    if wrong:
        return 1, "", f"netstat: illegal option -- {wrong[1:2]}\n"
    family = words[words.index("-f") + 1] if "-f" in words else ""
    family = family or ("inet" if "4" in options else "inet6" if "6" in options else "")
    if "r" not in options:
        return 64, "", "usage: netstat -rn [-f family]\n"
    text = "Routing tables\n"
    for one, title, width in (("inet", "Internet", 18), ("inet6", "Internet6", 34)):
        if family in ("", one):
            text += f"\n{title}:\n" + _table(state, one, width)
    return 0, text, ""


def _table(state: State, family: str, width: int) -> str:
    head = f"{'Destination':<{width}} {'Gateway':<{width}} {'Flags':<8} {'Netif':>6} Expire\n"
    rows = [
        (
            one.destination.removesuffix("/32").removesuffix("/128"),
            one.gateway,
            one.flags,
            one.interface,
        )
        for one in _of(state, family)
    ]
    for interface in state.interfaces:
        for address in interface.inet if family == "inet" else interface.inet6:
            network = str(ip_interface(f"{address.address}/{address.prefix}").network)
            scope = f"%{interface.name}" if network.startswith("fe80:") else ""
            net, _, prefix = network.partition("/")
            rows.append((f"{net}{scope}/{prefix}", f"link#{interface.index}", "U", interface.name))
            rows.append((f"{address.address}{scope}", f"link#{interface.index}", "UHS", "lo0"))
    rows.sort(key=lambda row: (row[0] != "default", row))
    return head + "".join(
        f"{to:<{width}} {via:<{width}} {flags:<8} {netif:>6}\n" for to, via, flags, netif in rows
    )
