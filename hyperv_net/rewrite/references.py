"""Moving every reference to a device over to what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.devices import MEMBER_LISTS, SINGLE_REFERENCES
from hyperv_net.rewrite.members import Refused
from hyperv_net.tree import Node, as_written, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Parameters of a bridge that are given per port, under the port's id.
KEYED_BY_ID = ("path-cost", "port-priority")

#: An IPv6 address with its zone, `fe80::1%eth0`, and nothing else that has a `%`.
_ZONED = re.compile(r"([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)%([^\s/%]+)\Z")

#: IFNAMSIZ of Linux's net/if.h, less the byte at its end.
_LONGEST_LABEL = 15

Successors = Mapping[str, Sequence[str]]


def move_references(node: Node, successors: Successors) -> Node:
    """The node with every name in `successors` that refers to a device replaced.

    `successors` maps ids and interface names to the ids that stand for them
    now.  A list or a mapping by id gets all of them, each once and with the
    origins of all that it stands for (a bridge over both members of a pair);
    a single reference gets the first.
    """
    if isinstance(node.value, tuple):
        return Node(tuple(move_references(one, successors) for one in node.value), node.origins)
    if isinstance(node.value, dict):
        moved = {key: _move_under(key, child, successors) for key, child in node.value.items()}
        return Node(moved, node.origins)
    if isinstance(node.value, str):
        return Node(_move_zone(node.value, successors), node.origins)
    return node


def contradictions(node: Node, successors: Successors) -> Iterator[Refused]:
    """What per-port parameters say about one successor and an earlier port says otherwise."""
    for path, found in walk(node):
        if path and path[-1] in KEYED_BY_ID:
            first: dict[str, tuple[str, Node]] = {}
            for key, child in found.items():
                for name in _successors(key, successors):
                    before, standing = first.setdefault(name, (key, child))
                    if standing.value != child.value:
                        said = as_written(standing.value)
                        reason = f"{path[-1]}.{before} says {said} for the same card"
                        yield from (Refused(origin, reason) for origin in child.origins)


def _move_under(key: str, child: Node, successors: Successors) -> Node:
    if key in MEMBER_LISTS and isinstance(child.value, tuple):
        return _move_list(child, successors)
    if (key in SINGLE_REFERENCES or key == "primary") and isinstance(child.value, str):
        return Node(_successors(child.value, successors)[0], child.origins)
    if key in KEYED_BY_ID and isinstance(child.value, dict):
        return _move_keys(child, successors)
    if key == "label" and isinstance(child.value, str):
        return Node(_move_label(child.value, successors), child.origins)
    return move_references(child, successors)


def _successors(name: str, successors: Successors) -> Sequence[str]:
    return successors.get(name, (name,))


def _move_list(listed: Node, successors: Successors) -> Node:
    moved: dict[str, Node] = {}
    for one in listed.elements():
        for name in _successors(str(one.value), successors):
            before = moved.get(name, Node(name))
            moved[name] = Node(name, before.origins + one.origins)
    return Node(tuple(moved.values()), listed.origins)


def _move_keys(keyed: Node, successors: Successors) -> Node:
    moved: dict[str, Node] = {}
    for key, child in keyed.items():
        for name in _successors(key, successors):
            before = moved.get(name, Node(child.value))
            same = before.value == child.value
            moved[name] = Node(before.value, before.origins + (child.origins if same else ()))
    return Node(moved, keyed.origins)


def _move_label(label: str, successors: Successors) -> str:
    """The label of an address, `eth0:9`, names the device that has it (ip-address(8))."""
    name, colon, rest = label.partition(":")
    moved = f"{_successors(name, successors)[0]}{colon}{rest}"
    return moved if colon and len(moved) <= _LONGEST_LABEL else label


def _move_zone(text: str, successors: Successors) -> str:
    zoned = _ZONED.match(text)
    return f"{zoned[1]}%{_successors(zoned[2], successors)[0]}" if zoned else text
