"""A configuration as a tree in which every value remembers where it came from.

The rewrite moves nodes about; since each keeps its origins, the ledger can be
read off the result instead of being kept by hand at every step.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator
    from typing import Any, Union

    Key = Union[str, int]
    Path = tuple[Key, ...]
    Scalar = Union[str, int, float, bool, None]
    Value = Union[Scalar, tuple["Node", ...], dict[str, "Node"]]
else:
    # Names for annotations, which nobody evaluates.
    Key = Path = Scalar = Value = object

# Compiled when a path is shown, which at an event of a VF none is.
_PLAIN_KEY = r"[A-Za-z0-9_+/:@-]+\Z"
_RUNS = re.compile(r"[0-9]+|[^0-9]+")


class Node(NamedTuple):
    """A scalar, a list (tuple of nodes) or a mapping, with its origins.

    Origins are paths in the file that was read; a node that hyperv-net added
    has none.  A container has origins where a leaf of the file became
    structure (version 1's `type: physical` became a place below `ethernets`).
    """

    value: Value
    origins: tuple[Path, ...] = ()

    def get(self, key: str) -> Node | None:
        """The child of a mapping under `key`, or None."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> ItemsView[str, Node]:
        """The children of a mapping with their keys; of anything else, nothing."""
        return self.value.items() if isinstance(self.value, dict) else _NO_CHILDREN.items()

    def elements(self) -> tuple[Node, ...]:
        """The children of a list; of anything else, nothing."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def is_leaf(self) -> bool:
        """True for a scalar and for a container without children."""
        return not self.value if isinstance(self.value, (tuple, dict)) else True


_NO_CHILDREN: dict[str, Node] = {}


def added(plain: Any) -> Node:
    """A tree of plain values that hyperv-net adds by itself: nothing in it has an origin."""
    return _build(plain, lambda path: ())


def from_plain(plain: Any, path: Path = ()) -> Node:
    """A tree of plain values read from a file in which they stand at `path`."""
    return _build(plain, lambda below: ((*path, *below),))


def _build(plain: Any, origins: Callable[[Path], tuple[Path, ...]], path: Path = ()) -> Node:
    if isinstance(plain, dict):
        mapping = {key: _build(value, origins, (*path, key)) for key, value in plain.items()}
        return Node(mapping, () if mapping else origins(path))
    if isinstance(plain, (list, tuple)):
        children = tuple(_build(value, origins, (*path, i)) for i, value in enumerate(plain))
        return Node(children, () if children else origins(path))
    return Node(plain, origins(path))


def to_plain(node: Node) -> Any:
    """The tree as fresh dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: to_plain(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [to_plain(child) for child in node.value]
    return node.value


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node below and including `node`, parents before children."""
    pending = [(path, node)]
    while pending:
        at, found = pending.pop()
        yield at, found
        value = found.value
        if isinstance(value, dict):
            pending += [((*at, key), child) for key, child in reversed(value.items())]
        elif isinstance(value, tuple):
            last = len(value) - 1
            pending += [((*at, last - i), child) for i, child in enumerate(reversed(value))]


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """The leaves of a tree with their paths."""
    if node.is_leaf:
        return iter(((path, node),))
    return ((at, found) for at, found in walk(node, path) if found.is_leaf)


def at(node: Node, path: Path) -> Node | None:
    """The node at `path`, or None where there is none."""
    found: Node | None = node
    for key in path:
        if found is None:
            return None
        if isinstance(key, int):
            children = found.elements()
            found = children[key] if key < len(children) else None
        else:
            found = found.get(key)
    return found


def format_path(path: Path) -> str:
    """A path as people write it: `ethernets.eth0.addresses[1]`, odd keys quoted."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif re.match(_PLAIN_KEY, key):
            text += f".{key}" if text else key
        else:
            text += f"[{key!r}]"
    return text


def as_written(value: object) -> str:
    """A plain value as a message quotes it: in YAML's words, and text in quotes."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        inner = (f"{key}: {as_written(child)}" for key, child in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(as_written, value))}]"
    return repr(value)


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts eth2 before eth10; different texts have different keys."""
    return (*map(_run_key, _RUNS.findall(text)), (-1, 0, text))


def _run_key(run: str) -> tuple[int, int, str]:
    if not "0" <= run[0] <= "9":
        return 1, 0, run
    # Without its zeros the longer number is the larger; int() refuses very long ones.
    digits = run.lstrip("0")
    return 0, len(digits), digits


def canonical(node: Node) -> Node:
    """The same tree with the keys of every mapping in natural order."""
    if isinstance(node.value, dict):
        value = node.value
        ordered = sorted(value, key=natural)
        return Node({key: canonical(value[key]) for key in ordered}, node.origins)
    if isinstance(node.value, tuple):
        return Node(tuple(canonical(child) for child in node.value), node.origins)
    return node
