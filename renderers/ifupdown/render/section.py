"""The stanzas of one device, while they are put together."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from hyperv_net.tree import Node, Path

NO_WAY = "ifupdown has no such setting"


class Stanza:
    """`iface NAME family method` and the lines below it."""

    def __init__(self, family: str, method: str, lines: Sequence[str] = ()) -> None:
        self.family = family
        self.method = method
        self.lines = list(lines)


class Section:
    """All stanzas of a device, and the account of its leaves; paths are below the device."""

    def __init__(self, name: str, start: str | None = "auto") -> None:
        self.name = name
        self.start = start
        self.stanzas: list[Stanza] = []
        self.placed: dict[Path, str] = {}
        self.refused: dict[Path, str] = {}
        self.packages: set[str] = set()
        self.link: list[str] = []
        self.before: list[str] = []
        self.after: list[str] = []

    def text(self) -> str:
        """The section as it stands in the file."""
        lines = [f"{self.start} {self.name}"] if self.start else []
        for index, stanza in enumerate(self.stanzas):
            lines += [""] if index else []
            lines.append(f"iface {self.name} {stanza.family} {stanza.method}")
            lines += [f"    {line}" for line in stanza.lines]
        return "".join(f"{line}\n" for line in lines)


class Surroundings(NamedTuple):
    """What a device's section depends on besides the device itself.

    `names` gives the interface name of an id; `hook_joins` the ids of VFs,
    which a hook in `hook_file` joins to their aggregate; `triggers` gives for an
    aggregate the commands, one a pair, that make the hook look again.
    """

    names: Mapping[str, str]
    hook_joins: frozenset[str]
    hook_file: str
    triggers: Mapping[str, Sequence[str]] = {}


def take(
    made: Section, rest: dict[str, Node], key: str, check: Callable[[object], Any], where: str
) -> Any:
    """The checked value of a key, which is then accounted for; None where it is absent or bad."""
    node = rest.pop(key, None)
    if node is None:
        return None
    try:
        found = check(node.value)
    except RefusedError as refusal:
        made.refused[key,] = str(refusal)
        return None
    made.placed[key,] = where
    return found
