"""Files of sections with keys, as systemd's and NetworkManager's are."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Setting(NamedTuple):
    """`key=value` below `[section]`, on a line counted from 1."""

    section: str
    key: str
    value: str
    line: int


def settings(text: str) -> Iterator[Setting]:
    """All settings of a text in its order; what is none is passed over, as the programs do."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
        elif line[:1] not in ("#", ";") and "=" in line:
            key, _, value = line.partition("=")
            yield Setting(section, key.strip(), value.strip(), number)
