"""Where in a file something stands, as people are told it."""

from __future__ import annotations

import re

from hyperv_net.places import Place


def place_of(path: str, text: str, *keys: str) -> Place:
    """The line of a key in YAML text, found by way of the keys above it.

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
    return Place(path, line=text.count("\n", 0, at) + 1)
