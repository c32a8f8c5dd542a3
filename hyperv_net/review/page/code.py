"""Texts of files line by line, with marks for what is a key, a value, a comment."""

from __future__ import annotations

import posixpath
import re

from markupsafe import Markup, escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Literal, Name, Number

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.token import _TokenType

#: The end of a file's name → the lexer of Pygments that knows it.
_LEXERS = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".cfg": "yaml",
    ".json": "json",
    ".network": "ini",
    ".netdev": "ini",
    ".link": "ini",
    ".nmconnection": "ini",
    ".conf": "bash",
}
#: Short, since there are many of them: a comment is <i>, a key <b>, a value <u>.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "i"),
    (Name.Tag, "b"),
    (Name.Attribute, "b"),
    (Name.Variable, "b"),
    (Keyword, "b"),
    (Number, "u"),
    (Literal, "u"),
)
_TAGS = {kind: Markup(f"<{kind}>{{}}</{kind}>") for kind in "ibu"}
#: More than this takes longer to mark than anybody reads.
_LONGEST = 20_000
_FEED = re.compile(r"\n")


def lines_of(text: str, path: str) -> list[Markup]:
    """The lines of a text as HTML; by the path its kind is known."""
    shown = visible(text.removesuffix("\n"))
    lines = [Markup()]
    for kind, piece in _pieces(shown, path):
        for number, part in enumerate(_FEED.split(piece)):
            if number:
                lines.append(Markup())
            if part:
                lines[-1] += _TAGS[kind].format(part) if kind else escape(part)
    return lines


def _pieces(text: str, path: str) -> Iterator[tuple[str, str]]:
    """Element and text, with neighbours of one kind together."""
    name = _LEXERS.get(posixpath.splitext(path)[1])
    if name is None or len(text) > _LONGEST:
        yield from _comments(text)
        return
    lexer = get_lexer_by_name(name, stripnl=False)
    was, held = "", ""
    for token, piece in lexer.get_tokens(text):
        # A type holds those below it; its stubs know it as the tuple that it is as well.
        found = (word for type_, word in _CLASSES if token in type_)  # type: ignore[comparison-overlap]
        kind = next(found, "")
        kind = was if not piece.strip() and "\n" not in piece else kind
        if kind != was and held:
            yield was, held
            held = ""
        was, held = kind, held + piece
    yield was, held.removesuffix("\n")  # which the lexer puts behind the last line


def _comments(text: str) -> Iterator[tuple[str, str]]:
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        yield ("i" if line.lstrip().startswith("#") else ""), line
