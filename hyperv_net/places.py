"""Where something stands that a finding or an error speaks of.

A value and not a text, so that a table of findings, a report for a machine or an editor is made
from its parts and nobody reads our own sentences again.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Union

    from hyperv_net.tree import Key, Path

    Where = Union["Place", str]
else:
    # A name for annotations, which nobody evaluates.
    Where = object


class Place(NamedTuple):
    """A file, or a part of it; as text `file:line:column: key`, as far as each is known.

    `file` is named as the one who reads it knows it: as it was given, or below the root that is
    looked at.  It is empty where a key is meant of a configuration that is no file.  `key` is the
    way to a value from the top of what the file says.  Lines and columns count from 1, in
    characters, and are 0 where they are not known; the end is the first column behind.
    """

    file: str
    key: Path = ()
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        numbers = (self.line, self.column) if self.line else ()
        text = ":".join((self.file, *(str(number) for number in numbers if number)))
        if not self.key:
            return text
        from hyperv_net.tree import format_path

        key = format_path(self.key)
        return f"{text}: {key}" if text else key

    def below(self, *key: Key) -> Place:
        """The place of what stands there under `key`; where that is, nobody has looked yet."""
        return Place(self.file, (*self.key, *key))

    def document(self) -> dict[str, Any]:
        """What is known of it, by name: text, numbers and the list of the key's parts."""
        known = {name: value for name, value in self._asdict().items() if value}
        return {**known, "key": list(self.key)} if self.key else known


def of_line(file: str, line: str, number: int, key: Path = ()) -> Place:
    """The place of all that a line says, without the blanks around it."""
    start = len(line) - len(line.lstrip())
    return within(file, line, start, max(start, len(line.rstrip())), number)._replace(key=key)


def within(file: str, text: str, start: int, end: int, first_line: int = 1) -> Place:
    """The place of `text[start:end]`, where `text` begins a line of the file, its `first_line`."""
    before, last = text[:start], text[:end]
    return Place(
        file,
        line=first_line + before.count("\n"),
        column=start - before.rfind("\n"),
        end_line=first_line + last.count("\n"),
        end_column=end - last.rfind("\n"),
    )
