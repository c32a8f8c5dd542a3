"""Looking at a machine, or at a folder that stands for one, for all that this program reads."""

from __future__ import annotations

import os

from hyperv_net import __version__
from hyperv_net.capture.kept import Keeping
from hyperv_net.capture.places import places
from hyperv_net.capture.sysfs import add_sysfs
from hyperv_net.capture.tree import Tree, leads_out, made_relative
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory import answers
from hyperv_net.inventory.answers import Answers, kept_answers
from hyperv_net.inventory.driver_statistics import driver_statistics
from hyperv_net.inventory.ethtool import permanent_address
from hyperv_net.inventory.freebsd import (
    IFCONFIG,
    IFCONFIG_WITH_DRIVERS,
    SYSCTL,
    netifaces_link_addresses,
)
from hyperv_net.inventory.gathering import run_tool
from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.capture.places import Places
    from hyperv_net.model import Inventory
    from hyperv_net.renderers.target import Target
    from hyperv_net.root.files import Root

_OSRELEASE = "proc/sys/kernel/osrelease"


def look(root: Root, inventory: Inventory) -> Tree:
    """What there is at `root`, `/` for the running machine, whose NICs are those of `inventory`.

    What cannot be read is left out, with the reason.
    """
    tree = Tree({}, {}, set(), {})
    where = places(inventory.system)
    keeping = Keeping([nic.name for nic in inventory.nics], where.for_names)
    _Looking(tree, root, keeping).add(where, inventory.system)
    if inventory.system is System.LINUX:
        add_sysfs(tree, os.fspath(root))
        tree.texts[_OSRELEASE] = f"{inventory.kernel}\n"
    for link in [one for one in sorted(tree.links) if leads_out(one, tree.links)]:
        tree.left_out[link] = f"a link that leads out of the root, to {tree.links.pop(link)}"
    tree.texts.update(answers.as_texts(_asked(root, inventory), __version__, tree.left_out))
    return tree._replace(texts=keeping.without_secrets(tree.texts))


def _asked(root: Root, inventory: Inventory) -> Answers:
    """What the running kernel and its tools answer, or what they are known to have answered."""
    system = inventory.system
    if os.path.realpath(root) != "/":
        return kept_answers(root) or Answers(system, {}, {}, {})
    if system is System.FREEBSD:
        told = run_tool(IFCONFIG_WITH_DRIVERS) or run_tool(IFCONFIG)
        return Answers(system, {}, {}, netifaces_link_addresses(), told, run_tool(SYSCTL))
    cards = [nic.name for nic in inventory.nics if nic.device is not None]
    counted = ((name, driver_statistics(name)) for name in cards)
    return Answers(
        system,
        {name: permanent_address(name) for name in cards},
        {name: counters for name, counters in counted if counters is not None},
        {},
    )


class _Looking:
    """Putting into a tree what is found below a root."""

    def __init__(self, tree: Tree, root: Root, keeping: Keeping) -> None:
        self._tree = tree
        self._root = root
        self._keeping = keeping

    def add(self, where: Places, system: System) -> None:
        """All that there is of these places, and the files that a target's own include."""
        self._add_texts(where.reads)
        for pattern in where.looks_for:
            for path in self._found(pattern):
                self._add(path, None)
        for target in targets(system):
            self._add_included(target)

    def _add_texts(self, patterns: Iterable[str]) -> None:
        for pattern in patterns:
            for path in self._found(pattern):
                try:
                    text = files.read_matching(self._root, [path]).get(path)
                except HypervNetError as error:
                    self._tree.left_out[path] = error.what
                    text = None
                self._add(path, text)

    def _add_included(self, target: Target) -> None:
        looked_for: frozenset[str] = frozenset()
        while True:
            try:
                patterns = target.further_files(self._tree.texts)
            except HypervNetError:
                return  # Who reads the capture is told so by the same file.
            if patterns <= looked_for:
                return
            self._add_texts(sorted(patterns - looked_for))
            looked_for |= patterns

    def _found(self, pattern: str) -> list[str]:
        try:
            return files.find_below(self._root, pattern)
        except HypervNetError as error:
            self._tree.left_out[pattern] = error.what
            return []

    def _add(self, path: str, text: str | None) -> None:
        """What is at a path, by its text or by being there, and the links that lead to it."""
        tree = self._tree
        try:
            real, links = files.links_below(self._root, path)
        except HypervNetError as error:
            tree.left_out[path] = error.what
            return
        tree.links.update((link, made_relative(link, target)) for link, target in links.items())
        if text is not None:
            kept = self._keeping.what_is_read(path, text)
            tree.texts[real] = tree.texts.get(real) or kept
        elif self._is_file(real):
            tree.texts.setdefault(real, "")
        elif files.exists_below(self._root, real):
            tree.folders.add(real)

    def _is_file(self, path: str) -> bool:
        try:
            return files.is_file(self._root, path)
        except HypervNetError as error:
            self._tree.left_out[path] = error.what
            return False
