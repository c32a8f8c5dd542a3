"""The subnets, routes and name servers of version 1.

What each type of subnet means is taken from canonical/cloud-init
cloudinit/net/network_state.py, netplan.py and eni.py.
"""

from __future__ import annotations

import ipaddress

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig import values
from hyperv_net.netconfig.checks import united
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node, as_written

if TYPE_CHECKING:
    from hyperv_net.netconfig.checks import Notes
    from hyperv_net.netconfig.entry import Entry
    from hyperv_net.netconfig.values import Rule
    from hyperv_net.tree import Path, Value

_DHCP4 = ("dhcp", "dhcp4")
_DHCP6 = ("dhcp6", "ipv6_dhcpv6-stateful")
_STATELESS = "ipv6_dhcpv6-stateless"
_SLAAC = "ipv6_slaac"
_STATIC = ("static", "static6")
_ADDRESSLESS = ("manual", "loopback")
_SUBNET_TYPE = values.one_of(*_DHCP4, *_DHCP6, _STATELESS, _SLAAC, *_STATIC, *_ADDRESSLESS)
_CONTROL = values.one_of("auto", "manual", "hotplug", "off")


class Resolver:
    """Name servers and search domains as they are collected."""

    def __init__(self) -> None:
        self.addresses: list[Node] = []
        self.search: list[Node] = []

    def node(self) -> Node | None:
        """The `nameservers` mapping of version 2, or None where there are none."""
        lists = {"addresses": self.addresses, "search": self.search}
        children = {key: Node(tuple(some)) for key, some in lists.items() if some}
        return Node(children) if children else None


class Draft:
    """One device while it is put together; `origins` are what became its structure."""

    def __init__(self, notes: Notes, name: str, origins: tuple[Path, ...] = ()) -> None:
        self.notes = notes
        self.name = name
        self.resolver: Resolver = Resolver()
        self.settings: dict[str, Node] = {}
        self.addresses: list[Node] = []
        self.routes: list[Node] = []
        self.origins = origins

    def put(self, key: str, value: Value, *causes: Node) -> None:
        """Set a setting; where another value stands already, that one wins."""
        origins = united(*(cause.origins for cause in causes))
        present = self.settings.get(key)
        if present is None:
            self.settings[key] = Node(value, origins)
        elif present.value == value:
            self.settings[key] = Node(value, united(present.origins, origins))
        else:
            for cause in causes:
                self.notes.drop(
                    cause,
                    f"another {key!r} of {self.name} is stronger: {as_written(present.value)}",
                )


def read_subnet(draft: Draft, subnet: Entry) -> None:
    """Add to a device what one of its subnets says."""
    type_ = subnet.needed("type", _SUBNET_TYPE)
    kind = str(type_.value)
    metric = subnet.one("metric", values.unsigned)
    address = None
    if kind in _STATIC or kind == "loopback":
        with subnet.noting():
            address = read_prefixed(subnet, ("address", "ip_address"), values.ip_interface)
            if address is None and kind in _STATIC:
                raise draft.notes.error(subnet.node, "has no 'address'", "add 'address:'")
        if address is not None:
            draft.addresses.append(address)
            _spend_broadcast(subnet, address)
        subnet.spend(type_)
    elif kind in _ADDRESSLESS:
        subnet.spend(type_)
    else:
        _read_dynamic(draft, kind, type_, metric)
    ipv6 = kind[-1] == "6" or kind.startswith("ipv6") or (address and values.is_ipv6(address.value))

    _read_routes(draft, subnet, metric, address, kind)
    _read_mtu(draft, subnet, "ipv6-mtu" if ipv6 else "mtu")
    draft.resolver.addresses += subnet.words("dns_nameservers", values.ip_address, ",")
    draft.resolver.search += subnet.words("dns_search", values.domain, ",")
    control = subnet.one("control", _CONTROL)
    if control is not None:
        draft.put("control", control.value, control)
    subnet.spend(subnet.take("ipv4"), subnet.take("ipv6"))
    subnet.drop_rest(f"a subnet of type {kind} cannot have {{}} here")
    draft.origins = united(draft.origins, subnet.spent)


def _read_dynamic(draft: Draft, kind: str, type_: Node, metric: Node | None) -> None:
    """DHCP and router advertisements; `accept-ra` waits until the device has had its say."""
    key = "dhcp4" if kind in _DHCP4 else "dhcp6"
    if kind == _STATELESS:
        draft.put("dhcp6-stateless", True, type_)
    elif kind != _SLAAC:
        draft.put(key, True, type_)
    if metric is not None:
        overrides = draft.settings.get(f"{key}-overrides")
        if overrides is None:
            draft.settings[f"{key}-overrides"] = Node({"route-metric": metric})
        else:
            draft.notes.drop(metric, f"{draft.name} has another metric for {key} already")


def wants_advertisements(kind: object) -> bool:
    """Whether a subnet of this type needs router advertisements."""
    return kind in (_SLAAC, _STATELESS, "ipv6_dhcpv6-stateful")


def is_slaac(kind: object) -> bool:
    """Whether a subnet of this type takes its address from router advertisements alone."""
    return kind == _SLAAC


def read_prefixed(entry: Entry, keys: tuple[str, ...], rule: Rule) -> Node | None:
    """An address with its prefix from `address`, `prefix` and `netmask`, or None.

    The prefix in the address is stronger than `prefix`, and that stronger than
    `netmask`.  With none of them cloud-init takes 24 or 64, and so does this,
    with a finding.
    """
    notes = entry.notes
    given = next((node for node in (entry.take(key) for key in keys) if node is not None), None)
    if given is None:
        return None
    plain, slash, mask = str(given.value).partition("/")
    address = values.parse_address(plain)
    if address is None:
        raise notes.error(given, f"not an IP address: {values.shown(given.value)}")
    lengths: list[tuple[int, Node]] = []
    sources = [(mask, given)] if slash else []
    for node in (entry.one("prefix", values.anything), entry.one("netmask", values.anything)):
        if node is not None:
            sources.append((str(node.value), node))
    for text, node in sources:
        length = values.prefix_length(text, address)
        if length is None:
            what = "an IP interface" if node is given else "a prefix length or netmask"
            raise notes.error(node, f"not {what}: {values.shown(node.value)}")
        lengths.append((length, node))
    if not lengths:
        length = 64 if address.version == 6 else 24
        lengths.append((length, given))
        notes.findings.append(_assumed(notes, given, length))
    length = lengths[0][0]
    origins = given.origins
    for other, node in lengths:
        if other == length:
            origins = united(origins, node.origins)
        else:
            notes.drop(node, f"the prefix length {length} given beside it is stronger")
    try:
        return Node(rule(f"{plain}/{length}"), origins)
    except HypervNetError as error:
        raise notes.error(lengths[0][1], error.what, error.hint) from None


def _assumed(notes: Notes, node: Node, length: int) -> Finding:
    return Finding(
        rule="prefix-assumed",
        severity=Severity.WARNING,
        message=f"{node.value} has no prefix length; taken as /{length}, as cloud-init does",
        where=notes.where(node),
        hint=f"write {node.value}/{length} or the prefix that is meant",
    )


def _spend_broadcast(subnet: Entry, address: Node) -> None:
    """A broadcast address that follows from the address is part of it."""
    if not values.is_ipv6(address.value):
        network = ipaddress.ip_interface(str(address.value)).network
        broadcast = subnet.one("broadcast", values.ipv4_address)
        if broadcast is None:
            return
        if broadcast.value == str(network.broadcast_address):
            subnet.spend(broadcast)
        else:
            subnet.notes.drop(broadcast, "version 2 has no broadcast address of its own")


def _read_mtu(draft: Draft, subnet: Entry, key: str) -> None:
    mtu = subnet.one("mtu", values.mtu_or_none)
    if mtu is not None:
        draft.put(key, mtu.value, mtu)


def _read_routes(
    draft: Draft, subnet: Entry, metric: Node | None, address: Node | None, kind: str
) -> None:
    """The subnet's gateway and routes, which its metric is for unless DHCP has it."""
    routes = []
    gateway = subnet.one("gateway", values.ip_address)
    if gateway is not None:
        default = {"to": Node("default", gateway.origins), "via": gateway}
        if address is not None and _is_outside(gateway, address):
            default["on-link"] = Node(True, gateway.origins)
        routes.append(default)
    spent: list[tuple[Path, ...]] = [()] * len(routes)
    for entry in subnet.inner("routes"):
        routes.append(read_route(entry))
        spent.append(entry.spent)
    dynamic = kind not in _STATIC and kind not in _ADDRESSLESS
    if metric is not None and not dynamic:
        without = [route for route in routes if "metric" not in route]
        if not without:
            draft.notes.drop(metric, "the subnet has no route that the metric could be for")
        for route in without:
            route["metric"] = metric
    draft.routes += [Node(route, origins) for route, origins in zip(routes, spent)]


def _is_outside(gateway: Node, address: Node) -> bool:
    """Whether a gateway can only be reached as a neighbour on the link (netplan's on-link)."""
    network = ipaddress.ip_interface(str(address.value)).network
    hop = values.parse_address(str(gateway.value).partition("%")[0])
    if hop is None or hop.is_link_local or hop.version != network.version:
        return False
    return hop not in network


def read_route(entry: Entry) -> dict[str, Node]:
    """A route of version 1 with version 2's keys; unknown keys stay as they are."""
    route: dict[str, Node] = {}
    entry.spend(entry.take("type"))
    with entry.noting():
        to = _read_destination(entry)
        if to is None:
            raise entry.notes.error(entry.node, "has no destination", "add 'destination:'")
        route["to"] = to
    for key, v2_key, rule in (
        ("gateway", "via", values.ip_address),
        ("metric", "metric", values.unsigned),
    ):
        value = entry.one(key, rule)
        if value is not None:
            route[v2_key] = value
    for key, child in entry.rest().items():
        if key in route or key in ("network", "destination"):
            entry.notes.drop(child, f"a route of version 1 has no {key!r}")
        else:
            route[key] = child
    return route


def _read_destination(entry: Entry) -> Node | None:
    for key in ("network", "destination"):
        named = entry.node.get(key)
        if named is not None and named.value == "default":
            entry.spend(entry.take("netmask"), entry.take("prefix"))
            return entry.take(key)
    return read_prefixed(entry, ("network", "destination"), values.ip_network)
