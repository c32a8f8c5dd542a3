"""What is known and edited while interfaces(5) files are gone through."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from hyperv_net.model import Action, Entry, Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.ifupdown.adopt.text import NAMING, lines_of, option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.ifupdown.adopt.text import Line, Stanza
    from hyperv_net.tree import Path

_EDITED = "etc/"


class Move(NamedTuple):
    """A pair's names and its aggregate, and the lines that the aggregate is to have.

    `vf` is None while the VF is away.  `is_theirs`: the aggregate is in the
    files already, and the NICs are its members.
    """

    aggregate: str
    synthetic: str
    vf: str | None
    is_theirs: bool
    lines: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """The names of both NICs, of the VF where it has one."""
        return (self.synthetic, self.vf) if self.vf is not None else (self.synthetic,)


@dataclass
class Edit:
    """A line's new text, and what stands before and behind it."""

    text: str
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


class Draft:
    """The stanzas, the moves, and all that is decided about them so far.

    `names` are the interfaces that are configured.  `started` are those of
    pairs that are started with the machine, under their new names, and
    `first_started` the lines ahead of which an aggregate has to be started.
    """

    def __init__(self, moves: tuple[Move, ...], stanzas: tuple[Stanza, ...]) -> None:
        self.moves = moves
        self.stanzas = stanzas
        self.names = frozenset(stanza.name for stanza in stanzas if stanza.name)
        self.started: set[str] = set()
        self.first_started: dict[str, Line] = {}
        self.entries: list[Entry] = []
        self.findings: list[Finding] = []
        self.of_card: dict[str, list[Line]] = {}
        self._edits: dict[tuple[str, int], Edit] = {}
        self._donors = {move.synthetic: _donor(move, stanzas) for move in moves}
        self._count = Counter((stanza.name, stanza.family) for stanza in stanzas)
        self._index: dict[Stanza, int] = {}
        seen: Counter[tuple[str, str]] = Counter()
        for stanza in stanzas:
            self._index[stanza] = seen[stanza.name, stanza.family]
            seen[stanza.name, stanza.family] += 1

    def successor(self, word: str) -> str | None:
        """The name that an interface has afterwards, where that is another."""
        for move in self.moves:
            for name in move.members:
                if is_named_after(word, name):
                    return f"{move.aggregate}{word[len(name) :]}"
        return None

    def standing_on(self, aggregate: str) -> frozenset[str]:
        """The interfaces that cannot be without the aggregate, under their new names."""
        found: set[str] = {aggregate}
        size = 0
        while size < len(found):
            size = len(found)
            for stanza in self.stanzas:
                name = self.successor(stanza.name) or stanza.name
                if name and not found.isdisjoint(self._below(stanza, name)):
                    found.add(name)
        return frozenset(found - {aggregate})

    def _below(self, stanza: Stanza, name: str) -> Iterator[str]:
        """The interfaces that one is named after, or names as those it is made of."""
        named = [name.partition(":")[0]]
        for line in stanza.options:
            if option(line) in NAMING:
                named += [self.successor(word) or word for word in line.words[1:]]
        for word in named:
            yield word
            yield from (word[: dot.start()] for dot in re.finditer(r"\.", word))

    def start_what_is_below(self, name: str, line: Line) -> None:
        """Have aggregates started ahead of the line that starts an interface standing on them.

        ifupdown starts interfaces in the order in which they are listed.
        """
        for move in self.moves:
            if move.is_theirs or move.aggregate in self.started:
                continue
            if name in self.standing_on(move.aggregate):
                self.started.add(move.aggregate)
                self.first_started[move.aggregate] = line

    def of_member(self, name: str) -> Move | None:
        """The move of a NIC of a pair; None for any other name."""
        return next((move for move in self.moves if name in move.members), None)

    def donor(self, name: str) -> str:
        """The NIC of the same pair whose stanzas become the aggregate's."""
        move = self.of_member(name)
        return self._donors[move.synthetic] if move is not None else ""

    def is_theirs(self, name: str) -> bool:
        """Whether a name is that of a NIC which was a member of its aggregate before."""
        move = self.of_member(name)
        return move is not None and move.is_theirs

    def is_other(self, name: str) -> bool:
        """Whether a name is that of the NIC whose stanzas do not become the aggregate's."""
        return self.of_member(name) is not None and self.donor(name) != name

    def is_declaration(self, stanza: Stanza) -> bool:
        """Whether a stanza says of a synthetic NIC what is said of a member."""
        synthetics = {move.synthetic for move in self.moves}
        return stanza.name in synthetics and stanza.is_plain and stanza.method in ("manual", "")

    def is_first(self, stanza: Stanza) -> bool:
        """Whether no stanza of that name is read before."""
        return stanza is next(one for one in self.stanzas if one.name == stanza.name)

    def edit(self, line: Line) -> Edit:
        """What becomes of a line."""
        return self._edits.setdefault((line.path, line.at), Edit(line.text))

    def to_member(self, stanza: Stanza, line: Line) -> None:
        """A line that is about the card goes to the stanza of the member."""
        self.edit(line).text = ""
        move = self.of_member(stanza.name)
        assert move is not None
        self.of_card.setdefault(move.synthetic, []).append(line)
        path = self._option_path(stanza, stanza.name, line)
        to = (move.synthetic, "inet", option(line))
        place = f"{line.path}: iface {move.synthetic} inet manual: {line.words[0]}"
        said = line.argument
        self.account(path, said, Action.KEPT, line.stands(1), to=to, result=said, place=place)

    def finding(self, rule: str, severity: Severity, message: str, line: Line, hint: str) -> None:
        """Note a finding about a line."""
        self.findings.append(Finding(rule, severity, message, self._where(line), hint))

    def _where(self, line: Line) -> Place:
        """Where a line is; its key is as the ledger has it."""
        at = (line.path, line.at)
        for stanza in self.stanzas:
            lines = {(one.path, one.at) for one in stanza.lines}
            if at in lines and stanza.name and line != stanza.first:
                return line.where._replace(key=self._option_path(stanza, stanza.name, line))
            if at in lines and stanza.name:
                return line.where._replace(key=self.path_of(stanza, stanza.name, ()))
        return line.where._replace(key=tuple(line.words[:1]))

    def error(self, line: Line, message: str, hint: str, rule: str = "interfaces-unmoved") -> None:
        """Note what stands in the way."""
        self.finding(rule, Severity.ERROR, message, line, hint)

    def names_a_member(self, line: Line, word: str, what: str) -> None:
        """Note that a NIC is named where its aggregate may be meant."""
        new = self.successor(word) or word
        message = f"{what} names {word}, whose settings are on {new} now"
        hint = f"name {new} there if it means the interface"
        self.finding("names-a-member", Severity.WARNING, message, line, hint)

    def account(
        self,
        source: Path,
        value: str,
        action: Action,
        where: Place,
        *,
        to: Path | None = None,
        result: str | None = None,
        place: str = "",
        reason: str = "",
    ) -> None:
        """Note what became of a setting that stands there.

        One that was dropped has a reason and no place of its own any more.
        """
        if action is Action.DROPPED:
            self.entries.append(Entry(source, value, action, reason=reason, where=where))
        else:
            found = (to,) if to is not None else ()
            entry = Entry(source, value, action, found, result, (place,), where=where)
            self.entries.append(entry)

    def account_moved(
        self, stanza: Stanza, new: str, below: Path, value: str, where: Place
    ) -> None:
        """Note that what a stanza says there has another interface now."""
        path, to = self.path_of(stanza, stanza.name, below), self.path_of(stanza, new, below)
        place = self._place(stanza, new)
        self.account(path, value, Action.MOVED, where, to=to, result=value, place=place)

    def account_kept(self, stanza: Stanza) -> None:
        """Note that a stanza stays as it is."""
        path, value = self.path_of(stanza, stanza.name, ("method",)), stanza.method
        place = self._place(stanza, stanza.name)
        where = stanza.first.stands(3, 3)
        self.account(path, value, Action.KEPT, where, to=path, result=value, place=place)

    def account_option(self, stanza: Stanza, new: str, line: Line, result: str | None) -> None:
        """Note what became of an option, whose line has the text `result` now, if another."""
        name = stanza.first.words[1]
        after = line if result is None else line._replace(text=result)
        self.account(
            self._option_path(stanza, name, line),
            line.argument,
            Action.MOVED if new != name else Action.REWRITTEN,
            line.stands(1),
            to=self._option_path(stanza, new, line),
            result=after.argument,
            place=f"{self._place(stanza, new)}: {line.words[0]}",
        )

    def _place(self, stanza: Stanza, name: str) -> str:
        return f"{stanza.first.path}: {' '.join((stanza.verb, name, *stanza.first.words[2:4]))}"

    def path_of(self, stanza: Stanza, name: str, below: Path) -> Path:
        """The path of a setting in the ledger: `eth0.inet.address`."""
        several = self._count[stanza.name, stanza.family] > 1
        index: Path = (self._index[stanza],) if several else ()
        return (name, *([stanza.family] if stanza.family else []), *index, *below)

    def _option_path(self, stanza: Stanza, name: str, line: Line) -> Path:
        written = line.words[0]
        same = [one for one in stanza.options if one.words[0] == written]
        index: Path = (same.index(line),) if len(same) > 1 else ()
        return self.path_of(stanza, name, (written, *index))

    def texts(self, existing: Mapping[str, str]) -> dict[str, str]:
        """The new texts of the files that change; a file outside /etc is an error instead."""
        changed: dict[str, str] = {}
        for path in dict.fromkeys(stanza.first.path for stanza in self.stanzas):
            text = "".join(
                _edited(line, self._edits.get((path, line.at)))
                for line in lines_of(path, existing[path])
            )
            if text == existing[path]:
                continue
            if path.startswith(_EDITED):
                changed[path] = text
            else:
                message = f"configures a NIC of a pair, and only files in /{_EDITED} are edited"
                hint = "move what it says to a file in /etc/network/interfaces.d"
                self.findings.append(
                    Finding("adopted-elsewhere", Severity.ERROR, message, Place(path), hint)
                )
        return changed


def is_named_after(word: str, name: str) -> bool:
    """Whether a word is the interface, a vlan of it or an alias."""
    return word == name or word.startswith((f"{name}.", f"{name}:"))


def _edited(line: Line, edit: Edit | None) -> str:
    if edit is None:
        return line.text
    pieces = [*edit.before, edit.text, *edit.behind]
    closed = (one if one.endswith("\n") or not one else f"{one}\n" for one in pieces[:-1])
    return "".join((*closed, pieces[-1]))


def _donor(move: Move, stanzas: tuple[Stanza, ...]) -> str:
    """The NIC of a pair that is configured; of two that are, the synthetic one."""
    own = [stanza for stanza in stanzas if stanza.name == move.synthetic]
    of_vf = [stanza for stanza in stanzas if move.vf is not None and stanza.name == move.vf]
    says = any(not one.is_plain or one.method != "manual" for one in own)
    vf_says = any(not one.is_plain or one.method not in ("dhcp", "auto", "manual") for one in of_vf)
    if move.vf is not None and of_vf and not says and (vf_says or not own):
        return move.vf
    return move.synthetic
