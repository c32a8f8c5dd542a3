"""Adoption of interfaces(5): the stanzas of a pair's NIC move to its aggregate, in their files.

An aggregate's stanzas are those of the synthetic NIC with its own options in
them: what the renderer for ifupdown would write is taken from it, line by
line, where the files do not say it yet.  ifupdown applies all stanzas of a
name together, wherever they stand, so nothing has to be brought to one place.
"""

from __future__ import annotations

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import (
    Kind,
    Rendered,
    RenderedFile,
)
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.ifupdown.adopt.checking import checker_of
from hyperv_net.renderers.ifupdown.adopt.config import read_config
from hyperv_net.renderers.ifupdown.adopt.declare import declare
from hyperv_net.renderers.ifupdown.adopt.draft import Draft, Move, is_named_after
from hyperv_net.renderers.ifupdown.adopt.move import move_stanza
from hyperv_net.renderers.ifupdown.adopt.text import read
from hyperv_net.renderers.ifupdown.existing import Names, parts, revise
from hyperv_net.renderers.ifupdown.paths import FILE, HELPER, INTERFACES, NAMES_FILE
from hyperv_net.renderers.ifupdown.render import render as render_whole
from hyperv_net.renderers.parts import Adopted
from hyperv_net.rewrite.devices import pairs_alone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import (
        Entry,
        Finding,
        Inventory,
        Rewritten,
        Settings,
    )
    from hyperv_net.renderers.ifupdown.adopt.text import Stanza


class _Edited(NamedTuple):
    """The files in place, the account of their lines, and findings."""

    files: tuple[RenderedFile, ...]
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


def adopt(existing: Mapping[str, str], inventory: Inventory, settings: Settings) -> Adopted | None:
    """What the interfaces files configure; None where there is no stanza of a NIC.

    Raises HypervNetError for what ifup(8) fails with, and where the files cannot be followed.
    """
    pairs = find_pairs(inventory, settings.synthetic_drivers, settings.pairs).pairs
    named = [(one.vf.name, one.synthetic.name) for one in pairs if one.vf and one.synthetic]
    checker, config = checker_of(read(existing), inventory), None
    with checker.noting():
        config = read_config(existing, dict(named))
    checker.refuse()
    return Adopted(checker.checked(config), render) if config is not None else None


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The edits of the interfaces files, and the udev rules that name the NICs.

    HypervNetError where the files cannot be followed, or are a template.
    """
    whole = render_whole(pairs_alone(rewritten), {})
    rendered = {file.path: file.text for file in whole.files}
    edited = _edited(rewritten, existing, rendered[FILE])
    names = [_names_file(existing.get(NAMES_FILE), rendered.get(NAMES_FILE, ""))]
    helper = {HELPER: existing[HELPER]} if HELPER in existing else {}
    _, of_helper = revise(helper, "", Names(frozenset(), {}))
    return Rendered(
        files=(*edited.files, *(file for file in names if file is not None)),
        places=whole.places,
        dropped={},
        findings=(
            *(one._replace(where=Place(INTERFACES)) for one in whole.findings),
            *edited.findings,
            *of_helper,
        ),
        ledger=edited.entries,
        needs=whole.needs,
    )


def _edited(rewritten: Rewritten, existing: Mapping[str, str], rendered: str) -> _Edited:
    stanzas = tuple(dict.fromkeys(read(existing)))
    moves = tuple(_moves(rewritten, stanzas, rendered))
    cards = {nic.name for nic in rewritten.inventory.nics if nic.kind is Kind.ETHERNET}
    refused = [error for stanza in stanzas for error in _refused(stanza)]
    raise_together([*refused, *_cards_as_bonds(moves, stanzas, cards)])
    draft = Draft(moves, stanzas)
    for stanza in stanzas:
        move_stanza(draft, stanza)
    for aggregate in dict.fromkeys(move.aggregate for move in moves):
        of_aggregate = [move for move in moves if move.aggregate == aggregate]
        declare(draft, aggregate, of_aggregate, existing)
    texts = draft.texts(existing)
    files = [RenderedFile(path, text, in_place=True) for path, text in texts.items()]
    return _Edited(tuple(files), tuple(draft.entries), tuple(dict.fromkeys(draft.findings)))


def _refused(stanza: Stanza) -> Iterator[HypervNetError]:
    """An error for each line that ifupdown would not read as interfaces(5) has it."""
    has_options = stanza.verb in ("iface", "template", "mapping")
    for at, line in enumerate(stanza.lines):
        if line.text.lstrip().startswith(("%", "<%")):
            yield HypervNetError(
                "is a template for ifupdown2, and what comes of it is known to ifupdown2 alone",
                where=line.where,
                hint="write the stanzas out, or give the config with --network-config",
            )
        elif at and line.words and not has_options:
            yield HypervNetError(
                f"{line.words[0]} is no option of what is above it",
                where=line.where._replace(key=(line.words[0],)),
                hint="put it below the interface that it is about",
            )


def _cards_as_bonds(
    moves: tuple[Move, ...], stanzas: tuple[Stanza, ...], cards: set[str]
) -> Iterator[HypervNetError]:
    """An error for each aggregate that would be a NIC that is there, or a vlan of one."""
    for name in dict.fromkeys(move.aggregate for move in moves):
        if any(is_named_after(name, card) for card in cards):
            yield HypervNetError(
                f"{name} is a NIC by its name, and configured as a bond",
                where=next(one.where for one in stanzas if one.name == name),
                hint="give the bond another name",
            )


def _moves(rewritten: Rewritten, stanzas: tuple[Stanza, ...], rendered: str) -> Iterator[Move]:
    configured = {stanza.name for stanza in stanzas}
    for one in rewritten.aggregates:
        lines = [
            line.strip()
            for part in parts(rendered)
            if part.words[:2] == ["iface", one.name]
            for line in part.lines[1:]
            if line.strip()
        ]
        yield Move(
            aggregate=one.name,
            synthetic=rewritten.interfaces.get(one.synthetic_id, one.synthetic_id),
            vf=rewritten.interfaces.get(one.vf_id),
            is_theirs=one.administrators and one.name in configured,
            lines=tuple(lines),
        )


def _names_file(before: str | None, rendered: str) -> RenderedFile | None:
    """The udev rules that name NICs: ours alone, or what is missing of them in somebody else's."""
    if not rendered:
        return None
    if before is None or before.startswith(FROM_CONFIG):
        return RenderedFile(NAMES_FILE, rendered)
    rules = rendered[len(FROM_CONFIG) :].splitlines(keepends=True)
    missing = [rule for rule in rules if rule not in before]
    if not missing:
        return None
    gap = "" if before.endswith("\n") or not before else "\n"
    return RenderedFile(NAMES_FILE, f"{before}{gap}{''.join(missing)}", in_place=True)
