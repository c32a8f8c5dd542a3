"""What a device says of its addresses, and what goes with them: name servers, routes, leases."""

from __future__ import annotations

from hyperv_net.netconfig import values
from hyperv_net.netconfig.checks import flag, listing, mapping, named, scalar
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from hyperv_net.netconfig.checks import Check, Notes

_NUMBER = scalar(values.unsigned)

_ADDRESS_OPTIONS = mapping(
    {
        "label": scalar(values.interface_name),
        "lifetime": scalar(values.one_of("0", "forever")),
    }
)


def _address(notes: Notes, node: Node) -> Node:
    """An address, or a mapping from one address to its options."""
    if not isinstance(node.value, dict):
        return scalar(values.ip_interface)(notes, node)
    if len(node.value) != 1:
        raise notes.error(node, "expected one address with its options")
    return named(values.ip_interface, _ADDRESS_OPTIONS)(notes, node)


ADDRESSES = listing(_address, once=True)


def _listed(element: Check) -> Check:
    """A list whose elements are also understood in one text, separated by blanks."""
    whole = listing(element, once=True)

    def check(notes: Notes, node: Node) -> Node:
        if isinstance(node.value, str):
            words = tuple(Node(word, node.origins) for word in node.value.split())
            node = Node(words, () if words else node.origins)
        return whole(notes, node)

    return check


NAMESERVERS = mapping(
    {
        "addresses": _listed(scalar(values.ip_address)),
        "search": _listed(scalar(values.domain)),
    }
)

_ROUTE_TYPES = (
    "unicast anycast blackhole broadcast local multicast nat prohibit throw unreachable xresolve"
)
_ROUTE = mapping(
    {
        "to": scalar(values.destination),
        "via": scalar(values.ip_address),
        "from": scalar(values.route_source),
        "on-link": flag,
        "metric": _NUMBER,
        "type": scalar(values.one_of(*_ROUTE_TYPES.split())),
        "scope": scalar(values.one_of("global", "link", "host")),
        "table": _NUMBER,
        "mtu": _NUMBER,
        "congestion-window": _NUMBER,
        "advertised-receive-window": _NUMBER,
        "advertised-mss": _NUMBER,
    },
    required=("to",),
)


def _route(notes: Notes, node: Node) -> Node:
    before = len(notes.errors)
    route = _ROUTE(notes, node)
    if len(notes.errors) == before:
        _one_family(notes, route, ("to", "via", "from"))
    return route


def _one_family(notes: Notes, node: Node, keys: tuple[str, ...]) -> None:
    """Refuse a mapping whose addresses are of both families (netplan does as well)."""
    given = [(key, node.get(key)) for key in keys]
    texts = [(key, child) for key, child in given if child and child.value != "default"]
    for key, child in texts[1:]:
        first_key, first = texts[0]
        assert first is not None and child is not None
        if values.is_ipv6(first.value) != values.is_ipv6(child.value):
            raise notes.error(
                child, f"{key!r} is of another IP version than {first_key!r} ({first.value})"
            )


ROUTES = listing(_route)

_POLICY = mapping(
    {
        "from": scalar(values.ip_network),
        "to": scalar(values.ip_network),
        "table": _NUMBER,
        "priority": _NUMBER,
        "mark": _NUMBER,
        "type-of-service": scalar(values.byte),
    }
)


def _policy(notes: Notes, node: Node) -> Node:
    before = len(notes.errors)
    policy = _POLICY(notes, node)
    if len(notes.errors) > before:
        return policy
    if not (policy.get("from") or policy.get("to")):
        raise notes.error(node, "has neither 'from' nor 'to'", "add one of them")
    _one_family(notes, policy, ("to", "from"))
    return policy


POLICIES = listing(_policy)

_USE_DOMAINS = scalar(values.either(values.one_of("route"), values.boolean))
DHCP_OVERRIDES = mapping(
    {
        "hostname": scalar(values.host_name),
        "route-metric": _NUMBER,
        "send-hostname": flag,
        "use-dns": flag,
        "use-domains": _USE_DOMAINS,
        "use-hostname": flag,
        "use-mtu": flag,
        "use-ntp": flag,
        "use-routes": flag,
    }
)
RA_OVERRIDES = mapping({"use-dns": flag, "use-domains": _USE_DOMAINS, "table": _NUMBER})
