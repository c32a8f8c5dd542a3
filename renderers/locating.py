"""On which line of a rendered text a setting stands: one function for each syntax.

Each takes the text, the key under which the renderer says that the setting stands there, and
`words`: its value first, then those beside it in the same entry, by which one of several
lines (routes, addresses) is told from the others.  The line is counted from 1; None where no
line is the one.  For those who look at a plan: nothing of it is imported where one is made.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from hyperv_net.tree import Path

#: What stands in a key for words that were left out.
_GAP = "..."
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
#: What a stanza of interfaces(5) begins with; blank lines are part of the one before.
_OPENS = re.compile(
    r"\s*(?:(?:iface|mapping|auto|source|source-directory|rename|template)\s"
    r"|(?:allow-|no-auto-down|no-scripts))"
)


def in_yaml(text: str, key: str, words: Sequence[str]) -> int | None:
    """A key path below `network`."""
    return _paths(text).get(key)


@lru_cache(maxsize=8)
def _paths(text: str) -> Mapping[str, int]:
    from hyperv_net.netconfig.spans import composed
    from hyperv_net.tree import format_path

    found: dict[str, int] = {}
    root = composed(text, "the rendered text")
    pending: list[tuple[Path, Any]] = [((), root)]
    while pending:
        path, node = pending.pop()
        if isinstance(node.value, str):
            continue
        for at, child in enumerate(node.value):
            # A mapping stands where its key does.
            key, value = (child[0].value, child[1]) if isinstance(child, tuple) else (at, child)
            mark = child[0].start_mark if isinstance(child, tuple) else child.start_mark
            below = (*path, key)
            found[format_path(below[1:])] = mark.line + 1
            pending.append((below, value))
    return found


def in_variables(text: str, key: str, words: Sequence[str]) -> int | None:
    """An assignment of rc.conf(5), or a line of a file whose lines begin with their keyword."""
    pattern = re.compile(rf"\s*{re.escape(key)}(?:=|\s|\Z)")
    return _best(_matching(text, pattern), words)


def in_sections(text: str, key: str, words: Sequence[str]) -> int | None:
    """`[Section] Key=` or `section.key` of a file of sections, which may come more than once."""
    section, _, name = key.partition("] ") if key.startswith("[") else key.partition(".")
    section, name = section.lstrip("[").rstrip("]"), name.partition(" of ")[0].rstrip("=")
    blocks = [block for block in _sections(text) if block[0][1].strip() == f"[{section}]"]
    if not name:
        return blocks[0][0][0] if blocks else None
    best = _most(blocks, words)
    for block in [best, *blocks] if best else ():
        # NetworkManager has a second line for what else there is of a route.
        pattern = re.compile(rf"\s*{re.escape(name)}(?:_options)?\s*=")
        line = _best([one for one in block if pattern.match(one[1])], words)
        if line is not None:
            return line
    return None


def in_stanzas(text: str, key: str, words: Sequence[str]) -> int | None:
    """`iface NAME: OPTION` of interfaces(5)."""
    head, _, option = key.partition(": ")
    pattern = re.compile(rf"\s*{re.escape(head)}(?:\s|\Z)")
    lines = list(_numbered(text))
    starts = [at for at, (_, line) in enumerate(lines) if pattern.match(line)]
    found = []
    for start in starts:
        end = start + 1
        while end < len(lines) and not _OPENS.match(lines[end][1]):
            end += 1
        found += lines[start:end]
    if option in ("", "iface") or option.startswith("iface "):
        return _best([one for one in found if pattern.match(one[1])], words)
    told = (re.escape(word) for word in option.split() if word != _GAP)
    wanted = re.compile(r"\s*" + ".*\\s".join(told))
    return _best([one for one in found if wanted.match(one[1])], words)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(_LINE.findall(text), start=1)


def _matching(text: str, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    return [one for one in _numbered(text) if pattern.match(one[1])]


def _sections(text: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for one in _numbered(text):
        if one[1].startswith("[") and block:
            yield block
            block = []
        block.append(one)
    if block:
        yield block


def _most(
    blocks: Iterable[list[tuple[int, str]]], words: Sequence[str]
) -> list[tuple[int, str]] | None:
    """The first of those in which the most of the words stand."""
    return max(
        blocks, key=lambda block: _told("".join(line for _, line in block), words), default=None
    )


def _best(lines: Sequence[tuple[int, str]], words: Sequence[str]) -> int | None:
    best = max(lines, key=lambda one: _told(one[1], words), default=None)
    return best[0] if best is not None else None


def _told(line: str, words: Sequence[str]) -> tuple[bool, int]:
    """Whether the value itself stands there, and how many of those beside it do."""
    there = [bool(word) and _stands(word, line) for word in words]
    return bool(there) and there[0], sum(there)


def _stands(word: str, line: str) -> bool:
    return re.search(rf"(?<![\w.:]){re.escape(word)}(?![\w.:]*\w)", line) is not None
