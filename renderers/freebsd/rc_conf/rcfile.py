"""rc.conf as a text that is read and edited, never run.

What is not ours stays byte for byte: a variable that stands in the file is
changed where it stands, keeping its place and its comment, and new variables
go into one block between two marker lines.  Variables in that block are ours:
those that are not set again disappear, while whatever an administrator or
sysrc(8) adds stands outside and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from hyperv_net.errors import HypervNetError
from hyperv_net.marks import BEGIN, END, find_block
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.shell import read
from hyperv_net.renderers.freebsd.rc_conf.values import value_of, values_of
from hyperv_net.renderers.freebsd.rc_conf.words import with_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.renderers.freebsd.rc_conf.shell import Assignment

#: The characters of a value.  None of them means anything to sh(1), also not
#: when network.subr evaluates the value a second time.
_SAFE_VALUE = re.compile(r"[A-Za-z0-9_.:/%, -]*\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REST_OF_LINE = re.compile(r"[ \t]*;?[ \t]*(#[^\n]*)?(\n|\Z)")
_START_OF_LINE = re.compile(r"[ \t]*(export[ \t]+)?\Z")
_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')\Z")
_Edit = tuple[int, int, str]  # start and end in the old text, what stands there afterwards


def is_safe(value: str) -> bool:
    """Whether `value` may be written: nothing in it means anything to the shell."""
    return _SAFE_VALUE.match(value) is not None


class RcFile:
    """The variables of one rc.conf, and the changes to make to them.

    A variable's value is what the file alone makes of it; a reference to
    itself that nothing precedes is empty, as the lists in
    /etc/defaults/rc.conf are.
    """

    def __init__(self, text: str, where: str) -> None:
        """Read `text`; `where` names the file in errors, of which shell.read has some."""
        self._text = text
        self._where = where
        self._found, self.commands, comments = read(text, where)
        self._block = find_block(text, comments)
        self._values = values_of(self._found)
        self._outside: dict[str, list[Assignment]] = {}
        for one in self._found:
            if not self._in_block(one):
                self._outside.setdefault(one.name, []).append(one)
        self._fixed = {
            name for name, found in self._outside.items() if any(one.fixed for one in found)
        }
        self._outside_values = values_of(one for one in self._found if not self._in_block(one))
        self._line_starts = [found.end() for found in re.finditer("^|\n", text)]
        self._wanted: dict[str, str] = {}
        self._extended: set[str] = set()
        self._removed: set[str] = set()
        self._renamed: dict[str, str] = {}
        self._words: dict[str, Mapping[str, str]] = {}

    def names(self) -> tuple[str, ...]:
        """The variables that are assigned anywhere, in the order of the text."""
        return tuple(self._values)

    def has(self, name: str) -> bool:
        """Whether the variable is assigned anywhere."""
        return name in self._values

    def value(self, name: str) -> str | None:
        """What the file sets the variable to; None where it does not, or only the shell knows."""
        return self._values.get(name)

    def assigned(self, name: str) -> tuple[str, ...]:
        """Every value that is assigned outside our block and can be read without the shell."""
        values = (value_of(one, self._values) for one in self._outside.get(name, ()))
        return tuple(value for value in values if value is not None)

    def is_ours(self, name: str) -> bool:
        """Whether only hyperv-net's block assigns the variable."""
        return name in self._values and name not in self._outside

    def raw(self, name: str) -> str:
        """The text of all values that somebody else than hyperv-net gives the variable."""
        found = self._outside.get(name, ())
        return "\n".join(self._text[one.value_start : one.end] for one in found)

    def is_unknown(self, name: str) -> bool:
        """Whether it assigns the variable something that only the shell can work out."""
        return name in self._values and self._values[name] is None

    def is_foreign(self, name: str) -> bool:
        """Whether somebody else than hyperv-net assigns the variable."""
        return name in self._outside

    def is_fixed(self, name: str) -> bool:
        """Whether the variable is `readonly`: sh(1) stops where it is assigned again."""
        return name in self._fixed

    def line(self, name: str) -> Place:
        """Where the variable is assigned last; the file where it is not."""
        last = next((one for one in reversed(self._found) if one.name == name), None)
        if last is None:
            return Place(self._where)
        return within(self._where, self._text, last.start, last.end)._replace(key=(name,))

    def named(self, name: str) -> Place:
        """Where the variable's name is that somebody else than hyperv-net assigns last."""
        start = self._outside[name][-1].start
        return within(self._where, self._text, start, start + len(name))

    def stands(self, name: str, word: str = "") -> Place:
        """Where the variable's value is that somebody else than hyperv-net gives it last.

        Without the quotes around all of it, or the first time that `word` is in it; the file
        where nobody gives it any.
        """
        found = self._outside.get(name, ())
        if not found:
            return Place(self._where)
        start, end = found[-1].value_start, found[-1].end
        written = self._text[start:end]
        if _QUOTED.match(written):
            start, end = start + 1, end - 1
        if (at := self._text.find(word, start, end)) >= 0 and word:
            start, end = at, at + len(word)
        return within(self._where, self._text, start, end)

    def line_at(self, start: int) -> Place:
        """The line of a position in the text, from there on."""
        end = self._text.find("\n", start)
        line = self._text[start : end if end >= 0 else None]
        return within(self._where, self._text, start, start + len(line.rstrip()))

    def _line_number(self, at: int) -> int:
        return bisect_right(self._line_starts, at)

    def assign(self, name: str, value: str) -> None:
        """Give the variable this value.

        Raises HypervNetError where the name is no variable's or the value has a
        character that a shell could take for more than text.
        """
        if not _NAME.match(name):
            raise HypervNetError(
                f"not a variable's name: {name!r}",
                where=Place(self._where),
                hint="rename the interface",
            )
        if not is_safe(value):
            raise HypervNetError(
                f"not safe in a shell script: {name}={value!r}",
                where=Place(self._where),
                hint="use letters, digits and . : / % , _ - only",
            )
        self._wanted[name] = value

    def extend(self, name: str, words: Sequence[str]) -> None:
        """Add words to a list of which only the shell knows what is in it already.

        The words are checked as those of `assign` are.
        """
        self.assign(name, " ".join(words))
        self._extended.add(name)

    def remove(self, name: str) -> None:
        """Take every assignment of the variable out, except where it hangs on a condition."""
        self._removed.add(name)

    def rename(self, old: str, new: str) -> None:
        """Give the variable another name and keep its value and place as they are."""
        self._renamed[old] = new

    def replace_words(self, name: str, words: Mapping[str, str]) -> None:
        """Replace interface names in the variable's value, wherever they stand as a word.

        A name is a word where no letter, digit or `_ . -` touches it, so that hn1
        is not found in hn10 or hn1.5.
        """
        self._words[name] = words

    def conditional(self, name: str) -> bool:
        """Whether some assignment of the variable outside our block hangs on a condition."""
        return any(not one.certain for one in self._outside.get(name, ()))

    def text(self) -> str:
        """The file with all changes made."""
        placed: set[str] = set()
        edits = [*self._removals(), *self._replacements(placed)]
        ours = [(name, value) for name, value in self._wanted.items() if name not in placed]
        lines = "".join(f"{name}={self._quoted(name, value)}\n" for name, value in ours)
        if self._block is not None:
            lines += self._others_lines(*self._block)
        block = f"{BEGIN}\n{lines}{END}\n" if lines else ""
        if self._block is not None and self._is_late_enough(self._block[0]):
            return _edited(self._text, [*edits, (*self._block, block)])
        if self._block is not None:
            edits.append((*self._block, ""))
        before = _edited(self._text, edits)
        if not block:
            return before
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        return f"{before}{gap}{block}"

    def _quoted(self, name: str, value: str) -> str:
        return f'"${{{name}}} {value}"' if name in self._extended else f'"{value}"'

    def _is_late_enough(self, block_start: int) -> bool:
        """Whether the block comes after all assignments of the lists that it extends."""
        return all(
            one.start < block_start
            for name in self._extended
            for one in self._outside.get(name, ())
        )

    def _in_block(self, one: Assignment) -> bool:
        return self._block is not None and self._block[0] <= one.start < self._block[1]

    def _others_lines(self, start: int, end: int) -> str:
        """Lines of the block that are no assignment of ours: somebody's notes, which stay."""
        ours = [one for one in self._found if self._in_block(one)]
        covered = {
            number
            for one in ours
            for number in range(self._line_number(one.start), self._line_number(one.end) + 1)
        }
        lines = self._text[start:end].splitlines()
        inner = enumerate(lines[1:-1], start=self._line_number(start) + 1)
        return "".join(f"{line}\n" for number, line in inner if number not in covered and line)

    def _replacements(self, placed: set[str]) -> Iterator[_Edit]:
        """The edits that change names and values in place; `placed` learns whose value was set."""
        by_final_name: dict[str, Assignment] = {}
        for name, found in self._outside.items():
            certain = [one for one in found if one.certain]
            if certain and name not in self._removed:
                by_final_name[self._renamed.get(name, name)] = certain[-1]
        for name, found in self._outside.items():
            if name in self._removed:
                continue
            final = self._renamed.get(name, name)
            for one in found:
                if final != name:
                    yield (one.start, one.start + len(name), final)
                if (
                    final in self._wanted
                    and final not in self._extended
                    and by_final_name.get(final) is one
                ):
                    placed.add(final)
                    if self._outside_values[name] != self._wanted[final]:
                        yield (one.value_start, one.end, f'"{self._wanted[final]}"')
                else:
                    raw = self._text[one.value_start : one.end]
                    edited = with_words(raw, self._words.get(name, {}))
                    if final != name and "$" in edited:
                        edited = re.sub(rf"\$(\{{?){name}\b", rf"$\g<1>{final}", edited)
                    if edited != raw:
                        yield (one.value_start, one.end, edited)

    def _removals(self) -> Iterator[_Edit]:
        going = [
            one for name in self._removed for one in self._outside.get(name, ()) if one.certain
        ]
        left: dict[int, int] = {}
        for one in self._found:
            left[one.statement] = left.get(one.statement, 0) + 1
        for one in sorted(going, key=lambda one: one.start):
            left[one.statement] -= 1
            yield self._removal(one, is_last_of_statement=not left[one.statement])

    def _removal(self, one: Assignment, *, is_last_of_statement: bool) -> _Edit:
        """The whole line where nothing else is on it, otherwise a command that does nothing."""
        line_start = self._text.rfind("\n", 0, one.start) + 1
        rest = _REST_OF_LINE.match(self._text, one.end)
        alone = rest is not None and _START_OF_LINE.match(self._text[line_start : one.start])
        if rest is not None and alone and not self._text.endswith("\\\n", 0, line_start):
            return (line_start, rest.end(), "")
        if not is_last_of_statement:
            return (one.start, one.end, "")
        return (one.start, one.end, "_" if one.exported else ":")


def _edited(text: str, edits: list[_Edit]) -> str:
    pieces, at = [], 0
    for start, end, new in sorted(edits):
        pieces += [text[at:start], new]
        at = end
    return "".join((*pieces, text[at:]))
