"""What a renderer did with each leaf it was given."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import at, leaves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.tree import Node, Path


class Account:
    """What one renderer run did with each leaf of the rewritten tree.

    A renderer makes one, tells it every leaf it put into the text and every
    leaf it could not express, and takes `places` and `dropped` from it at the
    end; a leaf it never mentioned is dropped with `otherwise` as the reason,
    so that nothing can be forgotten silently.
    """

    def __init__(self, tree: Node) -> None:
        self._tree = tree
        self._places: dict[Path, str] = {}
        self._dropped: dict[Path, str] = {}

    def place(self, path: Path, where: str) -> None:
        """Say that every leaf at or below `path` is in the text at `where`."""
        self._note(self._places, path, where)

    def place_backends(self, where: str) -> None:
        """Say at the end that every `renderer` of what is not dropped is answered by `where`.

        Which of netplan's backends configures a device is no setting of the device: another
        target is another answer to it.
        """
        for path, _ in leaves(self._tree):
            if path[-1:] == ("renderer",) and len(path) in (1, 3) and path not in self._dropped:
                self._places.setdefault(path, where)

    def drop(self, path: Path, reason: str) -> None:
        """Say that the leaves at or below `path`, unless placed, cannot be expressed."""
        self._note(self._dropped, path, reason)

    def _note(self, notes: dict[Path, str], path: Path, text: str) -> None:
        node = at(self._tree, path)
        if node is not None:
            for leaf_path, _ in leaves(node, path):
                notes.setdefault(leaf_path, text)

    def places(self) -> Mapping[Path, str]:
        """Leaf path → place in the text."""
        return dict(self._places)

    def dropped(self, otherwise: str) -> Mapping[Path, str]:
        """Leaf path → reason, for every leaf that has no place."""
        return {
            path: self._dropped.get(path, otherwise)
            for path, _ in leaves(self._tree)
            if path not in self._places
        }
