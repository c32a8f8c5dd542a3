"""Files of sections with keys, as systemd's and NetworkManager's are."""

from __future__ import annotations

from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Setting(NamedTuple):
    """`key=value` below `[section]`, on a line counted from 1."""

    section: str
    key: str
    value: str
    line: int
    column: int = 1
    end_column: int = 1

    def stands(self, path: str) -> Place:
        """Where in its file it is."""
        key = (self.section, self.key)
        return Place(path, key, self.line, self.column, self.line, self.end_column)


def settings(text: str) -> Iterator[Setting]:
    """All settings of a text in its order; what is none is passed over, as the programs do."""
    section = ""
    for number, whole in enumerate(text.splitlines(), start=1):
        line = whole.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
        elif line[:1] not in ("#", ";") and "=" in line:
            key, _, value = line.partition("=")
            column = whole.index(line) + 1
            end = column + len(line)
            yield Setting(section, key.strip(), value.strip(), number, column, end)
