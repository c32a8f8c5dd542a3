"""OpenStack's network_data.json, brought into the shape of version 1.

As convert_net_json() of canonical/cloud-init cloudinit/sources/helpers/openstack.py does when a
machine boots, whose datasource hands on version 1; here each value keeps its place in the file.
Nova's schema is in doc/api_schemas/network_data.json of openstack/nova.
"""

from __future__ import annotations

from hyperv_net.names import IFNAMSIZ, is_interface_name
from hyperv_net.netconfig.checks import entries, kind, origins_below, united
from hyperv_net.netconfig.values import shown
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.netconfig.checks import Notes
    from hyperv_net.tree import Path

_OF_LINK = ("name", "mtu")
_OF_SUBNET = (
    *("broadcast", "dns_nameservers", "dns_search", "gateway", "metric", "netmask"),
    *("pointopoint", "scope"),
)
_OF_ROUTE = ("network", "destination", "netmask", "gateway", "metric")
#: What ties the parts together, and numbers of the cloud's own.
_TIES = ("id", "link", "network_id", "type", "vif_id")
_DHCP = {"ipv4_dhcp": "dhcp4", "ipv6_dhcp": "dhcp6"}
_STATIC = {"ipv4": "static", "static": "static", "ipv6": "static6", "static6": "static6"}
#: Types of networks by which a link is told whether to listen to routers.
_LISTENS = {"ipv6": False, "static6": False, "ipv6_dhcp": True, "ipv6_dhcpv6-stateful": True}
#: Of a name that is made up, behind which a VLAN's may have its number: .4094.
_LONGEST = IFNAMSIZ - 1 - len(".4094")


class Converted(NamedTuple):
    """The config in version 1, and the names in it that were made up, since no NIC is known."""

    root: Node
    made_up: frozenset[str]


class _Link:
    """A link with its entry of version 1 as far as it is put together."""

    def __init__(self, node: Node, children: Mapping[str, Node]) -> None:
        self.node = node
        self.left = dict(children)
        self.id = _text(self.left.get("id"))
        self.type = _text(self.left.get("type"))
        self.entry: dict[str, Node] = {}
        self.spent: tuple[Path, ...] = node.origins
        #: What others call it, who refer to its id.
        self.name = ""

    def take(self, key: str) -> Node | None:
        """A value that is not null."""
        child = self.left.pop(key, None)
        if child is not None and child.value is None:
            self.spend(child)
            return None
        return child

    def spend(self, *nodes: Node | None) -> None:
        """Say that these nodes became structure."""
        for node in nodes:
            self.spent = united(self.spent, origins_below(node) if node is not None else ())


def as_version_1(notes: Notes, root: Node, names: Mapping[str, str]) -> Converted:
    """The same in version 1; `names` has those of the machine's NICs by their MAC addresses.

    Notes an error for each part that cloud-init stops at.
    """
    links = [
        _Link(node, children) for node, children in _mappings(notes, root, "links", ("id", "type"))
    ]
    networks = list(_mappings(notes, root, "networks", ("link", "type")))
    made_up = frozenset(_named(notes, links, names))
    known = {link.id: link for link in links}
    config = []
    for link in links:
        count = len(notes.errors)
        entry = _entry(notes, link, known, networks)
        # What is half read would be found wanting once more.
        config += [entry] if len(notes.errors) == count else []
    for node, children in networks:
        if _text(children["link"]) not in known:
            notes.drop(node, f"no link has the id {shown(children['link'].value)}")
    for node, children in _mappings(notes, root, "services", ()):
        type_ = children.get("type")
        origins = united(node.origins, type_.origins if type_ is not None else ())
        server = {**children, "type": Node("nameserver")}
        config.append(Node(server, origins))
    for key, child in root.items():
        if key not in ("links", "networks", "services"):
            notes.drop(child, f"cloud-init takes no {key!r} of network_data.json")
    empty = (one for one in (root.get("networks"), root.get("services")) if one and not one.value)
    origins = united(root.origins, *(one.origins for one in empty))
    return Converted(Node({"version": Node(1), "config": Node(tuple(config))}, origins), made_up)


def _text(node: Node | None) -> str:
    return "" if node is None or node.value is None else str(node.value)


def _mappings(
    notes: Notes, parent: Node, key: str, needed: Iterable[str]
) -> Iterator[tuple[Node, dict[str, Node]]]:
    """The mappings in a list, with what is in them; one that lacks a key is an error."""
    listed = parent.get(key) or Node(())
    if listed.value is None:
        return
    if not isinstance(listed.value, tuple):
        notes.errors.append(notes.error(listed, f"expected a list, found {kind(listed)}"))
        return
    for node in listed.value:
        if not isinstance(node.value, dict):
            notes.errors.append(notes.error(node, f"expected a mapping, found {kind(node)}"))
            continue
        children = dict(entries(notes, node))
        missing = [one for one in needed if one not in children]
        notes.errors += (notes.error(node, f"has no {one!r}", f"add {one!r}") for one in missing)
        if not missing:
            yield node, children


def _named(notes: Notes, links: list[_Link], names: Mapping[str, str]) -> Iterator[str]:
    """Give each link its name; the names that are made up."""
    bonds = 0
    for at, link in enumerate(links):
        given = _text(link.left.get("name"))
        if link.type == "bond":
            link.name = given or f"bond{bonds}"
            bonds += 1
        elif link.type == "vlan":
            # What stands on a VLAN names it as cloud-init does, by the id below it.
            below, number = link.left.get("vlan_link"), link.left.get("vlan_id")
            link.name = f"{_text(below)}.{_text(number)}"
        else:
            mac = _text(link.left.get("ethernet_mac_address")).lower()
            link.name = given or names.get(mac, "")
            if not mac and not given:
                what = "has neither 'name' nor 'ethernet_mac_address'"
                notes.errors.append(notes.error(link.node, what, "add one of them"))
            if not link.name:
                is_usable = len(link.id) <= _LONGEST and is_interface_name(link.id)
                link.name = link.id if is_usable else f"link{at}"
                yield link.name


def _entry(
    notes: Notes,
    link: _Link,
    known: Mapping[str, _Link],
    networks: list[tuple[Node, dict[str, Node]]],
) -> Node:
    """What version 1 has for a link."""
    type_ = link.take("type")
    is_software = link.type in ("bond", "vlan")
    link.entry["type"] = Node(
        link.type if is_software else "physical", type_.origins if type_ else ()
    )
    for key in _OF_LINK:
        if (child := link.take(key)) is not None:
            link.entry[key] = child
    mac = link.take("ethernet_mac_address")
    if link.type == "bond":
        _bond(notes, link, known)
    elif link.type == "vlan":
        _vlan(notes, link, known)
    if mac is not None and link.type == "vlan":
        notes.drop(mac, "a VLAN has the address 'vlan_mac_address'")
    elif mac is not None:
        link.entry["mac_address"] = mac
    if link.type != "vlan" and "name" not in link.entry:
        link.entry["name"] = Node(link.name)
    if not is_software and (params := link.take("params")) is not None:
        link.entry["params"] = params
    subnets = [
        _subnet(notes, link, node, children)
        for node, children in networks
        if _text(children["link"]) == link.id
    ]
    if subnets:
        link.entry["subnets"] = Node(tuple(subnets))
    for key in _TIES:
        link.spend(link.take(key))
    for key, child in link.left.items():
        notes.drop(child, f"cloud-init takes no {key!r} of a link of type {link.type}")
    return Node(link.entry, link.spent)


def _bond(notes: Notes, link: _Link, known: Mapping[str, _Link]) -> None:
    params: dict[str, Node] = {}
    for key in [key for key in link.left if key.startswith("bond") and key != "bond_links"]:
        link.entry.setdefault("params", Node({}))
        params[f"bond-{key.split('bond_', 1)[-1]}"] = link.left.pop(key)
    if params:
        link.entry["params"] = Node(params)
    members = link.take("bond_links")
    if members is None or not isinstance(members.value, tuple):
        what = "has no list 'bond_links'"
        notes.errors.append(notes.error(members or link.node, what, "name the links of the bond"))
        return
    found = [_reference(notes, member, known) for member in members.value]
    link.entry["bond_interfaces"] = Node(tuple(found), members.origins)


def _vlan(notes: Notes, link: _Link, known: Mapping[str, _Link]) -> None:
    taken = {key: link.take(key) for key in ("vlan_link", "vlan_id", "vlan_mac_address")}
    for key, child in taken.items():
        if child is None:
            notes.errors.append(notes.error(link.node, f"has no {key!r}", f"add {key!r}"))
    below, number, mac = taken.values()
    if below is None or number is None or mac is None:
        return
    on = _reference(notes, below, known)
    link.spend(link.entry.pop("name", None))
    link.entry.update(vlan_link=on, vlan_id=number, mac_address=mac)
    link.entry["name"] = Node(f"{on.value}.{number.value}")


def _reference(notes: Notes, node: Node, known: Mapping[str, _Link]) -> Node:
    """The name of the link that has this id."""
    found = known.get(_text(node))
    if found is None:
        what = f"no link has the id {shown(node.value)}"
        notes.errors.append(notes.error(node, what))
        return node
    return Node(found.name, node.origins)


def _subnet(notes: Notes, link: _Link, node: Node, children: Mapping[str, Node]) -> Node:
    """What version 1 has for a network of a link."""
    left = dict(children)
    type_ = left.pop("type")
    said = _text(type_)
    subnet = {"type": Node(_DHCP.get(said, _STATIC.get(said, said)), type_.origins)}
    subnet.update((key, left.pop(key)) for key in _OF_SUBNET if key in left)
    address = left.pop("ip_address", None)
    if said in _STATIC:
        left.pop("address", None)
        if address is not None:
            subnet["address"] = address
    elif "address" in left:
        subnet["address"] = left.pop("address")
    if said in _LISTENS:
        link.entry["accept-ra"] = Node(_LISTENS[said], type_.origins)
    routes = list(_mappings(notes, node, "routes", ()))
    asked = [one for _, route in routes for one in _servers(notes, Node(route))]
    for one in _servers(notes, node):
        if one.value not in [other.value for other in asked]:
            asked.append(one)
    left.pop("services", None)
    left.pop("routes", None)
    if asked:
        subnet["dns_nameservers"] = Node(tuple(asked))
    if routes:
        subnet["routes"] = Node(tuple(_route(notes, *route) for route in routes))
    spent = node.origins
    for key, child in left.items():
        if key in _TIES:
            spent = united(spent, origins_below(child))
        else:
            notes.drop(child, f"cloud-init takes no {key!r} of a network of type {said}")
    return Node(subnet, spent)


def _route(notes: Notes, node: Node, children: Mapping[str, Node]) -> Node:
    kept = {key: child for key, child in children.items() if key in _OF_ROUTE}
    for key, child in children.items():
        if key not in (*_OF_ROUTE, "services"):
            notes.drop(child, f"cloud-init takes no {key!r} of a route")
    return Node(kept, node.origins)


def _servers(notes: Notes, parent: Node) -> Iterator[Node]:
    """The addresses of the name servers among the services of a network or a route."""
    for node, children in _mappings(notes, parent, "services", ()):
        address = children.get("address")
        if _text(children.get("type")) != "dns":
            notes.drop(node, "cloud-init takes no service but dns")
        elif address is None:
            notes.errors.append(notes.error(node, "has no 'address'", "add 'address'"))
        else:
            spent = (child for key, child in children.items() if key == "type")
            yield Node(address.value, united(address.origins, *map(origins_below, spent)))
