"""Checks between devices: names used once, members with one master, no device over itself."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.netconfig.checks import Notes
    from hyperv_net.tree import Node

_DEVICE_TYPES = (
    "ethernets",
    "wifis",
    "modems",
    "bonds",
    "bridges",
    "vlans",
    "vrfs",
    "tunnels",
    "dummy-devices",
    "virtual-ethernets",
    "nm-devices",
)
_EXCLUSIVE = ("bonds", "bridges")


def check_structure(notes: Notes, tree: Node) -> None:
    """Note an error where the devices of a checked tree cannot exist together."""
    devices = _devices(notes, tree)
    _check_masters(notes, tree)
    _check_cycles(notes, {name: tuple(_lowers(device)) for name, device in devices.items()})


def _devices(notes: Notes, tree: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    types: dict[str, str] = {}
    for device_type in _DEVICE_TYPES:
        section = tree.get(device_type)
        for name, device in section.items() if section else ():
            if name in found:
                twice = notes.error(device, f"{name!r} is already one of the {types[name]}")
                notes.errors.append(twice)
                continue
            found[name], types[name] = device, device_type
    return found


def _lowers(device: Node) -> Iterator[Node]:
    """The references of a device to the devices it stands on."""
    members = device.get("interfaces")
    if members:
        yield from members.elements()
    link = device.get("link")
    if link:
        yield link


def _check_masters(notes: Notes, tree: Node) -> None:
    """A device is a member of one bond or bridge at most, as in netplan and the kernel."""
    master: dict[object, str] = {}
    for device_type in _EXCLUSIVE:
        section = tree.get(device_type)
        for name, device in section.items() if section else ():
            members = device.get("interfaces")
            for member in members.elements() if members else ():
                if member.value in master:
                    first = master[member.value]
                    what = f"{member.value!r} is already a member of {first!r}"
                    notes.errors.append(notes.error(member, what))
                    continue
                master[member.value] = name


def _check_cycles(notes: Notes, lowers: dict[str, tuple[Node, ...]]) -> None:
    """Depth first, with a stack of its own since the chain may be long."""
    finished: set[str] = set()
    for start in lowers:
        path: dict[str, Iterator[Node]] = {} if start in finished else {start: iter(lowers[start])}
        while path:
            name = next(reversed(path))
            below = next(path[name], None)
            if below is None:
                finished.add(name)
                del path[name]
                continue
            lower = str(below.value)
            if lower in path:
                chain = list(path)[list(path).index(lower) :]
                middle = chain[1:] if len(chain) < 6 else [chain[1], "…", chain[-1]]
                shown = " over ".join([lower, *middle, lower])
                notes.errors.append(notes.error(below, f"stands on itself: {shown}"))
                continue
            if lower in lowers and lower not in finished:
                path[lower] = iter(lowers[lower])
