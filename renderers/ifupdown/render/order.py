"""The order in which devices stand in the file."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node, natural

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The types of netplan's devices, cards first.
KINDS = (
    "ethernets",
    "dummy-devices",
    "virtual-ethernets",
    "tunnels",
    "bonds",
    "vlans",
    "bridges",
    "vrfs",
    "wifis",
    "modems",
    "nm-devices",
)


def in_order(tree: Node) -> Iterator[tuple[str, str, Node]]:
    """Type, id and settings of the devices, each after those it stands on.

    `ifup -a` keeps the order of the file.
    """
    devices = {
        one: (kind, one, device)
        for kind in KINDS
        for one, device in sorted(
            (tree.get(kind) or Node({})).items(), key=lambda item: natural(item[0])
        )
    }
    done: set[str] = set()
    for one in devices:
        # A stack of its own: a chain of vlans may be deeper than Python's.
        waiting = [one]
        while waiting:
            below = [
                other
                for other in _stands_on(devices[waiting[-1]][2])
                if other in devices and other not in done and other not in waiting
            ]
            if below:
                waiting += reversed(below)
            else:
                ready = waiting.pop()
                if ready not in done:
                    done.add(ready)
                    yield devices[ready]


def _stands_on(device: Node) -> list[str]:
    found = [str(each.value) for each in (device.get("interfaces") or Node(())).elements()]
    link = device.get("link")
    return [*found, str(link.value)] if link is not None else found
