"""The stanzas of a pair's NIC become its aggregate's, line by line, in the text as it stands."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hyperv_net.marks import aside
from hyperv_net.model import Action, Severity
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.adopt.commands import OF_THE_CARD, move_names
from hyperv_net.renderers.ifupdown.adopt.text import (
    COMMANDS,
    NAMING,
    STARTS,
    option,
    with_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hyperv_net.places import Place
    from hyperv_net.renderers.ifupdown.adopt.draft import Draft
    from hyperv_net.renderers.ifupdown.adopt.text import (
        Line,
        Stanza,
    )

#: Options that may name a NIC and are right so, or are text.
_RIGHT = frozenset(["bridge-hw", "description", "alias"])
#: What ethtool's scripts set on a card, Debian's and those of ifupdown-ng.
_OF_THE_CARD = ("ethernet-", "offload-", "hardware-", "ethtool-", "driver-message-level")
_OF_THE_LINK = frozenset(["link-speed", "link-duplex"])
_UNDECIDED = frozenset(["dhcp", "auto", "manual"])
_WRITE_OUT = "write out what it takes from there"


def move_stanza(draft: Draft, stanza: Stanza) -> None:
    """Edit one stanza so that it is about the aggregates."""
    verb = stanza.verb
    if verb in STARTS or verb.startswith(("allow-", "no-auto-down", "no-scripts")):
        _starts(draft, stanza.first)
    elif verb in ("iface", "template"):
        new = _header(draft, stanza)
        _options(draft, stanza, new)
    elif verb == "mapping":
        _mapping(draft, stanza)
    elif verb == "rename":
        names = {part for word in stanza.first.words[1:] for part in word.split("=")}
        if any(draft.successor(name) for name in names):
            draft.error(stanza.first, "renames a NIC of a pair", "take it out of the line")


def _starts(draft: Draft, line: Line) -> None:
    """`auto`, `allow-…` and their like: the aggregate in place of the NIC.

    What stands on an aggregate has no event of its own that udev would start
    it by, so `allow-hotplug` becomes `auto`.
    """
    verb, *names = line.words
    is_start, is_hotplug = verb in STARTS, verb == "allow-hotplug"
    new: dict[int, str | None] = {}
    for position, word in enumerate(names, 1):
        if _is_pattern_of_pair(draft, word):
            draft.error(
                line,
                f"{word} may start a NIC of a pair",
                "name the interfaces one by one, without those of the pair",
            )
        successor = draft.successor(word)
        if is_start and (successor is not None or not is_hotplug):
            draft.start_what_is_below(successor or word, line)
        if successor is None or draft.is_theirs(word):
            continue
        if verb == "no-scripts":
            draft.error(line, f"{word} needs the scripts of ifenslave", f"take {word} out of it")
        other = draft.is_other(word)
        known = is_start and successor in draft.started
        new[position] = None if known or other else successor
        draft.account(
            (word, "start"),
            verb,
            Action.DROPPED if other else Action.MOVED,
            line.stands(0, 0),
            to=(successor, "start"),
            result="auto" if is_start else verb,
            place=f"{line.path}: {'auto' if is_start else verb} {successor}",
            reason=f"{word} is started as a member of {successor}",
        )
        if is_start and not other:
            draft.started.add(successor)
    if new:
        draft.edit(line).text = _start_lines(line.text, names, new, is_hotplug=is_hotplug)


def _is_pattern_of_pair(draft: Draft, word: str) -> bool:
    """Whether a word of `auto` is a pattern or a mapping for a NIC of a pair (interfaces(5))."""
    name, is_mapped, _ = word.partition("=")
    variable, is_pattern, value = name.partition("/")
    if not is_pattern:
        return bool(is_mapped) and draft.successor(name) is not None
    value = value.partition("/")[0]
    members = [one for move in draft.moves for one in move.members]
    return bool(variable) or any(fnmatchcase(one, value) for one in members)


def _start_lines(
    text: str, names: list[str], new: dict[int, str | None], *, is_hotplug: bool
) -> str:
    ours = [word for word in new.values() if word is not None]
    others = len(names) - len(new)
    if not ours and not others:
        return ""
    if not is_hotplug:
        return with_words(text, new)
    if not others:
        return with_words(text, {0: "auto", **new})
    kept = with_words(text, dict.fromkeys(new))
    kept = kept if kept.endswith("\n") else f"{kept}\n"
    return f"{kept}auto {' '.join(ours)}\n" if ours else kept


def _header(draft: Draft, stanza: Stanza) -> str:
    """The name that the stanza has afterwards."""
    line, name = stanza.first, stanza.first.words[1] if len(stanza.first.words) > 1 else ""
    new = draft.successor(name) if stanza.verb == "iface" else None
    if new is None:
        new = name
    elif draft.is_theirs(name):
        if stanza.method not in ("manual", ""):
            draft.error(
                line,
                f"configures {name}, a member of {new}",
                f"move what it says to the stanza of {new}",
                rule="interfaces-rival",
            )
        new = name
    elif draft.is_other(name):
        _other(draft, stanza, new)
        new = name
    else:
        if new in draft.names or not is_interface_name(new):
            why = "is configured too" if new in draft.names else "is too long a name"
            draft.error(line, f"{name} would be {new}, which {why}", "rename one of them")
        draft.edit(line).text = with_words(line.text, {1: new})
        if "." in new and draft.is_first(stanza):
            message = f"{name} is {new} now, since ifupdown takes a vlan's device from its name"
            hint = f"name {new} where {name} stands elsewhere, as in rules of a firewall"
            draft.finding("vlan-renamed", Severity.NOTE, message, line, hint)
        for key, value, where in _said(stanza):
            draft.account_moved(stanza, new, (key,), value, where)
    _inherits(draft, line)
    return new


def _said(stanza: Stanza) -> Iterator[tuple[str, str, Place]]:
    """What the first line says: how it is called, the words, and where they are."""
    first = stanza.first
    if stanza.method:
        yield "method", stanza.method, first.stands(3, 3)
    found = first.words
    if "inherits" in found[2:]:
        at = found.index("inherits") + 1
        yield "inherits", " ".join(found[at:]), first.stands(at)


def _other(draft: Draft, stanza: Stanza, new: str) -> None:
    """The stanza of the NIC whose settings are not the aggregate's."""
    line, name = stanza.first, stanza.name
    if not stanza.is_plain or stanza.method not in _UNDECIDED:
        draft.error(
            line,
            f"{name} and {draft.donor(name)} are one card, and both are configured",
            f"take out one of the two; what is left moves to {new}",
            rule="interfaces-rival",
        )
    elif draft.is_declaration(stanza):
        draft.account_kept(stanza)
    else:
        draft.edit(line).text = aside(line.text)
        message = f"{name} is a member of {new}, so this stanza is a comment"
        draft.finding("interfaces-rival", Severity.NOTE, message, line, "")
        why = f"{name} is a member of {new}, which has settings of its own"
        path, where = draft.path_of(stanza, name, ("method",)), line.stands(3, 3)
        draft.account(path, stanza.method, Action.DROPPED, where, reason=why)


def _inherits(draft: Draft, line: Line) -> None:
    found = line.words
    start = found.index("inherits") + 1 if "inherits" in found[2:] else len(found)
    for parent in found[start:]:
        if draft.successor(parent) is not None and not draft.is_theirs(parent):
            message = f"inherits from {parent}, whose settings move to an aggregate"
            draft.error(line, message, _WRITE_OUT)


def _mapping(draft: Draft, stanza: Stanza) -> None:
    for pattern in stanza.first.words[1:]:
        matched = [one for move in draft.moves for one in move.members if fnmatchcase(one, pattern)]
        if matched:
            draft.error(
                stanza.first,
                f"maps {matched[0]} by a script, which may look at a NIC that an aggregate is not",
                f"write the settings in stanzas `iface {matched[0]}`, and take the mapping out",
            )
    for line in stanza.lines[1:]:
        for word in line.words[1:]:
            if draft.successor(word) is not None:
                draft.names_a_member(line, word, "the script")


def _options(draft: Draft, stanza: Stanza, new: str) -> None:
    name = stanza.first.words[1] if len(stanza.first.words) > 1 else ""
    is_moved = new != name
    for line in stanza.options:
        key = option(line)
        result = None
        if key in COMMANDS:
            result = _command(draft, line)
        elif key in NAMING:
            result = _names(draft, line)
        elif key == "bond-slaves":
            result = _slaves(draft, stanza, line)
        elif key == "bond-master" and is_moved and draft.of_member(name) is not None:
            draft.error(line, "names a bond that has no stanza", "write one, or take the line out")
        elif key == "inherit":
            if any(draft.successor(word) for word in line.words[1:]):
                draft.error(line, "inherits from a NIC whose settings move", _WRITE_OUT)
        elif is_moved and _is_of_the_card(key) and draft.of_member(name) is not None:
            draft.to_member(stanza, line)
            continue
        elif not key.startswith("bond-") and key not in _RIGHT:
            for word in line.words[1:]:
                if draft.successor(word) is not None:
                    draft.names_a_member(line, word, key)
        if result is not None:
            draft.edit(line).text = result
        if is_moved or result is not None:
            draft.account_option(stanza, new, line, result)


def _is_of_the_card(key: str) -> bool:
    return key.startswith(_OF_THE_CARD) or key in _OF_THE_LINK


def _command(draft: Draft, line: Line) -> str | None:
    start = line.text.index(line.words[0]) + len(line.words[0])
    text = line.text[start:]
    for move in draft.moves:
        for name in move.members:
            command = move_names(text, name, draft.successor)
            text = command.text
            for program in command.left:
                if program == OF_THE_CARD:
                    message = f"{program} is given {name}, which it goes on being right for"
                    draft.finding("names-a-member", Severity.NOTE, message, line, "")
                else:
                    draft.names_a_member(line, name, program or "the command")
    return line.text[:start] + text if text != line.text[start:] else None


def _names(draft: Draft, line: Line) -> str | None:
    found = line.words
    if option(line) == "bridge-ports" and {"all", "regex"} & set(found[1:]):
        message = "takes NICs by a pattern, and those of a pair among them"
        draft.error(line, message, "name the ports one by one")
    new = _replaced(found, draft.successor)
    return with_words(line.text, new) if new else None


def _replaced(found: list[str], successor: Callable[[str], str | None]) -> Mapping[int, str | None]:
    """New words by position; an interface is named once, though both NICs of a pair were."""
    new: dict[int, str | None] = {}
    for position, word in enumerate(found[1:], 1):
        after = successor(word)
        if after is not None:
            new[position] = None if after in (*found[1:], *new.values()) else after
    return new


def _slaves(draft: Draft, stanza: Stanza, line: Line) -> str | None:
    """The VF taken out of an aggregate's list, which would never get it back by its name."""
    listed = line.words[1:]
    if "all" in listed:
        draft.error(line, "takes every NIC for a member", "name the members one by one")
    new: dict[int, str | None] = {}
    for position, word in enumerate(listed, 1):
        move = draft.of_member(word)
        if move is not None and move.aggregate == stanza.name and word == move.vf:
            is_there = move.synthetic in (*listed, *new.values())
            new[position] = None if is_there else move.synthetic
    return with_words(line.text, new) if new else None
