"""The grammar of devd.conf(5), read strictly.

The tokens are those of sbin/devd/token.l and the rules those of
sbin/devd/parse.y of freebsd/freebsd-src.  devd ends where yacc fails.  Where
its lexer would pass over a character that begins no token, such as a lone
quote, this is an error as well: nobody means that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_KINDS = ("attach", "detach", "nomatch", "notify")
# Statements that are short for a `match` of the variable of that name.
_SHORT_MATCHES = ("device-name", "class", "subdevice")
_KEYWORDS = frozenset(
    (
        *_KINDS,
        *_SHORT_MATCHES,
        *("options", "set", "directory", "pid-file", "media-type", "action", "match"),
    )
)
_MEDIA = ("ethernet", "802.11", "atm", "unknown")
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\n]+|\#[^\n]*|//[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/)
      | (?P<mark>[;{}])
      | (?P<number>[0-9]+)
      | (?P<string>"[^"]+")
      | (?P<word>[A-Za-z][A-Za-z0-9_-]*)""",
    re.VERBOSE,
)
# What regcomp(3) knows in an extended expression, less the collating classes.
_ODD_EXPRESSION = re.compile(r"\\[A-Za-z0-9]|\(\?|\[[\[\]]|[*+?}][*+?{]")


class DevdSyntaxError(Exception):
    """devd could not read the file; the message begins with the line."""


class Match(NamedTuple):
    """A condition: the variable's value fits the extended regular expression."""

    variable: str
    expression: str


class Rule(NamedTuple):
    """One block.  `media` are the media types it asks for, all conditions must hold."""

    kind: str
    priority: int
    matches: tuple[Match, ...]
    media: tuple[str, ...]
    actions: tuple[str, ...]


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a file in their order; options are checked and left out.

    Raises DevdSyntaxError.
    """
    tokens = _Tokens(list(_tokens(text)))
    rules = []
    while tokens.left():
        kind = tokens.word(*_KINDS, "options")
        if kind == "options":
            _options(tokens)
        else:
            rules.append(_rule(kind, tokens))
    return tuple(rules)


def _tokens(text: str) -> Iterator[_Token]:
    line, position = 1, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise DevdSyntaxError(f"line {line}: {text[position]!r} begins nothing")
        kind = str(match.lastgroup)
        if kind != "blank":
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")
        position = match.end()
    yield _Token("end", "the end of the file", line)


class _Tokens:
    """The tokens that are left; each method takes those it asks for, or raises."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def left(self) -> bool:
        return self._tokens[self._at].kind != "end"

    def next_is(self, kind: str, text: str) -> bool:
        return self._tokens[self._at][:2] == (kind, text)

    def word(self, *allowed: str) -> str:
        return self._take("word", *allowed)

    def mark(self, character: str) -> None:
        self._take("mark", character)

    def number(self) -> int:
        return int(self._take("number"))

    def string(self) -> str:
        # A backslash before a newline takes both away, and the blanks that follow.
        return re.sub(r"\\\n\s*", "", self._take("string")[1:-1])

    def identifier(self) -> str:
        name = self._take("word")
        if name in _KEYWORDS:
            self.fail(f"{name} is a keyword")
        return name

    def fail(self, reason: str) -> None:
        raise DevdSyntaxError(f"line {self._tokens[self._at - 1].line}: {reason}")

    def _take(self, kind: str, *allowed: str) -> str:
        token = self._tokens[self._at]
        if token.kind != kind or (allowed and token.text not in allowed):
            wanted = " or ".join(allowed) or f"a {kind}"
            raise DevdSyntaxError(f"line {token.line}: {token.text} where {wanted} belongs")
        self._at += 1
        return token.text


def _options(tokens: _Tokens) -> None:
    tokens.mark("{")
    while True:
        option = tokens.word("directory", "pid-file", "set")
        if option == "set":
            tokens.identifier()
        tokens.string()
        tokens.mark(";")
        if tokens.next_is("mark", "}"):
            break
    tokens.mark("}")
    tokens.mark(";")


def _rule(kind: str, tokens: _Tokens) -> Rule:
    priority = tokens.number()
    matches: list[Match] = []
    media: list[str] = []
    actions: list[str] = []
    tokens.mark("{")
    while not tokens.next_is("mark", "}"):
        statement = tokens.word("match", "action", "media-type", *_SHORT_MATCHES)
        if statement == "action":
            actions.append(tokens.string())
        elif statement == "media-type":
            media.append(_media(tokens))
        else:
            variable = tokens.string() if statement == "match" else statement
            matches.append(Match(variable, _expression(tokens)))
        tokens.mark(";")
    tokens.mark("}")
    tokens.mark(";")
    return Rule(kind, priority, tuple(matches), tuple(media), tuple(actions))


def _media(tokens: _Tokens) -> str:
    name = tokens.string().lower()
    if name not in _MEDIA:
        tokens.fail(f"no media type: {name}")
    return name


def _expression(tokens: _Tokens) -> str:
    """devd does not look whether regcomp(3) took it, and a rule that never fits is no use."""
    expression = tokens.string()
    plain = expression[1:] if expression.startswith("!") else expression
    try:
        re.compile(plain)
    except re.error as error:
        tokens.fail(f"no regular expression: {expression}: {error}")
    if _ODD_EXPRESSION.search(plain):
        tokens.fail(f"not a POSIX expression: {expression}")
    return expression
