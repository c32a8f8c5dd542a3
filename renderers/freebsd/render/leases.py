"""Which leases of a configuration can bring a default route when the machine boots."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.rewrite.matching import nics_by_entry
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Rewritten
    from hyperv_net.renderers.freebsd.render.names import Names
    from hyperv_net.tree import Path

#: The values of `activation-mode` and `control` with which a device is left alone at boot.
NOT_AT_BOOT = ("manual", "off")


def is_manual(device: Node) -> bool:
    """Whether the interface is left alone at boot (`service netif start X` brings it up)."""
    mode = device.get("activation-mode")
    return mode is not None and mode.value in NOT_AT_BOOT


class _Machine(NamedTuple):
    """A configuration, the ids below `ethernets` with a NIC here, and the pairs' laggs."""

    tree: Node
    names: Names
    nics: frozenset[str]
    laggs: frozenset[str]


def metrics_of_leases(rewritten: Rewritten, names: Names) -> Mapping[Path, int]:
    """The metric of each device whose lease can bring routes at boot, by the device's path.

    One without a NIC here has no lease, nor has one that is not started at boot, or a port
    of a bond; of one with `use-routes: false` no route is taken.
    """
    tree = rewritten.tree
    with_nics = (one for one, nics in nics_by_entry(tree, rewritten.inventory).items() if nics)
    machine = _Machine(
        tree,
        names,
        frozenset((*with_nics, *rewritten.interfaces)),
        frozenset(one.name for one in rewritten.aggregates),
    )
    ports = {member for _, bond in _of(tree, "bonds") for member in _members(bond)}
    found: dict[Path, int] = {}
    for kind in ("ethernets", "bonds", "bridges", "vlans"):
        for device_id, device in _of(tree, kind):
            overrides = device.get("dhcp4-overrides") or Node({})
            metric, dhcp4 = overrides.get("route-metric"), device.get("dhcp4")
            use_routes = overrides.get("use-routes")
            is_asked = dhcp4 is not None and dhcp4.value is True
            is_refused = use_routes is not None and use_routes.value is False
            if not is_asked or is_refused or device_id in ports:
                continue
            is_number = metric is not None and isinstance(metric.value, int)
            if metric is not None and is_number and _starts(machine, device_id, frozenset()):
                found[(kind, device_id)] = int(str(metric.value))
    return found


def _starts(machine: _Machine, device_id: str, above: frozenset[str]) -> bool:
    """Whether a device is here and up after the boot, and so is one that it stands on.

    `above` are the devices that stand on it, since a configuration may have a circle.
    """
    kinds = (kind for kind, _ in machine.tree.items() if at(machine.tree, (kind, device_id)))
    kind = next(kinds, "")
    device = at(machine.tree, (kind, device_id))
    if device is None or device_id in above or not machine.names.interfaces.get(device_id):
        return False
    if is_manual(device):
        return False
    above |= {device_id}
    if kind == "ethernets":
        return device_id in machine.nics
    if kind == "vlans":
        link = device.get("link")
        return link is not None and _starts(machine, str(link.value), above)
    return device_id in machine.laggs or any(
        _starts(machine, one, above) for one in _members(device)
    )


def _of(tree: Node, kind: str) -> Iterator[tuple[str, Node]]:
    of_kind = tree.get(kind)
    if of_kind is not None and isinstance(of_kind.value, dict):
        yield from of_kind.items()


def _members(device: Node) -> Iterator[str]:
    for one in (device.get("interfaces") or Node(())).elements():
        yield str(one.value)
