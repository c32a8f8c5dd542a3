"""Hiding secrets in a unified diff, which patch(1) takes afterwards as well as ahead of it."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HUNK = re.compile(r"@@ -[0-9]+(?:,([0-9]+))? \+[0-9]+(?:,([0-9]+))? @@")


def hidden_in_diff(diff: str, hide: Callable[[str], str]) -> str:
    """The diff, with what `hide` hides of the lines of files: not of their marks and names."""
    lines, old, new = [], 0, 0
    for line in diff.split("\n"):
        if old > 0 or new > 0:
            is_line = line[:1] in ("+", "-", " ")
            lines.append(line[:1] + hide(line[1:]) if is_line else line)
            old -= line[:1] in ("-", " ")
            new -= line[:1] in ("+", " ")
            continue
        found = _HUNK.match(line)
        if found is not None:
            old, new = int(found[1] or 1), int(found[2] or 1)
        lines.append(line)
    return "\n".join(lines)
