"""What adopted files say, as a tree in which every value knows where it stands in them."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import Node, canonical

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.places import Place
    from hyperv_net.tree import Path


class Stood(NamedTuple):
    """A plain value, mapping or list that a file has, and where."""

    value: Any
    where: Place


def standing(plain: Any) -> tuple[Node, dict[Path, Place]]:
    """The tree of plain values, and the places of those that are `Stood`, by their origins.

    What is none is ours, and has no origin; so is the path of each in the tree.
    """
    stands: dict[Path, Place] = {}
    return canonical(_node(plain, (), stands)), stands


def _node(plain: Any, path: Path, stands: dict[Path, Place]) -> Node:
    origins: tuple[Path, ...] = ()
    if isinstance(plain, Stood):
        stands[path] = plain.where
        origins, plain = (path,), plain.value
    if isinstance(plain, dict):
        children = {key: _node(value, (*path, key), stands) for key, value in plain.items()}
        return Node(children, origins)
    if isinstance(plain, (list, tuple)):
        return Node(
            tuple(_node(value, (*path, at), stands) for at, value in enumerate(plain)), origins
        )
    return Node(plain, origins)
