"""Checks for whole nodes, put together from the rules for single values.

A check takes a node as it was read and returns it with canonical values, or
None where the file gives no value after all.  Origins are always carried over,
so what a check takes away it must account for in the Notes.
"""

from __future__ import annotations

from collections.abc import Callable

from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig.values import boolean, shown
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.hidden import HIDDEN
from hyperv_net.secrets.names import is_secret_path
from hyperv_net.tree import Node, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Optional

    from hyperv_net.netconfig.values import Rule
    from hyperv_net.tree import Path

    Check = Callable[["Notes", Node], Optional[Node]]


#: The rule of a key that is almost one that is known.
UNKNOWN_KEY = "unknown-key"


class Notes:
    """What one reading has to say besides the tree; `source` is the file's name."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.dropped: dict[Path, str] = {}
        self.findings: list[Finding] = []
        self.errors: list[HypervNetError] = []
        self.is_version_1 = False

    def where(self, node: Node) -> Place:
        """The place of a node for people: file and path."""
        return Place(self.source, place(node))

    def error(self, node: Node, what: str, hint: str = "") -> HypervNetError:
        """An error that names the place of `node`."""
        return HypervNetError(what, where=self.where(node), hint=hint)

    def error_of_key(self, node: Node, what: str, hint: str = "") -> HypervNetError:
        """The same about the key that `node` stands under."""
        return HypervNetError(what, where=self.where(node), hint=hint, is_of_key=True)

    def attempt(self, check: Check, node: Node) -> Node | None:
        """What `check` makes of a node; one that it refuses is noted and stays as it is.

        So the rest of the file is looked at too, and nothing is said to be missing that is there.
        """
        try:
            return check(self, node)
        except HypervNetError as error:
            self.errors.append(error)
            return node

    def warn_of_unknown(self, node: Node, key: str, known: Iterable[str]) -> None:
        """Add a warning where the key of a node is none of `known`, and almost one of them."""
        from hyperv_net.guessing import did_you_mean

        hint = did_you_mean(key, known)
        if hint:
            message = f"no key {key!r} is known here"
            where = self.where(node)
            self.findings.append(Finding(UNKNOWN_KEY, Severity.WARNING, message, where, hint))

    def refuse(self) -> None:
        """Raise the first error that was noted, with the others in it."""
        raise_together(self.errors)

    def drop(self, node: Node, reason: str) -> None:
        """Account for the leaves at and below `node`, which the tree cannot hold."""
        for path in origins_below(node):
            self.dropped.setdefault(path, reason)


Keep = Callable[[Notes, Node], Node]


def place(node: Node) -> Path:
    """Where in the file a node stands: its first leaf's place less the way down to that leaf."""
    for below, descendant in walk(node):
        if descendant.origins:
            origin = descendant.origins[0]
            return origin[: len(origin) - len(below)]
    return ()


def origins_below(node: Node) -> tuple[Path, ...]:
    """The origins of a node and of everything below it."""
    return tuple(origin for _, below in walk(node) for origin in below.origins)


def united(*origins: tuple[Path, ...]) -> tuple[Path, ...]:
    """Origins together, each once, in order."""
    return tuple(dict.fromkeys(path for some in origins for path in some))


def kind(node: Node) -> str:
    """What sort of node this is, in words for an error."""
    if isinstance(node.value, tuple):
        return "a list"
    if isinstance(node.value, dict):
        return "a mapping"
    if node.value is not None and is_secret_path(place(node)):
        return "a value that is hidden"
    return "nothing" if node.value is None else shown(node.value)


def anything(notes: Notes, node: Node) -> Node:
    """Any node, as it is."""
    return node


def suggesting(keys: str, **below: Check) -> Keep:
    """A check that changes nothing and refuses nothing: it tells of keys that are almost known.

    `keys` are those that a mapping may have, with blanks between them; what is below one is
    checked by that of its name, with `_` for `-`.
    """
    inner = {name.replace("_", "-"): check for name, check in below.items()}
    known = (*keys.split(), *inner)

    def check(notes: Notes, node: Node) -> Node:
        for key, child in node.items():
            if key in inner:
                inner[key](notes, child)
            elif key not in known and not notes.is_version_1:
                notes.warn_of_unknown(child, key, known)
        return node

    return check


def each(element: Check) -> Keep:
    """The same of all that is in a mapping or a list, whatever its key."""

    def check(notes: Notes, node: Node) -> Node:
        for child in (*node.elements(), *(child for _, child in node.items())):
            element(notes, child)
        return node

    return check


def scalar(rule: Rule) -> Keep:
    """A check for a single value that fits `rule`."""

    def check(notes: Notes, node: Node) -> Node:
        value = node.value
        if value is not None and not isinstance(value, (str, int, float)):
            raise notes.error(node, f"expected one value, found {kind(node)}")
        try:
            return Node(rule(value), node.origins)
        except HypervNetError as error:
            what = error.what
            if is_secret_path(place(node)):
                what = f"{what.partition(': ')[0]}: {HIDDEN}"
            raise notes.error(node, what, error.hint) from None

    return check


flag = scalar(boolean)


def listing(element: Check, *, once: bool = False) -> Keep:
    """A check for a list of elements; with `once`, equal single values become one."""

    def check(notes: Notes, node: Node) -> Node:
        if not isinstance(node.value, tuple):
            raise notes.error(node, f"expected a list, found {kind(node)}")
        origins = node.origins
        children: list[Node] = []
        for child in node.value:
            if child.value is None:
                notes.errors.append(notes.error(child, "an empty entry in a list", "remove it"))
                continue
            checked = notes.attempt(element, child)
            if checked is not None:
                children.append(checked)
        return Node(_without_repeats(children) if once else tuple(children), origins)

    return check


def _without_repeats(children: list[Node]) -> tuple[Node, ...]:
    kept: dict[object, Node] = {}
    for child in children:
        key: object = id(child) if isinstance(child.value, (tuple, dict)) else child.value
        origins = kept[key].origins if key in kept else ()
        kept[key] = Node(child.value, united(origins, child.origins))
    return tuple(kept.values())


def mapping(
    keys: Mapping[str, Check],
    *,
    required: tuple[str, ...] = (),
    aliases: Mapping[str, str] | None = None,
) -> Keep:
    """A check for a mapping.

    A key that is not among `keys` is kept as it is; a known key without a
    value (null) is as good as absent, and its place goes to the mapping's
    origins; `aliases` are other spellings of keys.
    """
    spellings = aliases or {}

    def check(notes: Notes, node: Node) -> Node:
        origins, children = node.origins, {}
        for written, child in entries(notes, node):
            key = spellings.get(written, written)
            if key in children:
                twice = notes.error_of_key(child, f"{key!r} is there twice, in two spellings")
                notes.errors.append(twice)
                continue
            known = keys.get(key)
            if known is None:
                children[key] = child
                if not notes.is_version_1:
                    notes.warn_of_unknown(child, key, (*keys, *spellings))
            elif child.value is None:
                origins = united(origins, child.origins)
            else:
                checked = notes.attempt(known, child)
                if checked is not None:
                    children[key] = checked
        for key in required:
            if key not in children:
                notes.errors.append(notes.error(node, f"has no {key!r}", f"add '{key}:'"))
        return Node(children, origins)

    return check


def entries(notes: Notes, node: Node) -> tuple[tuple[str, Node], ...]:
    """The entries of a mapping; of null, which stands for an empty one, nothing."""
    if node.value is not None and not isinstance(node.value, dict):
        raise notes.error(node, f"expected a mapping, found {kind(node)}")
    return tuple(node.items())


def named(key_rule: Rule, value: Check) -> Keep:
    """A check for a mapping whose keys are names of the user's choice."""

    def check(notes: Notes, node: Node) -> Node:
        children = {}
        for name, child in entries(notes, node):
            try:
                key = str(key_rule(name))
            except HypervNetError as error:
                notes.errors.append(notes.error_of_key(child, error.what, error.hint))
                key = name
            if key in children:
                twice = notes.error_of_key(child, f"{name!r} is there twice, in two spellings")
                notes.errors.append(twice)
            checked = notes.attempt(value, child)
            if checked is not None:
                children[key] = checked
        return Node(children, node.origins)

    return check
