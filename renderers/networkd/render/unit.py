"""One device's files while they are made, and the account of what went into them."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.values import RefusedError
from hyperv_net.tree import Node, at, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hyperv_net.renderers.networkd.render.values import Check
    from hyperv_net.tree import Path

NO_WAY = "networkd has no such setting"


class Section:
    """`[NAME]` and its lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[tuple[str, str]] = []

    def add(self, key: str, value: str) -> None:
        """A line of it.  Raises RefusedError for a value that cannot stand in one."""
        self.lines.append((key, values.as_text(value)))


class Unit:
    """One file, whose sections are in the order in which they were first asked for."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    def section(self, name: str) -> Section:
        """The section of this name, a new one where there is none."""
        for one in self.sections:
            if one.name == name:
                return one
        return self.another(name)

    def another(self, name: str) -> Section:
        """A further section, beside those that bear its name."""
        self.sections.append(Section(name))
        return self.sections[-1]

    def text(self) -> str:
        """The sections that say something, and [Match] in any case."""
        return "\n".join(
            f"[{one.name}]\n" + "".join(f"{key}={value}\n" for key, value in one.lines)
            for one in self.sections
            if one.lines or one.name == "Match"
        )


class Made:
    """The files of one device, and what became of each of its leaves.

    `placed` and `refused` have paths below the device; what is in neither when all is done
    is nothing that networkd knows.
    """

    def __init__(self, device: Node) -> None:
        self.device = device
        self.network, self.netdev, self.link = Unit(), Unit(), Unit()
        self.placed: dict[Path, str] = {}
        self.refused: dict[Path, str] = {}
        self.prefix = ""
        self.has_netdev = False

    def value(self, *path: str | int) -> object:
        """The plain value at a path, None where there is none."""
        node = at(self.device, path)
        return None if node is None else node.value

    def elements(self, *path: str | int) -> Iterator[tuple[int, Node]]:
        """The elements of a list."""
        return enumerate((at(self.device, path) or Node(())).elements())

    def keys(self, *path: str | int) -> Mapping[str, Node]:
        """What is below a mapping."""
        return dict((at(self.device, path) or Node({})).items())

    def take(self, path: Path, check: Check, where: str) -> Any:
        """The value at a path as `check` prints it; None where it is not there or refused."""
        node = at(self.device, path)
        if node is None:
            return None
        try:
            found = check(node.value)
        except RefusedError as refusal:
            self.refused[path] = str(refusal)
            return None
        self.placed[path] = where
        return found

    def put(self, path: Path, check: Check, section: Section, key: str) -> None:
        """A line for the value at a path, where there is one."""
        found = self.take(path, check, f"[{section.name}] {key}=")
        if found is not None:
            section.add(key, found)

    def put_all(self, path: Path, section: Section, keys: Mapping[str, tuple[str, Check]]) -> None:
        """A line for each of the values below a path that networkd has a key for."""
        for key in self.keys(*path):
            if key in keys:
                line, check = keys[key]
                self.put((*path, key), check, section, line)

    def rest(self) -> Iterator[tuple[Path, str | None]]:
        """Every leaf with the reason why it is nowhere, None for one that has its place."""
        for path, _ in leaves(self.device):
            above = [path[:length] for length in range(len(path) + 1)]
            refused = next((self.refused[one] for one in above if one in self.refused), None)
            placed = any(one in self.placed for one in above)
            yield path, refused if refused else None if placed else NO_WAY

    def place_of(self, path: Path) -> str:
        """Where a leaf is that has its place: what the file's name ends with, and the line."""
        above = (path[:length] for length in range(len(path), -1, -1))
        where = next((self.placed[one] for one in above if one in self.placed), "")
        for kind, unit in (("netdev", self.netdev), ("link", self.link)):
            for section in unit.sections:
                keys = (f"[{section.name}] {key}=" for key, _ in section.lines)
                if any(where.startswith(key) for key in keys):
                    return f"{kind}: {where}"
        return f"network: {where}"
