"""A mapping of version 1 that is taken apart key by key, so that nothing is left unseen.

What is wrong with one key is noted and the key is as good as absent, so that the others are looked
at too; nobody reads on in a config with such a note (`Notes.refuse`).
"""

from __future__ import annotations

from contextlib import contextmanager

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.checks import entries, kind, origins_below, scalar, united
from hyperv_net.netconfig.values import anything
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.netconfig.checks import Notes
    from hyperv_net.netconfig.values import Rule
    from hyperv_net.tree import Path


class Entry:
    """One mapping of the file, with the keys of it that have not been taken yet.

    `spent` are the places of leaves that became structure: keys without a
    value, and whatever the reader has spent.
    """

    def __init__(self, notes: Notes, node: Node) -> None:
        """Begin with all keys of `node`, which must be a mapping."""
        self.node = node
        self.notes = notes
        self.spent: tuple[Path, ...] = node.origins
        self._left = dict(entries(notes, node))
        self._asked: list[str] = []

    def take(self, key: str) -> Node | None:
        """The child under `key`, whatever it is; None where it is missing, null or ''."""
        self._asked.append(key)
        child = self._left.pop(key, None)
        if child is not None and child.value in (None, ""):
            self.spend(child)
            return None
        return child

    def one(self, key: str, rule: Rule) -> Node | None:
        """The single value under `key`, in the form that `rule` gives it."""
        child = self.take(key)
        return None if child is None else self._checked(child, rule)

    def _checked(self, node: Node, rule: Rule) -> Node | None:
        try:
            return scalar(rule)(self.notes, node)
        except HypervNetError as error:
            self.notes.errors.append(error)
            return None

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note an error that is raised inside, where the rest can be read all the same."""
        try:
            yield
        except HypervNetError as error:
            self.notes.errors.append(error)

    def needed(self, key: str, rule: Rule) -> Node:
        """The same of a key without which nothing can be read; raises HypervNetError."""
        child = self.take(key)
        if child is None:
            raise self.notes.error(self.node, f"has no {key!r}", f"add '{key}:'")
        return scalar(rule)(self.notes, child)

    def words(self, key: str, rule: Rule, separators: str = "") -> list[Node]:
        """The values under `key`: a list, or one text in which blanks or `separators` part them."""
        child = self.take(key)
        if child is None:
            return []
        if isinstance(child.value, tuple):
            parts = child.elements()
        else:
            whole = self._checked(child, anything)
            text = str(whole.value) if whole is not None else ""
            for separator in separators:
                text = text.replace(separator, " ")
            parts = tuple(Node(word, child.origins) for word in text.split())
        if not parts:
            self.spend(child)
        return [one for part in parts for one in [self._checked(part, rule)] if one is not None]

    def inner(self, key: str) -> list[Entry]:
        """The mappings in the list under `key`."""
        child = self.take(key)
        if child is None:
            return []
        if not isinstance(child.value, tuple):
            what = f"expected a list, found {kind(child)}"
            self.notes.errors.append(self.notes.error(child, what))
            return []
        if not child.value:
            self.spend(child)
        return list(filter(None, map(self._entry, child.value)))

    def _entry(self, node: Node) -> Entry | None:
        try:
            return Entry(self.notes, node)
        except HypervNetError as error:
            self.notes.errors.append(error)
            return None

    def inside(self, key: str) -> Entry | None:
        """The mapping under `key`."""
        child = self.take(key)
        return None if child is None else self._entry(child)

    def spend(self, *nodes: Node | None) -> None:
        """Say that these nodes became structure."""
        for node in nodes:
            if node is not None:
                self.spent = united(self.spent, origins_below(node))

    def rest(self) -> dict[str, Node]:
        """Take everything that is left."""
        left, self._left = self._left, {}
        for key, child in left.items():
            self.notes.warn_of_unknown(child, key, self._asked)
        return left

    def drop_rest(self, reason: str) -> None:
        """Account for everything that is left: `reason` has its key put in for {}."""
        for key, child in self.rest().items():
            if child.value in (None, ""):
                self.spend(child)
            else:
                self.notes.drop(child, reason.format(repr(key)))
