"""A YAML text with some keys taken out and some scalars replaced, and every other byte kept."""

from __future__ import annotations

import yaml

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.spans import composed
from hyperv_net.netconfig.yaml_text import has_aliases
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from hyperv_net.tree import Path

_Edit = tuple[int, int, str]  # start and end in the old text, what stands there afterwards


def edited(text: str, source: str, gone: Collection[Path], scalars: Mapping[Path, str]) -> str:
    """`text` without the mapping keys at the paths `gone`, and with new scalars at others.

    A key goes with all lines of its value and the comments on them.  The text
    has been read and checked before.  Raises HypervNetError where it uses
    anchors, since what an alias stands for is in another place too.
    """
    if has_aliases(text):
        raise HypervNetError(
            "uses YAML anchors, so that it cannot be edited key by key",
            where=Place(source),
            hint="write out what the aliases stand for",
        )
    root = composed(text, source)
    return _applied(text, list(_edits(text, source, root, (), gone, scalars)), 0, len(text))


def _applied(text: str, edits: list[_Edit], start: int, end: int) -> str:
    pieces, at = [], start
    for first, last, new in sorted(edits):
        pieces += [text[at:first], new]
        at = last
    return "".join((*pieces, text[at:end]))


def _edits(
    text: str,
    source: str,
    node: Any,
    path: Path,
    gone: Collection[Path],
    scalars: Mapping[Path, str],
) -> Iterator[_Edit]:
    if path in scalars:
        yield (node.start_mark.index, _end(node), scalars[path])
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _edits(text, source, child, (*path, index), gone, scalars)
    elif isinstance(node, yaml.MappingNode):
        kept = [(key, value) for key, value in node.value if (*path, str(key.value)) not in gone]
        inner = [
            (key, value, list(_edits(text, source, value, (*path, str(key.value)), gone, scalars)))
            for key, value in kept
        ]
        if node.flow_style and len(kept) < len(node.value):
            # Made anew: which comma goes with which key is a matter of taste.
            pairs = (
                _applied(text, edits, key.start_mark.index, _end(value))
                for key, value, edits in inner
            )
            yield (node.start_mark.index, _end(node), f"{{{', '.join(pairs)}}}")
            return
        for _, _, edits in inner:
            yield from edits
        for key, value in node.value:
            if (*path, str(key.value)) in gone:
                yield _lines_of(text, source, key, value)


def _lines_of(text: str, source: str, key: Any, value: Any) -> _Edit:
    """The whole lines of a key of a block mapping and its value."""
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    if text[start : key.start_mark.index].strip():
        raise HypervNetError(
            f"the key {key.value!r} stands behind something else and cannot be taken out",
            where=Place(source, line=key.start_mark.line + 1),
            hint="put it on a line of its own",
        )
    end = text.find("\n", max(_end(key), _end(value)))
    return (start, len(text) if end < 0 else end + 1, "")


def _end(node: Any) -> int:
    """Where the text of a node ends; PyYAML's mark of a block is behind the comments after it."""
    children: list[Any] = []
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        children = [one for pair in node.value for one in pair]
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        children = node.value
    if children:
        return max(_end(child) for child in children)
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        # The mark is at the next token; the line break belongs to the scalar.
        return max(node.start_mark.index, end - 1)
    return end
