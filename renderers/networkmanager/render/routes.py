"""Routes and policy rules of a profile (nm-settings-keyfile(5); nm-setting-ip-config.c)."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import values
from hyperv_net.renderers.networkmanager.render.addressing import has_routes
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, SECTIONS
from hyperv_net.renderers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Node, Path

#: NM_IP_ROUTE_ATTRIBUTE_TYPE takes these, the last four without a gateway.
_TYPES = frozenset(("unicast", "local", "blackhole", "unreachable", "prohibit", "throw"))
_NO_DEVICE = _TYPES - {"unicast", "local"}
#: rtnetlink(7)
_SCOPES = {"global": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255}
_OPTIONS: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "table": ("table", values.number),
    "mtu": ("mtu", values.number),
    "congestion-window": ("initcwnd", values.number),
    "advertised-receive-window": ("initrwnd", values.number),
    "advertised-mss": ("advmss", values.number),
    "from": ("src", values.source),
}
#: A rule's keys, in the order and the form in which NetworkManager writes them.
_RULE_WORDS = (
    ("type-of-service", "tos", "#04x"),
    ("mark", "fwmark", "#x"),
    ("table", "table", "d"),
)
#: Where the rules are that nobody gives a priority, which NetworkManager asks for.
_FIRST_PRIORITY = 30000


def make_routes(made: Profile, routes: Node | None) -> None:
    """The routes of a list, those that it takes none of refused."""
    for index, route in enumerate(routes.elements() if routes is not None else ()):
        make_route(made, route, ("routes", index))


def make_route(made: Profile, route: Node, path: Path) -> None:
    """One route; where the profile can have none of it, it is refused."""
    try:
        _route(made, route, path)
    except RefusedError as refusal:
        made.refused[path] = str(refusal)


def _route(made: Profile, route: Node, path: Path) -> None:
    plain = dict(route.items())
    if "to" not in plain:
        raise RefusedError("a route needs a destination")
    to = values.destination(plain.pop("to").value)
    via = values.address(plain.pop("via").value) if "via" in plain else ""
    kind = values.word(plain["type"].value) if "type" in plain else "unicast"
    family = 6 if ":" in f"{to}{via}" else 4
    if to == "default":
        to = "::/0" if family == 6 else "0.0.0.0/0"
    if kind not in _TYPES:
        made.refused[(*path, "type")] = NO_WAY
        kind = "unicast"
    if kind not in _NO_DEVICE and not has_routes(made, family):
        raise RefusedError(f"the device has no addresses of IPv{family}")
    words = [to, "" if kind in _NO_DEVICE else via]
    if "metric" in plain:
        # What stands for none.
        words[1] = words[1] or ("::" if family == 6 else "0.0.0.0")
        words.append(str(values.number(plain.pop("metric").value)))
    number = 1
    section = SECTIONS[family]
    while made.get(section, f"route{number}") is not None:
        number += 1
    options = list(_options(made, plain, path, family, has_gateway=bool(via)))
    own = made.get("vrf", "table")
    if own is not None and "table" not in plain:
        options.append(f"table={own}")
    if kind != "unicast":
        options.append(f"type={kind}")
    made.set(section, f"route{number}", ",".join(words).rstrip(","), path)
    if options:
        made.set(section, f"route{number}_options", ",".join(sorted(options)))


def _options(
    made: Profile, plain: dict[str, Node], path: Path, family: int, *, has_gateway: bool
) -> list[str]:
    options = []
    for key, node in plain.items():
        try:
            if key == "type":
                continue
            if key == "on-link":
                if values.boolean(node.value):
                    options.append("onlink=true")
            elif key == "scope":
                scope = values.word(node.value)
                natural = "global" if has_gateway else "link"
                if family == 4 and scope != natural:
                    if scope not in _SCOPES:
                        raise RefusedError(NO_WAY)
                    options.append(f"scope={_SCOPES[scope]}")
                elif scope not in (natural, "global"):
                    raise RefusedError("IPv6 has no scope of routes")
            elif key in _OPTIONS:
                option, check = _OPTIONS[key]
                options.append(f"{option}={check(node.value)}")
            else:
                raise RefusedError(NO_WAY)
        except RefusedError as refusal:
            made.refused[(*path, key)] = str(refusal)
    return options


def make_rules(made: Profile, rules: Node | None) -> None:
    """The policy rules of a device."""
    for index, rule in enumerate(rules.elements() if rules is not None else ()):
        path: Path = ("routing-policy", index)
        try:
            _rule(made, rule, path)
        except RefusedError as refusal:
            made.refused[path] = str(refusal)


def _rule(made: Profile, rule: Node, path: Path) -> None:
    """A rule is of no device, and set whatever the family's method (nm_routing_rules_sync())."""
    plain = {key: node.value for key, node in rule.items()}
    ends = [(key, values.destination(plain.pop(key))) for key in ("from", "to") if key in plain]
    family = 6 if any(":" in one for _, one in ends) else 4
    everywhere, host = ("::/0", "/128") if family == 6 else ("0.0.0.0/0", "/32")
    priority = plain.pop("priority", None)
    section, number = SECTIONS[family], 1
    while made.get(section, f"routing-rule{number}") is not None:
        number += 1
    words = [
        "priority",
        str(_FIRST_PRIORITY + number if priority is None else values.number(priority)),
    ]
    for end, one in ends or [("from", everywhere)]:
        words += [end, everywhere if one == "default" else one.removesuffix(host)]
    for key, word, form in _RULE_WORDS:
        if key in plain:
            words += [word, format(values.number(plain.pop(key)), form)]
    if "table" not in words:
        # A rule of NetworkManager looks a table up, by itself the main one.
        words += ["table", made.get("vrf", "table") or "254"]
    for left in plain:
        made.refused[(*path, left)] = NO_WAY
    made.set(section, f"routing-rule{number}", " ".join(words), path)
