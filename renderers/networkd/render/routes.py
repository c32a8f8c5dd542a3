"""Addresses, routes, rules and name servers of a device (systemd.network(5))."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkd.render.unit import Made
    from hyperv_net.renderers.networkd.render.values import Check
    from hyperv_net.tree import Node

_TYPES = values.one_of(
    *("unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable"),
    *("prohibit", "throw", "nat", "xresolve"),
)
#: Besides the destination, what a route may say.
_ROUTE: Mapping[str, tuple[str, Check]] = {
    "via": ("Gateway", values.address),
    "from": ("PreferredSource", values.source),
    "scope": ("Scope", values.one_of("global", "site", "link", "host", "nowhere")),
    "type": ("Type", _TYPES),
    "on-link": ("GatewayOnLink", values.boolean),
    "metric": ("Metric", values.number),
    "table": ("Table", values.table),
    "mtu": ("MTUBytes", values.number),
    "congestion-window": ("InitialCongestionWindow", values.number),
    "advertised-receive-window": ("InitialAdvertisedReceiveWindow", values.number),
    "advertised-mss": ("TCPAdvertisedMaximumSegmentSize", values.number),
}
_RULE: Mapping[str, tuple[str, Check]] = {
    "from": ("From", values.network),
    "to": ("To", values.network),
    "table": ("Table", values.table),
    "priority": ("Priority", values.number),
    "mark": ("FirewallMark", values.number),
    "type-of-service": ("TypeOfService", values.number),
}
_ADDRESS: Mapping[str, tuple[str, Check]] = {
    "lifetime": ("PreferredLifetime", values.lifetime),
    "label": ("Label", values.label),
}


def add_addresses(made: Made) -> None:
    """One with options has a section of its own."""
    network = made.network.section("Network")
    for index, element in made.elements("addresses"):
        if isinstance(element.value, str):
            made.put(("addresses", index), values.interface, network, "Address")
            continue
        for address, _ in element.items():
            path = ("addresses", index, address)
            try:
                text = values.interface(address)
            except RefusedError as refusal:
                made.refused[path] = str(refusal)
                continue
            if made.keys(*path):
                section = made.network.another("Address")
                section.add("Address", text)
                made.put_all(path, section, _ADDRESS)
            else:
                network.add("Address", text)
                made.placed[path] = "[Network] Address="
    for key in ("gateway4", "gateway6"):
        made.put((key,), values.address, network, "Gateway")


def add_routes(made: Made, kind: str) -> None:
    """The routes and rules; a VRF's are in its own table where they say none."""
    own = values.table(made.value("table")) if kind == "vrfs" else None
    for index, entry in made.elements("routes"):
        path = ("routes", index)
        try:
            destination = destination_of(entry)
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
            continue
        section = made.network.another("Route")
        section.add("Destination", destination)
        made.placed[(*path, "to")] = "[Route] Destination="
        made.put_all(path, section, _ROUTE)
        if own is not None and entry.get("table") is None:
            section.add("Table", own)
        if any(key == "via" for key, *_ in _refused_below(made, path)):
            # Without its gateway it would lead somewhere else.
            made.network.sections.remove(section)
            made.refused[path] = made.refused[(*path, "via")]
    for index, entry in made.elements("routing-policy"):
        section = made.network.another("RoutingPolicyRule")
        path = ("routing-policy", index)
        made.put_all(path, section, _RULE)
        if own is not None and entry.get("table") is None:
            section.add("Table", own)
        refused = [*_refused_below(made, path)]
        if refused:
            # Without one of its conditions it would be for other packets too.
            made.network.sections.remove(section)
            made.refused[path] = made.refused[(*path, *refused[0])]


def _refused_below(made: Made, path: tuple[str, int]) -> list[tuple[str, ...]]:
    return [one[2:] for one in made.refused if one[:2] == path and len(one) > 2]  # type: ignore[misc]


def destination_of(entry: Node) -> str:
    """A route's destination; `default` is of the family of its gateway, or of its source.

    Raises RefusedError where it is none.
    """
    said = entry.get("to")
    if said is None:
        raise RefusedError("a route without a destination")
    if said.value != "default":
        return values.network(said.value)
    others = [entry.get(key) for key in ("via", "from")]
    texts = [str(one.value) for one in others if one is not None]
    return "::/0" if any(":" in one for one in texts) else "0.0.0.0/0"


def add_nameservers(made: Made) -> None:
    """A line for each server, and one for all domains."""
    network = made.network.section("Network")
    for index, _ in made.elements("nameservers", "addresses"):
        made.put(("nameservers", "addresses", index), values.address, network, "DNS")
    domains = [
        made.take(("nameservers", "search", index), values.domain, "[Network] Domains=")
        for index, _ in made.elements("nameservers", "search")
    ]
    if any(domains):
        network.add("Domains", " ".join(one for one in domains if one))
