"""The file that configures a NIC, as the one of its bond: its text with another [Match].

All else stays as it stands, with its comments and what is not known here: VLAN=, Bridge=
and their like name devices that refer to nothing themselves, so that they move along.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Action, Entry
from hyperv_net.places import of_line
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkd.adopt.names import renamed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkd.adopt.files import File, Line
    from hyperv_net.tree import Path

#: Sections that are about the card, whatever stands on it.
_OF_THE_CARD = ("SR-IOV", "IPoIB", "CAN")


class Moved(NamedTuple):
    """The text of the bond's file, what of it is for the member's, and the account."""

    text: str
    of_the_card: str
    entries: tuple[Entry, ...]


def move(file: File, nic: str, names: Mapping[str, str], to: str, member: str) -> Moved:
    """The file of `nic` for its bond, to be called `to`; `member` is the path of the NIC's own.

    `names` has for each NIC that becomes a member the bond that is meant now.
    Raises HypervNetError for a text with a NUL, which ends a line where nobody sees it.
    """
    kept, card, entries = [FROM_CONFIG], list[str](), list[Entry]()
    seen: dict[Path, int] = {}
    part, matched, bond = "", False, names[nic]
    raise_together(
        HypervNetError(
            "has a NUL character",
            where=of_line(path, line.text, line.number),
            hint="take it out: networkd ends a line there",
        )
        for path, line in file.lines
        if "\0" in line.text
    )
    for path, line in file.lines:
        if path != part:
            part = path
            if kept[-1:] and not kept[-1].endswith("\n"):
                kept.append("\n")
            kept.append(f"# From {path}\n")
        if line.section in _OF_THE_CARD:
            card.append(line.text)
        elif line.section == "Match" and line.is_header:
            if not matched:
                kept.append(f"[Match]\nName={bond}\n")
                matched = True
        elif line.section == "Match" and line.key:
            where = f"{path}: [Match] {line.key}="
            entries.append(_entry(seen, nic, nic, line, path, {}, where))
        else:
            kept.append(_renamed(line, line.text, nic, names))
            if line.key:
                where = f"{to}: [{line.section}] {line.key}="
                entries.append(_entry(seen, nic, bond, line, path, names, where))
        if line.section in _OF_THE_CARD and line.key:
            where = f"{member}: [{line.section}] {line.key}="
            entries.append(_entry(seen, nic, nic, line, path, {}, where))
    text = "".join(kept).replace("\r\n", "\n")
    return Moved(text if text.endswith("\n") else f"{text}\n", "".join(card), tuple(entries))


def _renamed(line: Line, text: str, nic: str, names: Mapping[str, str]) -> str:
    """The text of a line or of its value, with the bonds' names where it has members'."""
    if line.key == "Label" and line.value.startswith(f"{nic}:"):
        return text.replace(f"{nic}:", f"{names[nic]}:", 1)
    return renamed(line, text, names)


def _entry(
    seen: dict[Path, int],
    nic: str,
    to: str,
    line: Line,
    file: str,
    names: Mapping[str, str],
    where: str,
) -> Entry:
    """What became of a line of a file; of several with one key each has its number."""
    below: Path = (line.section, line.key)
    count = seen.get(below, 0)
    seen[below] = count + 1
    path = (*below, count) if count else below
    return Entry(
        source=(nic, *path),
        value=line.value,
        action=Action.KEPT if to == nic else Action.MOVED,
        to=((to, *path),),
        result=line.value if to == nic else _renamed(line, line.value, nic, names),
        places=(where,),
        where=line.stands(file),
    )
