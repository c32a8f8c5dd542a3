"""What the interfaces files that exist say about a pair's devices.

ifupdown applies all stanzas of a name, wherever they stand, so that
`iface eth0 inet dhcp` in /etc/network/interfaces puts DHCP on a member.  A
stanza that says no more than that is turned into a comment; one that says more
is somebody's configuration, and a finding asks them.  So does a finding where a
device of theirs stands on a member: an alias, a vlan, a bridge or a bond.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hyperv_net.marks import aside
from hyperv_net.model import Finding, RenderedFile, Severity
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.ifupdown.paths import FOLDER, HELPER, INTERFACES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HARMLESS = frozenset(["dhcp", "auto", "manual"])
# As ifupdown reads it: only a backslash that ends the line continues it, and a
# comment is not continued, but whatever follows a backslash is no comment.
_LINE = re.compile(r"[ \t]*#[^\n]*\n?|(?:[^\n]*\\\n)*[^\n]*\n?")
# The options of vlan, bridge-utils and ifenslave that name what a device stands on.
_RAW_DEVICE = frozenset(["vlan-raw-device", "vlan_raw_device"])
_LOWERS = _RAW_DEVICE | {"bridge_ports", "bridge-ports", "bond-slaves", "bond_slaves", "slaves"}


class Names(NamedTuple):
    """The aggregates' names, and for each name a member bears its aggregate's."""

    aggregates: frozenset[str]
    members: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Whether an interface of this name is part of a pair's configuration."""
        return name in self.aggregates or name in self.members


class Part(NamedTuple):
    """A stanza, or lines between stanzas: its lines, each with those that continue it.

    `number` is that of its first line among those of the file, from 1.
    """

    lines: tuple[str, ...]
    number: int

    @property
    def words(self) -> list[str]:
        """The words of the first line."""
        return _words(self.lines[0])

    def stands(self, path: str) -> Place:
        """Where in the file its first line is; the key is the interface, or the word that opens."""
        first, words = self.lines[0], self.words
        start = len(first) - len(first.lstrip())
        key = tuple(words[1:2] if words[0] == "iface" else words[:1])
        return within(path, first, start, len(first.rstrip()), self.number)._replace(key=key)

    @property
    def options(self) -> list[list[str]]:
        """The words of the lines below the first that say something."""
        found = [_words(line) for line in self.lines[1:] if not _is_comment(line)]
        return [words for words in found if words]


def revise(
    existing: Mapping[str, str], own: str, names: Names
) -> tuple[list[RenderedFile], list[Finding]]:
    """The files that need an edit, and the findings; `own` is the file that is written anew."""
    files, findings = [], list[Finding]()
    for path in sorted(existing):
        inside = path == INTERFACES or path.rpartition("/")[0] == FOLDER
        if inside and path != own:
            said = list[Finding]()
            text = "".join(_revised(path, part, names, said) for part in parts(existing[path]))
            refused = any(each.severity is Severity.ERROR for each in said)
            if text != existing[path] and not refused:
                files.append(RenderedFile(path, text, in_place=True))
            # In a file that stays as it is no stanza has become a comment.
            findings += [each for each in said if not refused or each.severity is Severity.ERROR]
    if INTERFACES in existing and not _includes(existing[INTERFACES], own):
        message = f"does not include {FOLDER}, so that what is written there has no effect"
        hint = f"add the line: source /{FOLDER}/*"
        findings.append(
            Finding("interfaces-not-included", Severity.WARNING, message, Place(INTERFACES), hint)
        )
    if HELPER in existing:
        message = "starts DHCP on every NIC that appears, a VF too"
        hint = f"replace it by an empty file of that name, or put a link to /dev/null at /{HELPER}"
        findings.append(
            Finding("interfaces-helper", Severity.WARNING, message, Place(HELPER), hint)
        )
    return files, findings


def parts(text: str) -> Iterator[Part]:
    """The file taken apart; joined again, the lines are the file."""
    lines: list[str] = []
    number = 1
    for line in filter(None, _LINE.findall(text)):
        words = _words(line)
        if words and _opens(words[0]) and lines:
            yield Part(tuple(lines), number)
            number += sum(one.count("\n") for one in lines)
            lines = []
        lines.append(line)
    if lines:
        yield Part(tuple(lines), number)


def _words(line: str) -> list[str]:
    """The words of a line and those that continue it; ifupdown puts nothing between them."""
    return re.sub(r"\\(\n|\Z)", "", line).split()


def _opens(word: str) -> bool:
    """Whether a line that begins with this word begins a stanza (interfaces(5))."""
    known = ("iface", "mapping", "auto", "source", "source-directory", "rename", "template")
    return word in known or word.startswith(("allow-", "no-auto-down", "no-scripts"))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _revised(path: str, part: Part, names: Names, findings: list[Finding]) -> str:
    first, rest = part.lines[0], "".join(part.lines[1:])
    verb, *arguments = part.words or ("",)
    where = part.stands(path) if part.words else Place(path)
    if verb == "iface" and arguments and names.has(arguments[0]):
        if len(arguments) == 3 and arguments[2] in _HARMLESS and not part.options:
            message = f"{arguments[0]} is configured elsewhere now, so this stanza is a comment"
            findings.append(Finding("interfaces-rival", Severity.NOTE, message, where))
            return aside(first) + rest
        hint = f"remove the stanza from {path}, or say in the network config what it says"
        message = f"configures {arguments[0]}, which belongs to a pair's aggregate"
        findings.append(Finding("interfaces-rival", Severity.ERROR, message, where, hint))
    elif verb == "iface" and arguments:
        for member in sorted(_stands_on(arguments[0], part.options) & names.members.keys()):
            aggregate = names.members[member]
            hint = f"name {aggregate} there in place of {member}, or remove the stanza from {path}"
            message = f"{arguments[0]} stands on {member}, a member of {aggregate}"
            findings.append(Finding("interfaces-rival", Severity.ERROR, message, where, hint))
    elif verb == "auto" or verb.startswith("allow-"):
        kept = [one for one in arguments if not names.has(one)]
        if kept != arguments:
            return (f"{verb} {' '.join(kept)}\n" if kept else aside(first)) + rest
    return first + rest


def _stands_on(name: str, options: list[list[str]]) -> set[str]:
    """The devices below one: those its options name, or else what its own name says.

    `eth0:1` is eth0 with one more address, and `eth0.5` a vlan of it (interfaces(5),
    vlan-interfaces(5)).
    """
    device = name.partition(":")[0]
    found = {word for option, *words in options if option in _LOWERS for word in words}
    if device != name:
        found.add(device)
    if not any(option in _RAW_DEVICE for option, *_ in options):
        found.update(device[: dot.start()] for dot in re.finditer(r"\.", device))
    return found


def _includes(text: str, own: str) -> bool:
    """Whether /etc/network/interfaces sources the file; a relative path is below its folder."""
    for part in parts(text):
        if len(part.words) > 1 and part.words[0] in ("source", "source-directory"):
            pattern = part.words[1]
            if not pattern.startswith("/"):
                pattern = f"/etc/network/{pattern}"
            if part.words[0] == "source-directory":
                pattern = f"{pattern.rstrip('/')}/*"
            if fnmatchcase(f"/{own}", pattern):
                return True
    return False
