"""Routes and policy rules as `ip` commands for interfaces(5)."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import values
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hyperv_net.tree import Node

# ip-route(8), TYPE and SCOPE
_NO_DEVICE = frozenset(["throw", "unreachable", "prohibit", "blackhole"])
_TYPES = _NO_DEVICE | {"unicast", "local", "broadcast", "multicast", "nat", "anycast"}
_SCOPES = frozenset(["global", "site", "link", "host", "nowhere"])
_NUMBERS = {
    "metric": "metric",
    "mtu": "mtu",
    "congestion-window": "initcwnd",
    "advertised-receive-window": "initrwnd",
    "advertised-mss": "advmss",
}
_RULE_NUMBERS = {"mark": "fwmark", "priority": "priority", "type-of-service": "dsfield"}


class Command(NamedTuple):
    """What follows `ip` and stands before and after the verb: `-6 route` add `10.0.0.0/8 …`.

    `refused` are the keys below the entry that could not be expressed.
    """

    what: str
    arguments: str
    refused: Mapping[Path, str]

    def lines(self) -> tuple[str, str]:
        """Added once the device is up, deleted before it goes down; a failure stops nothing."""
        return (
            f"post-up ip {self.what} add {self.arguments} || true",
            f"pre-down ip {self.what} del {self.arguments} || true",
        )


def gateway(route: Node) -> tuple[str, int | None] | None:
    """Gateway and metric, where the route is a plain default route; else nothing."""
    plain = dict(route.items())
    if set(plain) - {"to", "via", "metric", "on-link"} or "via" not in plain:
        return None
    try:
        if values.destination(_value(plain, "to")) != "default":
            return None
        metric = values.number(_value(plain, "metric")) if "metric" in plain else None
        return values.address(_value(plain, "via")), metric
    except RefusedError:
        return None


def route(entry: Node, device: str, vrf_table: int | None = None) -> Command:
    """A route of a device as a command; RefusedError where it has no destination that can be read.

    `vrf_table` is given where the device is a vrf: a route that names no other
    table is then one of the vrf, through whichever member reaches the gateway.
    """
    plain, refused = dict(entry.items()), dict[Path, str]()
    if "to" not in plain:
        raise RefusedError("a route without a destination")
    to = values.destination(_value(plain, "to"))
    via = values.address(_value(plain, "via")) if "via" in plain else ""
    ipv6 = values.is_ipv6(via or to) or values.is_ipv6(str(_value(plain, "to")))
    take = _Taker(plain, refused)
    kind = take("type", _one_of(_TYPES)) or "unicast"
    words = [kind, to] if kind != "unicast" else [to]
    words += ["via", via] if via else []
    table = take("table", values.number)
    in_vrf = vrf_table is not None and table in (None, vrf_table)
    if in_vrf:
        words += ["vrf", device]
    elif kind not in _NO_DEVICE:
        words += ["dev", device]
    words += ["onlink"] if take("on-link", values.boolean) else []
    for key, word in (("from", "src"), ("scope", "scope")):
        check = values.source if key == "from" else _one_of(_SCOPES)
        found = take(key, check)
        words += [word, str(found)] if found else []
    for key, word in _NUMBERS.items():
        found = take(key, values.number)
        words += [word, str(found)] if found is not None else []
    words += ["table", str(table)] if table is not None and not in_vrf else []
    for key in plain.keys() - {"to", "via", *take.asked}:
        refused[key,] = "ip-route(8) has no such setting that is known here"
    return Command("-6 route" if ipv6 else "route", " ".join(words), refused)


def rule(entry: Node, vrf_table: int | None = None) -> Command:
    """A policy rule as a command; RefusedError where it selects nothing.

    `vrf_table` is the table of a vrf's rules that name none; that of others is main
    (ip-rule(8)).
    """
    plain, refused = dict(entry.items()), dict[Path, str]()
    take = _Taker(plain, refused)
    words, ipv6 = list[str](), False
    for key in ("from", "to"):
        found = take(key, values.destination)
        if found:
            ipv6 = ipv6 or values.is_ipv6(str(_value(plain, key)))
            words += [key, str(found).replace("default", "all")]
    for key, word in _RULE_NUMBERS.items():
        found = take(key, values.number)
        words += [word, str(found)] if found is not None else []
    named = take("table", values.number)
    table = vrf_table if named is None else named
    if not words:
        raise RefusedError("a rule needs something that it is for")
    for key in plain.keys() - take.asked:
        refused[key,] = "ip-rule(8) has no such setting that is known here"
    words += ["table", "main" if table is None else str(table)]
    return Command("-6 rule" if ipv6 else "rule", " ".join(words), refused)


class _Taker:
    """Takes values by key through a check, and remembers the keys and what was refused."""

    def __init__(self, plain: Mapping[str, Node], refused: dict[Path, str]) -> None:
        self._plain, self._refused = plain, refused
        self.asked: set[str] = set()

    def __call__(self, key: str, check: Callable[[object], Any]) -> Any:
        self.asked.add(key)
        if key not in self._plain:
            return None
        try:
            return check(_value(self._plain, key))
        except RefusedError as refusal:
            self._refused[key,] = str(refusal)
            return None


def _value(plain: Mapping[str, Node], key: str) -> object:
    return plain[key].value


def _one_of(allowed: frozenset[str]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in allowed:
            raise RefusedError(f"not one of {', '.join(sorted(allowed))}")
        return str(value)

    return check
