"""What a dhclient.conf requests of a lease, for all interfaces and for one.

By sbin/dhclient/clparse.c (freebsd/freebsd-src): parse_option_list() replaces the list, and
parse_interface_declaration() begins, at the first one of an interface, with what stood above it.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# A comment, a string with what it quotes, a mark, or a word (conflex.c of the same folder).
_TOKEN = re.compile(r'#[^\n]*|"((?:\\.|[^"\\\n])*)"?|([{};,])|([^\s"#{};,]+)')


class Asked(NamedTuple):
    """A list of requests: its options, and whether it is in a declaration of the interface."""

    options: tuple[str, ...]
    is_interfaces: bool


class Requests(NamedTuple):
    """The requests of a file: those that hold at its end, and by interface those that differ."""

    at_end: tuple[str, ...] | None = None
    by_interface: Mapping[str, Asked | None] = {}

    def of(self, names: Collection[str]) -> Asked | None:
        """What is requested for the interface with one of these names; None: dhclient's default."""
        for name in names:
            if name in self.by_interface:
                return self.by_interface[name]
        return None if self.at_end is None else Asked(self.at_end, is_interfaces=False)


def requests_in(text: str) -> Requests:
    """The requests in the text of a dhclient.conf, whatever else is in it."""
    at_end: tuple[str, ...] | None = None
    by_interface: dict[str, Asked | None] = {}
    blocks: list[str] = []
    statement: list[str] = []
    for found in _TOKEN.finditer(text):
        if found[0].startswith("#"):
            continue
        if found[2] == "{":
            is_interfaces = not blocks and len(statement) == 2 and statement[0] == "interface"
            blocks.append(statement[1] if is_interfaces else "")
            if is_interfaces:
                above = None if at_end is None else Asked(at_end, is_interfaces=False)
                by_interface.setdefault(statement[1], above)
            statement = []
        elif found[2] in (";", "}"):
            if statement[:1] == ["request"] and not blocks:
                at_end = tuple(statement[1:])
            elif statement[:1] == ["request"] and len(blocks) == 1 and blocks[0]:
                by_interface[blocks[0]] = Asked(tuple(statement[1:]), is_interfaces=True)
            if found[2] == "}" and blocks:
                blocks.pop()
            statement = []
        elif found[2] is None:
            statement.append(found[1] if found[1] is not None else found[3].lower())
    return Requests(at_end, by_interface)
