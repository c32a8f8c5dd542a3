"""An aggregate's own lines in its stanzas, the stanza of its member, and the order of start."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.adopt.text import (
    COMMANDS,
    STARTS,
    Line,
    lines_of,
    option,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.renderers.ifupdown.adopt.draft import Draft, Move
    from hyperv_net.renderers.ifupdown.adopt.text import (
        Stanza,
    )

_INDENT = "    "
#: Methods that can be told a hardware address; the others ignore it (ifupdown's inet*.defn).
_TAKES_ADDRESS = frozenset(["static", "dhcp", "manual", ""])


def declare(draft: Draft, aggregate: str, moves: list[Move], existing: Mapping[str, str]) -> None:
    """The aggregate's options and commands where they are not said yet, and its members."""
    own = [
        stanza
        for stanza in draft.stanzas
        if stanza.name == aggregate or any(stanza.name == draft.donor(m.synthetic) for m in moves)
        if not (draft.of_member(stanza.name) and draft.is_theirs(stanza.name))
    ]
    said = {option(line) for stanza in own for line in stanza.options}
    commands = {line.argument for stanza in own for line in stanza.options}
    lines = dict.fromkeys(line for move in moves for line in move.lines)
    options = [line for line in lines if _key(line) not in said | COMMANDS]
    ends = [
        line for line in lines if _key(line) in COMMANDS and line.split(None, 1)[1] not in commands
    ]
    members = [line for move in moves for line in _member(draft, move, own)]
    if not own:
        _declare_anew(draft, aggregate, [*options, *ends], members, existing)
        return
    first, last = own[0], own[-1]
    needs_stanza = first.method not in _TAKES_ADDRESS and any(
        _key(line) == "hwaddress" for line in options
    )
    if needs_stanza:
        block = _block(aggregate, options)
        draft.edit(first.first).before += [*block, "\n"]
    else:
        draft.edit(first.first).behind += _indented([first, *own], options)
    end = (last.options or [last.first])[-1]
    draft.edit(end).behind += _indented([last, *own], ends)
    if members:
        below = lines_of(end.path, existing[end.path])[end.at + 1 :]
        gap = ["\n"] if below and below[0].text.strip() else []
        draft.edit(end).behind += ["\n", *members, *gap]
    line = draft.first_started.get(aggregate)
    if line is not None:
        draft.edit(_with_comments(line, existing)).before.append(f"auto {aggregate}\n")


def _key(line: str) -> str:
    return option(Line("", 0, 0, line))


def _indented(stanzas: Iterable[Stanza], lines: Iterable[str]) -> list[str]:
    """The lines with the indentation of those of the first stanza that has any."""
    options = (line.text for stanza in stanzas for line in stanza.options)
    first = next(options, _INDENT)
    indent = first[: len(first) - len(first.lstrip())]
    return [f"{indent}{line}\n" for line in lines]


def _block(name: str, lines: Iterable[str]) -> list[str]:
    return [f"iface {name} inet manual\n", *(f"{_INDENT}{line}\n" for line in lines)]


def _member(draft: Draft, move: Move, own: list[Stanza]) -> Iterator[str]:
    """The stanza of a synthetic NIC that has none any more, or never had one."""
    is_declared = any(
        stanza.name == move.synthetic and draft.is_declaration(stanza) for stanza in draft.stanzas
    )
    if move.is_theirs or (is_declared and draft.is_other(move.synthetic)):
        return
    of_card = draft.of_card.get(move.synthetic, [])
    yield f"# A member of {move.aggregate}, which udev has its VF join as well (hyperv-net).\n"
    is_of_debian = not own or bool(own[0].family)
    if of_card and is_of_debian:
        # ifenslave raises a member that is to be raised with its bond; ifupdown-ng raises any.
        yield f"allow-{move.aggregate} {move.synthetic}\n"
    yield f"iface {move.synthetic}{' inet manual' if is_of_debian else ''}\n"
    for line in of_card:
        yield line.text if line.text.endswith("\n") else f"{line.text}\n"


def _declare_anew(
    draft: Draft,
    aggregate: str,
    lines: list[str],
    members: list[str],
    existing: Mapping[str, str],
) -> None:
    """The stanza of an aggregate that only others name, before the first of them."""
    above = draft.standing_on(aggregate)
    anchor = next(
        stanza.first
        for stanza in draft.stanzas
        for name in (stanza.first.words[1:] if stanza.verb in STARTS else (stanza.name,))
        if (draft.successor(name) or name) in above
    )
    start = [f"auto {aggregate}\n"] if aggregate in draft.first_started else []
    edit = draft.edit(_with_comments(anchor, existing))
    edit.before += [*start, *_block(aggregate, lines), "\n", *members, "\n"]


def _with_comments(line: Line, existing: Mapping[str, str]) -> Line:
    """The first of the comments right above a line, or the line."""
    lines = lines_of(line.path, existing[line.path])
    at = line.at
    while at > 0 and lines[at - 1].text.lstrip().startswith("#"):
        at -= 1
    return lines[at]
