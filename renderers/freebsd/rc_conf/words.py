"""The words of a shell script: where one ends, and what it says, as far as no shell is needed.

Quotes, backslashes and expansions are taken for what sh(1) takes them for.
"""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.names import PLAIN_CHARACTERS
from hyperv_net.places import within
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn, Union

    Part = Union[str, "Reference"]

_PARAMETER = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_UNQUOTED_RUN = re.compile(r"[^ \t\n;&|()<>'\"\\$`]+")
_DEEPEST = 50  # quotes within `$(…)` within quotes
_QUOTED_RUN = re.compile(r"[^\"\\$`]+")
_INTERFACE = re.compile(rf"(?<![${{{PLAIN_CHARACTERS}])[{PLAIN_CHARACTERS}]+")


class Reference(NamedTuple):
    """`$name` or `${name}` inside a value."""

    name: str


class Words:
    """The words of the script `text`; `where` is the file's name, for errors."""

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._depth = 0

    def value(self, at: int) -> tuple[int, tuple[Part, ...] | None]:
        """The end of the word that begins at `at`, and its parts."""
        text, known, start = self._text, True, at
        parts: list[Part] = []
        while at < len(text) and text[at] not in " \t\n;&|()<>":
            char = text[at]
            if char == "'":
                end = self._find("'", at + 1, at)
                parts.append(text[at + 1 : end])
                at = end + 1
            elif char == '"':
                at, inside = self._double_quoted(at)
                known = known and inside is not None
                parts += inside or ()
            elif char == "\\":
                parts.append("" if text.startswith("\\\n", at) else text[at + 1 : at + 2])
                at += 2
            elif text.startswith("$'", at):
                at, known = self._find("'", at + 2, at, escapes=True) + 1, False
            elif char in "$`":
                at, part = self._expansion(at)
                translated = part == "$" and text.startswith('"', at)
                known = known and part is not None and not translated
                parts.append(part or "")
            else:
                known = known and not (char == "~" and at == start)
                run = _UNQUOTED_RUN.match(text, at)
                parts.append(run[0] if run else char)
                at = run.end() if run else at + 1
        if at > len(text):
            self.fail(start, "the last character is a backslash")
        return at, tuple(parts) if known else None

    def _double_quoted(self, at: int) -> tuple[int, tuple[Part, ...] | None]:
        text, known, opened = self._text, True, at
        parts: list[Part] = []
        at += 1
        while at < len(text) and text[at] != '"':
            char = text[at]
            if char == "\\" and at + 1 < len(text):
                escaped = text[at + 1]
                kept = "" if escaped == "\n" else escaped
                parts.append(kept if escaped in '$`"\\\n' else char + escaped)
                at += 2
            elif char in "$`":
                at, part = self._expansion(at)
                known = known and part is not None
                parts.append(part or "")
            else:
                run = _QUOTED_RUN.match(text, at)
                parts.append(run[0] if run else char)
                at = run.end() if run else at + 1
        if at >= len(text):
            self.fail(opened, "a double quote is never closed")
        return at + 1, tuple(parts) if known else None

    def _expansion(self, at: int) -> tuple[int, Part | None]:
        """The end of the `$…` or backquoted text at `at`; None if only the shell knows it."""
        text = self._text
        if text[at] == "`":
            return self._find("`", at + 1, at, escapes=True) + 1, None
        parameter = _PARAMETER.match(text, at + 1)
        if parameter is not None:
            return parameter.end(), Reference(parameter[1] or parameter[2])
        if text.startswith(("$(", "${"), at):
            return self._nested(at + 1), None
        if text[at + 1 : at + 2] in ("", " ", "\t", "\n", '"', "'", "/", ":", "."):
            return at + 1, "$"
        return at + 2, None

    def _nested(self, at: int) -> int:
        """The end of a bracketed text that may hold quotes and brackets of its own."""
        text, opened = self._text, at
        if self._depth == _DEEPEST:
            self.fail(opened, f"quotes and brackets are within each other {_DEEPEST} times")
        self._depth += 1
        closing = [")" if text[at] == "(" else "}"]
        at += 1
        while closing:
            if at >= len(text):
                self.fail(opened, f"nothing ends this: {closing[-1]!r} is missing")
            char = text[at]
            if char == "'":
                at = self._find("'", at + 1, at)
            elif char == '"':
                at = self._double_quoted(at)[0] - 1
            elif char == "\\":
                at += 1
            elif char == closing[-1]:
                closing.pop()
            elif char == "(" or text.startswith("${", at):
                closing.append(")" if char == "(" else "}")
                at += char == "$"
            at += 1
        self._depth -= 1
        return at

    def _find(self, char: str, at: int, opened: int, *, escapes: bool = False) -> int:
        """Where `char` is next, not counting one behind a backslash where that `escapes`."""
        while at < len(self._text) and self._text[at] != char:
            at += 2 if escapes and self._text[at] == "\\" else 1
        if at >= len(self._text):
            self.fail(opened, f"a {char} is never closed")
        return at

    def fail(self, at: int, what: str) -> NoReturn:
        """Raise HypervNetError for what stands at `at`."""
        where = within(self._where, self._text, at, at + 1)
        raise HypervNetError(
            f"not a complete shell script: {what}",
            where=where,
            hint="mend the file, sh -n shows where it breaks",
        )


def with_words(raw: str, words: Mapping[str, str]) -> str:
    """`raw` with each interface's name in `words` replaced where it stands as a word."""
    return _INTERFACE.sub(lambda found: words.get(found[0], found[0]), raw) if words else raw
