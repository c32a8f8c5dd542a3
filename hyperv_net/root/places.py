"""Where in a file something stands, as people are told it."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.errors import HypervNetError


def place_of(path: str, text: str, *keys: str) -> str:
    """`path:line` of a key in YAML text, found by way of the keys above it.

    The line of the last that is found, since a flow style may have all in one.
    """
    at = 0
    for key in keys:
        found = re.compile(rf"^[^#\n]*?(?<![\w-])[\"']?{re.escape(key)}[\"']?\s*:", re.M).search(
            text, at
        )
        if found is None:
            break
        line_start = text.rfind("\n", 0, found.end()) + 1
        at = line_start
    return f"{path}:{text.count(chr(10), 0, at) + 1}"


def place_of_error(error: HypervNetError, path: str) -> str:
    """`path:line` of what a parser said, whose errors name `FILE: line N`."""
    line = re.search(r": line ([0-9]+)", error.where)
    return f"{path}:{line[1]}" if line else path
