"""A unified diff as blocks that stand below each other or side by side, with marks in the words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORDS = re.compile(r"\w+|\s+|.")
#: Lines that have less than this in common are others, and not the same with another word.
_ALIKE = 0.4
_LONGEST = 400


@dataclass(frozen=True)
class Block:
    """Lines that are in both texts (`same`), or in the old one or the new one.

    `kind` is `hunk` (its one line in `same` tells where it is), `same` or `change`.
    """

    kind: str
    same: tuple[Markup, ...] = ()
    old: tuple[Markup, ...] = ()
    new: tuple[Markup, ...] = ()


def blocks_of(diff: str) -> tuple[Block, ...]:
    """The blocks of one file's unified diff."""
    return tuple(_blocks(diff.split("\n")[2:]))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    same: list[str] = []
    old: list[str] = []
    new: list[str] = []
    for line in (*lines, "@@"):
        sign, text = line[:1], line[1:]
        if sign in ("+", "-") and same:
            yield Block("same", tuple(map(_shown, same)))
            same = []
        if (sign not in ("+", "-", "\\") or (sign == "-" and new)) and (old or new):
            yield _change(old, new)
            old, new = [], []
        if sign == "-":
            old.append(text)
        elif sign == "+":
            new.append(text)
        elif sign == " ":
            same.append(text)
        elif sign == "@":
            if same:
                yield Block("same", tuple(map(_shown, same)))
                same = []
            if line != "@@":
                yield Block("hunk", (_shown(line),))


def _change(old: Sequence[str], new: Sequence[str]) -> Block:
    olds, news = list(map(_shown, old)), list(map(_shown, new))
    for place, (before, after) in enumerate(zip(old, new)):
        marked = _marked(visible(before), visible(after))
        if marked is not None:
            olds[place], news[place] = marked
    return Block("change", old=tuple(olds), new=tuple(news))


def _marked(before: str, after: str) -> tuple[Markup, Markup] | None:
    """Both lines with marks around the words that differ; None where they are too unlike."""
    if max(len(before), len(after)) > _LONGEST:
        return None
    words = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return None
    olds, news = Markup(), Markup()
    for what, a1, a2, b1, b2 in matcher.get_opcodes():
        gone, come = "".join(words[0][a1:a2]), "".join(words[1][b1:b2])
        if what == "equal":
            olds, news = olds + gone, news + come
            continue
        olds += Markup("<del>{}</del>").format(gone) if gone else ""
        news += Markup("<ins>{}</ins>").format(come) if come else ""
    return olds, news


def _shown(line: str) -> Markup:
    return escape(visible(line))
