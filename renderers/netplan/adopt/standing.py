"""Where in netplan's files each value of their merged tree stands."""

from __future__ import annotations

from hyperv_net.netconfig.spans import spans
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.adopt.merging import NOTHING, at
from hyperv_net.tree import walk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    from hyperv_net.tree import Node, Path

    #: A file: its path, its text, what it has below `network`.
    File = tuple[str, str, Any]

    class Standing(Protocol):
        """What tells where a path stands: with its value, or the part of it that is named."""

        def __call__(self, path: Path, part: str = "") -> Place | None:
            """Its place; None where no file has it."""


def standing_in(files: Sequence[File]) -> Standing:
    """What tells of a path of the merged tree, as it is below `network`, where its value stands.

    It is that of the last file that has it, since a later scalar counts; None where none has it.
    Behind the path there may be `key` or `value`, where no more is meant.
    """
    found = {path: spans(text) for path, text, _ in files}

    def stands(path: Path, part: str = "") -> Place | None:
        for place in range(len(files) - 1, -1, -1):
            name, _, network = files[place]
            inside = _inside(path, network, [one for _, _, one in files[:place]])
            span = found[name](("network", *inside), part) if inside is not None else None
            if span is not None:
                return Place(name, ("network", *path), *span)
        return None

    return stands


def _inside(path: Path, network: Any, before: Sequence[Any]) -> Path | None:
    """The path in one file's tree, of which those `before` have the first elements of lists."""
    for step, key in enumerate(path):
        if isinstance(key, int):
            above = path[:step]
            lists = [at(one, above) for one in before]
            index = key - sum(len(one) for one in lists if isinstance(one, list))
            # An element is of one file, and what is in it too.
            path = (*above, index, *path[step + 1 :])
            break
    # What stands beside devices is that of each of them (`with_backends`).
    beside = (path[0], path[-1]) if path[-1:] == ("renderer",) and len(path) == 3 else path
    return next((one for one in (path, beside) if one and at(network, one) is not NOTHING), None)


def stands_of(tree: Node, stands: Standing) -> dict[Path, Place]:
    """The places of all that the tree was made of, and of what that stands in, by their origins."""
    found: dict[Path, Place] = {}
    for _, node in walk(tree):
        for origin in node.origins:
            for length in range(len(origin), 0, -1):
                part = origin[:length]
                if part in found:
                    break
                place = stands(part[1:] if part[:1] == ("network",) else part)
                if place is not None:
                    found[part] = place
    return found
