"""The lines and stanzas of interfaces(5) files in the order in which ifupdown reads them.

A line is what ifupdown takes for one: with those that a backslash joins to it.
Joined again, the lines are the files.
"""

from __future__ import annotations

import re
from posixpath import normpath

from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.ifupdown.existing import parts
from hyperv_net.renderers.ifupdown.paths import INTERFACES
from hyperv_net.root.patterns import fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# ifupdown puts nothing between two lines that a backslash joins, be it inside a word.
_WORD = re.compile(r"(?:\\(?:\n|\Z)|[^\s\\]|\\)+")
_JOINED = re.compile(r"\\(?:\n|\Z)")
#: The names of files that `source-directory` reads (interfaces(5)).
_OF_DIRECTORY = re.compile(r"[A-Za-z0-9_-]+\Z")
#: What a shell expands: wordexp(3) in the names of files, and sh(1) in commands of ifup.
SHELL = re.compile(r"[$`~{}()?\[\]\"'\\|&;<>!]")

COMMANDS = frozenset(["pre-up", "up", "post-up", "pre-down", "down", "post-down"])
#: What has interfaces started with the machine, or when they appear.
STARTS = frozenset(["auto", "allow-auto", "allow-hotplug"])
#: Options whose words are interfaces: vlan, bridge-utils, ifupdown-ng, ifupdown2.
NAMING = frozenset(
    (
        *("vlan-raw-device", "bridge-ports", "bridge-pathcost", "bridge-portprio"),
        *("bridge-waitport", "requires", "tunnel-physdev", "vxlan-physdev"),
    )
)
_WITH_OPTIONS = frozenset(["iface", "template"])


class Line(NamedTuple):
    """One line: the file, its position among the file's lines, its number, its text."""

    path: str
    at: int
    number: int
    text: str

    @property
    def where(self) -> Place:
        """Where it is, without the blanks around it."""
        return self.stands(0) if self.words else Place(self.path, line=self.number)

    @property
    def words(self) -> list[str]:
        """Its words; none for a comment."""
        return words(self.text)

    def stands(self, first: int, last: int | None = None) -> Place:
        """Where words of it are, counted from 0, up to the last; the line where it has none."""
        found = list(_spans(self.text))
        if first >= len(found):
            return Place(self.path, line=self.number)
        end = found[-1 if last is None else last][1]
        return within(self.path, self.text, found[first][0], end, self.number)

    @property
    def argument(self) -> str:
        """What follows the first word, as people wrote it."""
        text = _JOINED.sub("", self.text).strip()
        return text[len(text.split(None, 1)[0]) :].strip() if text else ""


class Stanza(NamedTuple):
    """The first line and those up to the next stanza, or lines before the first stanza."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The line that opens it."""
        return self.lines[0]

    @property
    def verb(self) -> str:
        """The word that opens it; empty for lines before the first stanza."""
        return next(iter(self.first.words), "")

    @property
    def name(self) -> str:
        """The interface of an `iface` stanza; empty for any other."""
        found = self.first.words
        return found[1] if self.verb == "iface" and len(found) > 1 else ""

    @property
    def family(self) -> str:
        """inet or inet6; empty where none is named, as in ifupdown-ng."""
        return next((word for word in self.first.words[2:3] if word != "inherits"), "")

    @property
    def method(self) -> str:
        """How the address is had: static, dhcp, …; empty where none is named."""
        return next((word for word in self.first.words[3:4] if self.family), "")

    @property
    def options(self) -> list[Line]:
        """The lines below the first that say something."""
        return [line for line in self.lines[1:] if line.words] if self.verb in _WITH_OPTIONS else []

    @property
    def where(self) -> Place:
        """Where its first line is; the key is the interface, or the word that opens it."""
        return self.first.where._replace(key=(self.name or self.verb,))

    @property
    def is_plain(self) -> bool:
        """Whether it has no option and takes none from elsewhere."""
        return not self.options and len(self.first.words) <= 4


def option(line: Line) -> str:
    """The name of an option with `-` for `_`, which are one to the scripts that read it."""
    name = line.words[0].replace("_", "-")
    return "bond-slaves" if name in ("slaves", "bond-members") else name


def words(text: str) -> list[str]:
    """The words of a line and of those joined to it; none for a comment."""
    if text.lstrip().startswith("#"):
        return []
    return [word for word in (_JOINED.sub("", one) for one in _WORD.findall(text)) if word]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word."""
    for found in _WORD.finditer(text):
        if _JOINED.sub("", found[0]):
            whole = found[0]
            start = found.start() + len(whole) - len(re.sub(r"\A(\\\n)+", "", whole))
            yield start, found.end() - len(whole) + len(re.sub(r"(\\(\n|\Z))+\Z", "", whole))


def with_words(text: str, new: Mapping[int, str | None]) -> str:
    """The line with other words at some positions; None takes one out with the space before it."""
    pieces, at, position = [], 0, 0
    for found in _WORD.finditer(text):
        if not _JOINED.sub("", found[0]):
            continue
        if position in new:
            word = new[position]
            kept = text[at : found.start()]
            pieces += [kept, word] if word is not None else [kept.rstrip(" \t")]
            at = found.end()
        position += 1
    return "".join((*pieces, text[at:]))


def lines_of(path: str, text: str) -> list[Line]:
    """The lines of a file."""
    found: list[Line] = []
    number = 1
    for part in parts(text):
        for line in part.lines:
            found.append(Line(path, len(found), number, line))
            number += line.count("\n")
    return found


def read(existing: Mapping[str, str]) -> tuple[Stanza, ...]:
    """The stanzas of /etc/network/interfaces and of all that it sources, in reading order.

    `existing` has the files by their paths below the root.  HypervNetError
    where a file sources itself, or what a shell would have to expand.
    """
    errors: list[HypervNetError] = []
    top = Place(INTERFACES)
    found = tuple(_read(existing, INTERFACES, (), top, errors)) if INTERFACES in existing else ()
    raise_together(errors)
    return found


def _read(
    existing: Mapping[str, str],
    path: str,
    above: tuple[str, ...],
    by: Place,
    errors: list[HypervNetError],
) -> Iterator[Stanza]:
    """The stanzas of a file that is sourced at the place `by`, by way of the files `above`."""
    if path in above:
        what = f"{path} is sourced by itself, by way of {above[-1]}"
        hint = "take one of the source lines out"
        errors.append(HypervNetError(what, where=by, hint=hint))
        return
    lines = iter(lines_of(path, existing[path]))
    for part in parts(existing[path]):
        stanza = Stanza(tuple(line for _, line in zip(part.lines, lines)))
        yield stanza
        by = stanza.where
        for pattern in _patterns(stanza, errors):
            for found in sorted(existing):
                name = found.rpartition("/")[2]
                if fits(found, pattern) and (stanza.verb == "source" or _OF_DIRECTORY.match(name)):
                    yield from _read(existing, found, (*above, path), by, errors)


def sourced(existing: Mapping[str, str]) -> frozenset[str]:
    """The patterns of the files that those in `existing` source, below the root.

    HypervNetError as in `read`.
    """
    return frozenset(pattern for stanza in read(existing) for pattern in _patterns(stanza, []))


def _patterns(stanza: Stanza, errors: list[HypervNetError]) -> Iterator[str]:
    if stanza.verb not in ("source", "source-directory"):
        return
    folder = stanza.first.path.rpartition("/")[0]
    for at, word in enumerate(stanza.first.words[1:], 1):
        if SHELL.search(word):
            what = f"{stanza.verb} names {word}, which only a shell can expand"
            hint = "name the files there, with no other wildcard than *"
            where = stanza.first.stands(at, at)._replace(key=(stanza.verb,))
            errors.append(HypervNetError(what, where=where, hint=hint))
            continue
        path = normpath(word if word.startswith("/") else f"/{folder}/{word}").lstrip("/")
        yield f"{path}/*" if stanza.verb == "source-directory" else path
