"""Routes: `defaultrouter`, `static_routes` and their IPv6 twins (rc.conf(5), rc.d/routing)."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from hyperv_net.names import is_plain_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path

_REJECTING = {"blackhole": "-blackhole", "unreachable": "-reject", "prohibit": "-reject"}
_LOOPBACK = {4: "127.0.0.1", 6: "::1"}
_DEFAULT = {4: ip_network("0.0.0.0/0"), 6: ip_network("::/0")}
#: Keys of a route that FreeBSD has no word for.
_NO_WORD = {
    "metric": "FreeBSD's routes have no metric",
    "from": "FreeBSD chooses the source address by itself",
    "scope": "FreeBSD's routes have no scope",
    "congestion-window": "route(8) cannot set it",
    "advertised-receive-window": "route(8) cannot set it",
    "advertised-mss": "route(8) cannot set it",
}


class _Route(NamedTuple):
    """A route whose parts were read and are printed anew."""

    path: Path
    to: IPv4Network | IPv6Network
    via: str | None
    interface: str | None
    fib: int | None
    on_link: bool
    words: str
    metric: int
    expressed: tuple[Path, ...] = ()

    @property
    def version(self) -> int:
        return self.to.version

    @property
    def is_default(self) -> bool:
        return self.to == _DEFAULT[self.version]


def has_gateway(device: Node) -> bool:
    """Whether some route of the device leads through a gateway."""
    routes = device.get("routes") or Node(())
    return any(device.get(key) for key in ("gateway4", "gateway6")) or any(
        one.get("via") for one in routes.elements()
    )


def place_routes(
    draft: Draft, device: Node, path: Path, interface: str | None, fib: int | None
) -> list[_Route]:
    """The routes of a device (or of none), read; those that cannot be are dropped.

    `fib` is the routing table that the device's routes belong to: a gateway
    behind an interface of one table cannot be reached from another.
    """
    found = []
    for key, everywhere in (("gateway4", "0.0.0.0/0"), ("gateway6", "::/0")):
        gateway = device.get(key)
        if gateway is not None:
            entry = Node({"to": Node(everywhere), "via": gateway})
            at = (*path, key)
            found.append(_read(draft, entry, at, interface, fib, expressed=(at,)))
    listed = device.get("routes") or Node(())
    for index, entry in enumerate(listed.elements()):
        at = (*path, "routes", index)
        expressed = tuple((*at, key) for key, _ in entry.items() if key not in _NO_WORD)
        for key, reason in _NO_WORD.items():
            draft.account.drop((*at, key), reason)
        found.append(_read(draft, entry, at, interface, fib, expressed=expressed))
    return [one for one in found if one is not None]


def _read(
    draft: Draft,
    entry: Node,
    path: Path,
    interface: str | None,
    fib: int | None,
    *,
    expressed: tuple[Path, ...],
) -> _Route | None:
    """One route; None, with the reason noted, where FreeBSD cannot have it."""
    plain = {key: one.value for key, one in entry.items()}
    via_text = str(plain["via"]) if plain.get("via") is not None else None
    try:
        via = ip_address(via_text.split("%")[0]) if via_text is not None else None
        version = 6 if (via is not None and via.version == 6) else 4
        to_text = str(plain.get("to", ""))
        to = _DEFAULT[version] if to_text == "default" else ip_network(to_text, strict=False)
    except ValueError:
        draft.account.drop(path, "not a route between IP addresses")
        return None
    if via is not None and via.version != to.version:
        draft.account.drop(path, "its gateway is of another address family")
        return None
    kind = str(plain.get("type", "unicast"))
    if kind not in (*_REJECTING, "unicast") or (
        via is None and not interface and kind == "unicast"
    ):
        draft.account.drop(
            path, f"route(8) has no word for it: {kind} without gateway or interface"
        )
        return None
    table = plain.get("table", fib)
    if table == 254:  # Linux's main table
        table = None
    # A table that the interface itself is in exists, whatever loader.conf says.
    known = interface is not None and table == fib
    if table is not None and not known and table not in range(draft.fibs):
        draft.account.drop(
            path,
            f"routing table {table!r} needs net.fibs in /boot/loader.conf, which is {draft.fibs}",
        )
        return None
    words = f" -mtu {plain['mtu']}" if isinstance(plain.get("mtu"), int) else ""
    gateway = str(via) if via is not None else None
    if via is not None and via.is_link_local and via.version == 6:
        scope = interface or (via_text or "").partition("%")[2]
        if not is_plain_name(scope):
            draft.account.drop(path, "a link-local gateway needs an interface")
            return None
        gateway = f"{via}%{scope}"
    metric = plain.get("metric")
    return _Route(
        path=path,
        to=to,
        via=gateway if kind == "unicast" else f"{_LOOPBACK[to.version]} {_REJECTING[kind]}",
        interface=interface,
        fib=table if isinstance(table, int) and table else None,
        on_link=plain.get("on-link") is True and kind == "unicast",
        words=words,
        metric=metric if isinstance(metric, int) else 0,
        expressed=expressed,
    )


def write_routes(draft: Draft, routes: list[_Route]) -> None:
    """Turn all routes of the configuration into variables.

    The default route with the lowest metric goes to `defaultrouter`; a second
    one for the same table cannot be had.
    """
    taken: dict[tuple[int, int | None], _Route] = {}
    for route in sorted((one for one in routes if one.is_default), key=lambda one: one.metric):
        first = taken.setdefault((route.version, route.fib), route)
        if first is not route:
            same = first.via == route.via and first.interface == route.interface
            for path in route.expressed:
                if same:
                    draft.place(_default_variable(first), [path])
                else:
                    draft.account.drop(path, f"FreeBSD has one default route, through {first.via}")
    for route in routes:
        if route.is_default and taken[(route.version, route.fib)] is not route:
            continue
        if route.is_default and _has_own_variable(route):
            draft.assign(_default_variable(route), str(route.via), route.expressed)
        else:
            _static(draft, route)


def _has_own_variable(route: _Route) -> bool:
    """Whether the default route is nothing but a gateway that the interface reaches."""
    plain = not (route.words or route.on_link or route.fib)
    return plain and route.via is not None and " " not in route.via


def _default_variable(route: _Route) -> str:
    return "defaultrouter" if route.version == 4 else "ipv6_defaultrouter"


def _static(draft: Draft, route: _Route) -> None:
    prefix = "" if route.version == 4 else "ipv6_"
    suffix = f"{route.words}{f' -fib {route.fib}' if route.fib else ''}"
    if route.on_link and route.via is not None and route.interface is not None:
        host = route.via.split("%")[0]
        if not ip_address(host).is_link_local or route.version == 4:
            fib = f" -fib {route.fib}" if route.fib else ""
            length = _destination(ip_network(host))
            name = _name(
                draft, prefix, f"gateway_{host}", f"{length} -iface {route.interface}{fib}"
            )
            _listed(draft, prefix, name, route, f"{length} -iface {route.interface}{fib}", ())
    target = f"-iface {route.interface}" if route.via is None else route.via
    value = f"{_destination(route.to)} {target}{suffix}"
    name = _name(draft, prefix, f"net_{route.to}", value)
    _listed(draft, prefix, name, route, value, route.expressed)
    if route.is_default and not route.fib and draft.rc.is_foreign(_default_variable(route)):
        draft.assign(_default_variable(route), "NO")


def _destination(network: IPv4Network | IPv6Network) -> str:
    """As route(8) wants it; rc.d/routing itself puts `-inet6` before an IPv6 route."""
    if network == _DEFAULT[network.version]:
        return "default"
    if network.version == 6:
        return f"{network.network_address} -prefixlen {network.prefixlen}"
    return f"-net {network}"


def _name(draft: Draft, prefix: str, about: str, value: str) -> str:
    """A name that tells what the route is for, unlike those of other routes."""
    stem = re.sub(r"[^A-Za-z0-9]", "_", about)
    name, number = stem, 2
    while draft.rc.is_foreign(f"{prefix}route_{name}") or (
        draft.variables.get(f"{prefix}route_{name}", value) != value
    ):
        name, number = f"{stem}_{number}", number + 1
    return name


def _listed(
    draft: Draft, prefix: str, name: str, route: _Route, value: str, paths: tuple[Path, ...]
) -> None:
    element = f"{name}:{route.interface}" if route.interface else name
    draft.element(f"{prefix}static_routes", element)
    draft.assign(f"{prefix}route_{name}", value, paths)
