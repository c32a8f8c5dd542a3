"""Version 1 of the network config, brought into version 2's shape.

What version 1's keys mean and what they are called in version 2 is taken from
canonical/cloud-init cloudinit/net/network_state.py and netplan.py.
"""

from __future__ import annotations

from functools import partial

from hyperv_net.netconfig import values
from hyperv_net.netconfig.checks import united
from hyperv_net.netconfig.entry import Entry
from hyperv_net.netconfig.v1_devices import read_device
from hyperv_net.netconfig.v1_subnets import Draft, Resolver, read_route
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from hyperv_net.netconfig.checks import Notes
    from hyperv_net.tree import Path

_SECTIONS = {
    "physical": "ethernets",
    "infiniband": "ethernets",
    "loopback": "ethernets",
    "bond": "bonds",
    "bridge": "bridges",
    "vlan": "vlans",
}
_TYPE = values.one_of(*_SECTIONS, "nameserver", "route")
_OURS = frozenset((*_SECTIONS.values(), "nameservers", "routes"))


class _Shape:
    """The tree while it is put together."""

    def __init__(self, origins: tuple[Path, ...] = ()) -> None:
        self.devices: dict[str, tuple[str, Draft]] = {}
        self.resolver: Resolver = Resolver()
        self.routes: list[Node] = []
        self.origins = origins
        self.of_interfaces: list[tuple[Node, Resolver, tuple[Path, ...]]] = []


def read_v1(notes: Notes, root: Node) -> Node:
    """A version 1 config in version 2's shape; single values may still need version 2's checks."""
    top = Entry(notes, root)
    version = top.take("version")
    shape = _Shape()
    for entry in top.inner("config"):
        notes.attempt(partial(_read_entry, shape, entry), entry.node)
    for interface, resolver, spent in shape.of_interfaces:
        _give_resolver(notes, shape, interface, resolver, spent)
    children = {"version": version or Node(1)}
    for key, child in top.rest().items():
        if key in _OURS:
            notes.drop(child, f"version 1 has no {key!r} beside 'config'")
        else:
            children[key] = child
    children.update(_sections(shape))
    nameservers = shape.resolver.node()
    if nameservers:
        children["nameservers"] = nameservers
    if shape.routes:
        children["routes"] = Node(tuple(shape.routes))
    return Node(children, united(top.spent, shape.origins))


def _read_entry(shape: _Shape, entry: Entry, notes: Notes, node: Node) -> None:
    type_ = entry.needed("type", _TYPE)
    entry.spend(type_)
    if type_.value == "route":
        route = read_route(entry)
        shape.routes.append(Node(route, entry.spent))
        return
    if type_.value == "nameserver":
        _read_nameserver(shape, entry)
        return
    name = entry.needed("name", values.interface_name)
    if name.value in shape.devices:
        raise notes.error(name, f"{name.value!r} is there twice", "join the two entries")
    draft = Draft(notes, str(name.value))
    # Before it is read, so that what names it finds it, whatever is wrong with it.
    shape.devices[draft.name] = (_SECTIONS[str(type_.value)], draft)
    read_device(draft, str(type_.value), name, entry)
    if type_.value == "loopback" and _says_nothing_new(shape, draft):
        del shape.devices[draft.name]


def _says_nothing_new(shape: _Shape, loopback: Draft) -> bool:
    """Whether a loopback device is only what every machine has; its DNS is everybody's."""
    shape.resolver.addresses += loopback.resolver.addresses
    shape.resolver.search += loopback.resolver.search
    loopback.resolver = Resolver()
    if loopback.addresses or loopback.routes or not set(loopback.settings) <= {"control"}:
        return False
    controls = (node.origins for node in loopback.settings.values())
    shape.origins = united(shape.origins, loopback.origins, *controls)
    return True


def _read_nameserver(shape: _Shape, entry: Entry) -> None:
    interface = entry.one("interface", values.device_name)
    resolver = Resolver() if interface else shape.resolver
    resolver.addresses += entry.words("address", values.ip_address, ",")
    resolver.search += entry.words("search", values.domain, ",")
    entry.drop_rest("a name server has no {}")
    if interface is not None:
        shape.of_interfaces.append((interface, resolver, entry.spent))
    else:
        shape.origins = united(shape.origins, entry.spent)


def _give_resolver(
    notes: Notes, shape: _Shape, interface: Node, resolver: Resolver, spent: tuple[Path, ...]
) -> None:
    if interface.value not in shape.devices:
        what = f"no device has the name {values.shown(interface.value)}"
        notes.errors.append(notes.error(interface, what))
        return
    draft = shape.devices[str(interface.value)][1]
    draft.resolver.addresses += resolver.addresses
    draft.resolver.search += resolver.search
    draft.origins = united(draft.origins, interface.origins, spent)


def _sections(shape: _Shape) -> dict[str, Node]:
    sections: dict[str, dict[str, Node]] = {}
    for name, (section, draft) in shape.devices.items():
        sections.setdefault(section, {})[name] = _device(draft)
    return {section: Node(devices) for section, devices in sections.items()}


def _device(draft: Draft) -> Node:
    children = dict(draft.settings)
    nameservers = draft.resolver.node()
    if nameservers:
        children["nameservers"] = nameservers
    if draft.addresses:
        children["addresses"] = Node(tuple(draft.addresses))
    if draft.routes:
        children["routes"] = Node(tuple(draft.routes))
    return Node(children, draft.origins)
