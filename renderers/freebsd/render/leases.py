"""Which leases of a configuration can bring a default route when the machine boots."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.matching import nics_by_entry
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path

#: The values of `activation-mode` and `control` with which a device is left alone at boot.
NOT_AT_BOOT = ("manual", "off")


def is_manual(device: Node) -> bool:
    """Whether the interface is left alone at boot (`service netif start X` brings it up)."""
    mode = device.get("activation-mode")
    return mode is not None and mode.value in NOT_AT_BOOT


def metrics_of_leases(draft: Draft) -> Mapping[Path, int]:
    """The metric of each device whose lease can bring routes at boot, by the device's path.

    One without a NIC here has no lease, nor has one that is not started at boot, or a port
    of a bond; of one with `use-routes: false` no route is taken.
    """
    ports = {member for _, bond in _of(draft, "bonds") for member in _members(bond)}
    found: dict[Path, int] = {}
    for kind in ("ethernets", "bonds", "bridges", "vlans"):
        for device_id, device in _of(draft, kind):
            overrides = device.get("dhcp4-overrides") or Node({})
            metric, dhcp4 = overrides.get("route-metric"), device.get("dhcp4")
            use_routes = overrides.get("use-routes")
            is_asked = dhcp4 is not None and dhcp4.value is True
            is_refused = use_routes is not None and use_routes.value is False
            if not is_asked or is_refused or device_id in ports:
                continue
            is_number = metric is not None and isinstance(metric.value, int)
            if metric is not None and is_number and _starts(draft, device_id, frozenset()):
                found[(kind, device_id)] = int(str(metric.value))
    return found


def _starts(draft: Draft, device_id: str, above: frozenset[str]) -> bool:
    """Whether a device is here and up after the boot, and so is one that it stands on.

    `above` are the devices that stand on it, since a configuration may have a circle.
    """
    kinds = (kind for kind, _ in draft.tree.items() if at(draft.tree, (kind, device_id)))
    kind = next(kinds, "")
    device = at(draft.tree, (kind, device_id))
    if device is None or device_id in above or not draft.names.interfaces.get(device_id):
        return False
    if is_manual(device):
        return False
    above |= {device_id}
    if kind == "ethernets":
        nics = nics_by_entry(draft.tree, draft.rewritten.inventory)
        return device_id in draft.rewritten.interfaces or bool(nics.get(device_id))
    if kind == "vlans":
        link = device.get("link")
        return link is not None and _starts(draft, str(link.value), above)
    is_pairs = any(one.name == device_id for one in draft.rewritten.aggregates)
    return is_pairs or any(_starts(draft, one, above) for one in _members(device))


def _of(draft: Draft, kind: str) -> Iterator[tuple[str, Node]]:
    of_kind = draft.tree.get(kind)
    if of_kind is not None and isinstance(of_kind.value, dict):
        yield from of_kind.items()


def _members(device: Node) -> Iterator[str]:
    for one in (device.get("interfaces") or Node(())).elements():
        yield str(one.value)
