"""Finding the variable assignments in a shell script without running it.

rc.conf is sourced by sh(1), so its text may hold anything a script may hold.
Only assignments are understood; the rest is skipped over, but skipped as the
shell would, so that a `#` in a string or an assignment in a here-document is
taken for what it is.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.rc_conf.words import Words

if TYPE_CHECKING:
    from hyperv_net.renderers.freebsd.rc_conf.words import Part

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_HERE_DOCUMENT = re.compile(r"<<(-?)[ \t]*(\\?[A-Za-z0-9_]+|'[^'\n]*'|\"[^\"\n]*\")")
_PLAIN_WORD = re.compile(r"[A-Za-z{}!]+(?=[\s;&|()<>]|\Z)")
_OPERATORS = ("&&", "||", ";;", ";", "&", "|", "(", ")")

#: Commands that assign; sh(1) stops at a second assignment of what `readonly` has set.
_DECLARES = ("export", "readonly", "local")

_OPENS = {"if": "fi", "while": "done", "until": "done", "for": "done", "case": "esac", "{": "}"}
_CLOSES = frozenset(("fi", "done", "esac", "}"))
_GOES_ON = frozenset(("then", "else", "elif", "do", "!"))


class Assignment(NamedTuple):
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


class Command(NamedTuple):
    """A simple command that is no assignment alone: its words as they stand, and what each says.

    `values` has None where it takes more than variables to know a word.
    `before` are the variables that are assigned in front of it.  `in_braces`
    is true inside a function or a group.
    """

    words: tuple[str, ...]
    values: tuple[tuple[Part, ...] | None, ...]
    start: int
    before: tuple[str, ...]
    in_braces: bool


class Script(NamedTuple):
    """What is in a script, in its order.

    `comments` are where those begin that stand in no string, here-document, function or `if`.
    """

    assignments: tuple[Assignment, ...]
    commands: tuple[Command, ...]
    comments: tuple[int, ...]


class _Command:
    """The simple command being read."""

    def __init__(
        self,
        word_seen: bool = False,
        exports: bool = False,
        fixes: bool = False,
        conditional: bool = False,
    ) -> None:
        self.assignments: list[Assignment] = []
        self.words: list[tuple[int, int, tuple[Part, ...] | None]] = []
        self.word_seen = word_seen
        self.exports = exports
        self.fixes = fixes
        self.conditional = conditional


def assignments(text: str, where: str) -> tuple[Assignment, ...]:
    """Every assignment in the script `text`, in order; raises as `read` does."""
    return read(text, where).assignments


def read(text: str, where: str) -> Script:
    """Every assignment and every other command in the script `text`.

    Raises HypervNetError where the text is no complete script (a quote, an `if`
    or a here-document that nothing ends); `where` is the file's name.
    """
    return _Reader(text, where).read()


class _Reader:
    """One pass over a script."""

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._words = Words(text, where)
        self._found: list[Assignment] = []
        self._commands: list[Command] = []
        self._comments: list[int] = []
        self._fixed: set[str] = set()
        self._open: list[tuple[str, int]] = []
        self._here: list[tuple[str, bool, int]] = []
        self._command = _Command()
        self._statements = 0

    def read(self) -> Script:
        at = 0
        while at < len(self._text):
            at = self._step(at)
        self._end_command("\n")
        self._skip_here_documents(at)
        if self._open:
            missing, opened = self._open[-1]
            self._words.fail(opened, f"nothing ends this: {missing} is missing")
        found = (one._replace(fixed=one.name in self._fixed) for one in self._found)
        return Script(tuple(found), tuple(self._commands), tuple(self._comments))

    def _step(self, at: int) -> int:
        text, char = self._text, self._text[at]
        if char in " \t":
            return at + 1
        if text.startswith("\\\n", at):
            return at + 2
        if char == "#":
            self._comments += [] if self._open else [at]
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
            self._words.fail(at, f"{word!r} ends nothing")
        self._open.pop()

    def _end_command(self, operator: str) -> None:
        command = self._command
        if not command.word_seen:
            certain = not (self._open or command.conditional or operator in ("|", "&"))
            self._found += [one._replace(certain=certain) for one in command.assignments]
        if command.words:
            starts, ends, values = zip(*command.words)
            texts = tuple(self._text[start:end] for start, end in zip(starts, ends))
            before = tuple(one.name for one in command.assignments)
            in_braces = any(closing == "}" for closing, _ in self._open)
            self._commands.append(Command(texts, values, starts[0], before, in_braces))
        self._statements += 1
        chained = operator in ("&&", "||", "|")
        goes_on = command.conditional and operator == "\n" and not self._said_anything()
        self._command = _Command(conditional=chained or goes_on)

    def _said_anything(self) -> bool:
        return self._command.word_seen or bool(self._command.assignments)

    def _redirection(self, at: int) -> int:
        here = _HERE_DOCUMENT.match(self._text, at)
        if here is not None:
            self._here.append((here[2].strip("'\"\\"), here[1] == "-", at))
            return here.end()
        return at + 1

    def _skip_here_documents(self, at: int) -> int:
        for delimiter, tabs_stripped, opened in self._here:
            while True:
                # A shell takes the end of the file for the document's, and with it whatever is
                # written behind it later.
                if at >= len(self._text):
                    self._words.fail(opened, f"nothing ends this: {delimiter} is missing")
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
        end, parts = self._words.value(assigned.end() if assigned else at)
        if command.fixes:
            self._fixed.add(assigned[1] if assigned else self._text[at:end])
        if assigned is None:
            command.words.append((at, end, parts))
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
