"""Finding the variable assignments in a shell script without running it.

rc.conf is sourced by sh(1), so its text may hold anything a script may hold.
Only assignments are understood; the rest is skipped over, but skipped as the
shell would, so that a `#` in a string or an assignment in a here-document is
taken for what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Union

from hyperv_net.errors import HypervNetError

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_PARAMETER = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HERE_DOCUMENT = re.compile(r"<<(-?)[ \t]*(\\?[A-Za-z0-9_]+|'[^'\n]*'|\"[^\"\n]*\")")
_PLAIN_WORD = re.compile(r"[A-Za-z{}!]+(?=[\s;&|()<>]|\Z)")
_UNQUOTED_RUN = re.compile(r"[^ \t\n;&|()<>'\"\\$`]+")
_QUOTED_RUN = re.compile(r"[^\"\\$`]+")
_OPERATORS = ("&&", "||", ";;", ";", "&", "|", "(", ")")

#: Commands that assign; sh(1) stops at a second assignment of what `readonly` has set.
_DECLARES = ("export", "readonly", "local")

_OPENS = {"if": "fi", "while": "done", "until": "done", "for": "done", "case": "esac", "{": "}"}
_CLOSES = frozenset(("fi", "done", "esac", "}"))
_GOES_ON = frozenset(("then", "else", "elif", "do", "!"))


@dataclass(frozen=True)
class Reference:
    """`$name` or `${name}` inside a value."""

    name: str


Part = Union[str, Reference]


@dataclass(frozen=True)
class Assignment:
    """One `name=value` in the text.

    `parts` is the value, None where it takes more than variables to know it
    (`$(…)`, `${x:-y}`).  `start` is where the name begins, `value_start` to
    `end` the value with its quotes.  `statement` numbers the command it is
    part of.  `certain` is false where it may not be reached: inside `if`, a
    function or a subshell, or after `&&`.  `fixed` is true where the script
    declares the variable `readonly` or `local`, here or elsewhere.
    """

    name: str
    parts: tuple[Part, ...] | None
    start: int
    value_start: int
    end: int
    statement: int
    exported: bool = False
    certain: bool = True
    fixed: bool = False


@dataclass
class _Command:
    """The simple command being read."""

    assignments: list[Assignment] = field(default_factory=list)
    word_seen: bool = False
    exports: bool = False
    fixes: bool = False
    conditional: bool = False


def assignments(text: str, where: str) -> tuple[Assignment, ...]:
    """Every assignment in the script `text`, in order.

    Raises HypervNetError where the text is no complete script (a quote or an
    `if` that nothing ends); `where` is the file's name.
    """
    return _Reader(text, where).read()


class _Reader:
    """One pass over a script."""

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._found: list[Assignment] = []
        self._fixed: set[str] = set()
        self._open: list[tuple[str, int]] = []
        self._here: list[tuple[str, bool]] = []
        self._command = _Command()
        self._statements = 0

    def read(self) -> tuple[Assignment, ...]:
        at = 0
        while at < len(self._text):
            at = self._step(at)
        self._end_command("\n")
        if self._open:
            self._fail(self._open[-1][1], f"nothing ends this: {self._open[-1][0]} is missing")
        return tuple(replace(one, fixed=one.name in self._fixed) for one in self._found)

    def _step(self, at: int) -> int:
        text, char = self._text, self._text[at]
        if char in " \t":
            return at + 1
        if text.startswith("\\\n", at):
            return at + 2
        if char == "#":
            newline = text.find("\n", at)
            return len(text) if newline < 0 else newline
        if char == "\n":
            self._end_command("\n")
            return self._skip_here_documents(at + 1)
        if char in "<>":
            return self._redirection(at)
        operator = next((one for one in _OPERATORS if text.startswith(one, at)), None)
        if operator is not None:
            self._operator(operator, at)
            return at + len(operator)
        return self._word(at)

    def _operator(self, operator: str, at: int) -> None:
        self._end_command(operator)
        if operator == "(" and not (self._open and self._open[-1][0] == "esac"):
            self._open.append((")", at))
        elif operator == ")" and not (self._open and self._open[-1][0] == "esac"):
            self._close(")", at)

    def _close(self, word: str, at: int) -> None:
        if not self._open or self._open[-1][0] != word:
            self._fail(at, f"{word!r} ends nothing")
        self._open.pop()

    def _end_command(self, operator: str) -> None:
        command = self._command
        if not command.word_seen:
            certain = not (self._open or command.conditional or operator in ("|", "&"))
            self._found += [replace(one, certain=certain) for one in command.assignments]
        self._statements += 1
        chained = operator in ("&&", "||", "|")
        goes_on = command.conditional and operator == "\n" and not self._said_anything()
        self._command = _Command(conditional=chained or goes_on)

    def _said_anything(self) -> bool:
        return self._command.word_seen or bool(self._command.assignments)

    def _redirection(self, at: int) -> int:
        here = _HERE_DOCUMENT.match(self._text, at)
        if here is not None:
            self._here.append((here[2].strip("'\"\\"), here[1] == "-"))
            return here.end()
        return at + 1

    def _skip_here_documents(self, at: int) -> int:
        for delimiter, tabs_stripped in self._here:
            while at < len(self._text):
                newline = self._text.find("\n", at)
                end = len(self._text) if newline < 0 else newline
                line = self._text[at:end]
                at = min(end + 1, len(self._text))
                if (line.lstrip("\t") if tabs_stripped else line) == delimiter:
                    break
        self._here = []
        return at

    def _word(self, at: int) -> int:
        command, keyword = self._command, _PLAIN_WORD.match(self._text, at)
        if keyword is not None and not self._said_anything():
            word = keyword[0]
            if word in _OPENS:
                self._open.append((_OPENS[word], at))
                # The words after `for` and `case` are no command.
                command.word_seen = word in ("for", "case")
                return keyword.end()
            if word in _CLOSES:
                self._close(word, at)
                command.word_seen = True
                return keyword.end()
            if word in _GOES_ON:
                return keyword.end()
            if word in _DECLARES:
                command.exports = True
                command.fixes = word != "export"
                return keyword.end()
        assigned = None if command.word_seen else _ASSIGNMENT.match(self._text, at)
        end, parts = self._value(assigned.end() if assigned else at)
        if command.fixes:
            self._fixed.add(assigned[1] if assigned else self._text[at:end])
        if assigned is None:
            command.word_seen = command.word_seen or not command.exports
        else:
            command.assignments.append(
                Assignment(
                    name=assigned[1],
                    parts=parts,
                    start=at,
                    value_start=assigned.end(),
                    end=end,
                    statement=self._statements,
                    exported=command.exports,
                )
            )
        return end

    def _value(self, at: int) -> tuple[int, tuple[Part, ...] | None]:
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
            self._fail(start, "the last character is a backslash")
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
            self._fail(opened, "a double quote is never closed")
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
        closing = [")" if text[at] == "(" else "}"]
        at += 1
        while closing:
            if at >= len(text):
                self._fail(opened, f"nothing ends this: {closing[-1]!r} is missing")
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
        return at

    def _find(self, char: str, at: int, opened: int, *, escapes: bool = False) -> int:
        """Where `char` is next, not counting one behind a backslash where that `escapes`."""
        while at < len(self._text) and self._text[at] != char:
            at += 2 if escapes and self._text[at] == "\\" else 1
        if at >= len(self._text):
            self._fail(opened, f"a {char} is never closed")
        return at

    def _fail(self, at: int, what: str) -> None:
        line = self._text.count("\n", 0, at) + 1
        raise HypervNetError(
            f"not a complete shell script: {what}",
            where=f"{self._where}: line {line}",
            hint="mend the file, sh -n shows where it breaks",
        )
