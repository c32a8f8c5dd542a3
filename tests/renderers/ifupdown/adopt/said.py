"""What files of interfaces(5) say, by a reader that shares nothing with the one that is tested."""

from __future__ import annotations

import re
from collections.abc import Mapping


def logical(text: str) -> list[str]:
    """The lines as ifupdown takes them, each without the space around it."""
    joined = re.sub(r"^([ \t]*#.*)\\$", r"\1", text, flags=re.MULTILINE)
    return [line.strip() for line in re.sub(r"\\\n", "", joined).splitlines()]


def stanzas(texts: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What is said of each interface: options with their values, method, start; a reader apart."""
    said: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] = []
    for path in sorted(texts):
        if not path.startswith("etc/network/") or path.endswith((".orig", ".bak")):
            continue
        for line in filter(None, logical(texts[path])):
            verb, _, rest = re.sub(r"\s+", " ", line, count=1).partition(" ")
            if line.startswith("#"):
                continue
            if verb in ("auto", "allow-hotplug"):
                for one in rest.split():
                    said.setdefault(one, []).append(("start", verb))
                current = []
            elif verb in ("iface", "template"):
                name, *more = rest.split()
                current = said.setdefault(name, [])
                current += [("method", one) for one in more[1:2]]
                if "inherits" in more:
                    current.append(("inherits", more[-1]))
            elif verb not in ("source", "source-directory") and not verb.startswith(
                ("allow-", "no-")
            ):
                current.append((verb, rest.strip()))
    return said
