"""Taking keys out of a YAML file by cutting their lines, so that all else stays as it is."""

from __future__ import annotations

import yaml

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.spans import composed
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def cut(text: str, source: str, at: Sequence[str], keys: Sequence[str]) -> str:
    """The file without `keys` of the mapping at the path `at`, which has them.

    Raises HypervNetError where the lines cannot be told apart, as in
    `{dhcp4: true}`; the file then has to be changed by hand.
    """
    where = Place(source, tuple(at[1:]))
    by_hand = HypervNetError(
        f"sets {', '.join(keys)} in a way that only a person can change",
        where=where,
        hint="take that out by hand, and inject again",
    )
    wanted = _without(to_plain(read_yaml(text, source)), at, keys)
    lines = text.splitlines(keepends=True)
    mapping = _mapping_at(composed(text, source), at)
    if mapping is None or mapping.flow_style:
        raise by_hand
    left = len(mapping.value) - len(keys)
    for key, value in reversed(mapping.value):
        if key.value in keys:
            first, last = key.start_mark.line, _last_line(value)
            if lines[first][: key.start_mark.column].strip():
                raise by_hand
            del lines[first : last + 1]
    if not left:
        above = mapping.value[0][0].start_mark.line - 1
        lines[above] = lines[above].rstrip("\n") + " {}\n"
    after = "".join(lines)
    try:
        told = to_plain(read_yaml(after, source))
    except HypervNetError:
        raise by_hand from None
    if told != wanted:
        raise by_hand
    return after


def _without(plain: Any, at: Sequence[str], keys: Sequence[str]) -> Any:
    if at:
        return {
            key: _without(value, at[1:], keys) if key == at[0] else value
            for key, value in plain.items()
        }
    return {key: value for key, value in plain.items() if key not in keys}


def _mapping_at(node: Any, at: Sequence[str]) -> yaml.MappingNode | None:
    for name in at:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == name), None)
    return node if isinstance(node, yaml.MappingNode) else None


def _last_line(node: Any) -> int:
    """The last line of a value; that of a block ends before the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        end = node.end_mark
        return int(end.line - (end.column == 0 and end.line > node.start_mark.line))
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)
