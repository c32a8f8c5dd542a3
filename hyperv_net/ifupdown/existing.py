"""What the interfaces files that exist say about a pair's devices.

ifupdown applies all stanzas of a name, wherever they stand, so that
`iface eth0 inet dhcp` in /etc/network/interfaces puts DHCP on a member.  A
stanza that says no more than that is turned into a comment; one that says more
is somebody's configuration, and a finding asks them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from hyperv_net.model import Finding, RenderedFile, Severity

INTERFACES = "etc/network/interfaces"
FOLDER = "etc/network/interfaces.d"
HELPER = "etc/udev/rules.d/75-cloud-ifupdown.rules"
READS = (INTERFACES, f"{FOLDER}/*", HELPER)
_MARK = "# hyperv-net: "
_HARMLESS = frozenset(["dhcp", "auto", "manual"])


@dataclass(frozen=True)
class _Part:
    """A stanza, or lines between stanzas: its first line's words, and its lines as they are."""

    words: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """The lines below the first that say something."""
        return tuple(one for one in self.lines[1:] if one.strip() and not _is_comment(one))


def revise(
    existing: Mapping[str, str], own: str, names: Collection[str]
) -> tuple[list[RenderedFile], list[Finding]]:
    """The files that need an edit, and the findings; `own` is the file that is written anew."""
    files, findings = [], list[Finding]()
    for path in sorted(existing):
        inside = path == INTERFACES or path.rpartition("/")[0] == FOLDER
        if inside and path != own:
            said = list[Finding]()
            text = "".join(_revised(path, part, names, said) for part in _parts(existing[path]))
            refused = any(each.severity is Severity.ERROR for each in said)
            if text != existing[path] and not refused:
                files.append(RenderedFile(path, text))
            findings += said
    if INTERFACES in existing and not _includes(existing[INTERFACES], own):
        message = f"does not include {FOLDER}, so that what is written there has no effect"
        hint = f"add the line: source /{FOLDER}/*"
        findings.append(
            Finding("interfaces-not-included", Severity.WARNING, message, INTERFACES, hint)
        )
    if HELPER in existing:
        message = "starts DHCP on every NIC that appears, a VF too"
        hint = f"replace it by an empty file of that name, or put a link to /dev/null at /{HELPER}"
        findings.append(Finding("interfaces-helper", Severity.WARNING, message, HELPER, hint))
    return files, findings


def _parts(text: str) -> Iterator[_Part]:
    """The file taken apart; joined again, the lines are the file."""
    words: tuple[str, ...] = ()
    lines: list[str] = []
    continued = False
    for line in text.splitlines(keepends=True):
        first = line.split()[:1]
        starts = bool(first) and not continued and _opens(first[0])
        if starts and lines:
            yield _Part(words, tuple(lines))
            lines = []
        if starts:
            words = tuple(line.split())
        lines.append(line)
        continued = line.rstrip("\n").endswith("\\") and not _is_comment(line)
    if lines:
        yield _Part(words, tuple(lines))


def _opens(word: str) -> bool:
    """Whether a line that begins with this word begins a stanza (interfaces(5))."""
    known = ("iface", "mapping", "auto", "source", "source-directory", "rename", "template")
    return word in known or word.startswith(("allow-", "no-auto-down", "no-scripts"))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _revised(path: str, part: _Part, names: Collection[str], findings: list[Finding]) -> str:
    text = "".join(part.lines)
    verb, *arguments = part.words or ("",)
    if verb == "iface" and arguments and arguments[0] in names:
        where = f"{path}: {' '.join(part.words)}"
        if len(arguments) == 3 and arguments[2] in _HARMLESS and not part.options:
            message = f"{arguments[0]} is configured elsewhere now, so this stanza is a comment"
            findings.append(Finding("interfaces-rival", Severity.NOTE, message, where))
            return _MARK + text
        hint = f"remove the stanza from {path}, or say in the network config what it says"
        message = f"configures {arguments[0]}, which belongs to a pair's aggregate"
        findings.append(Finding("interfaces-rival", Severity.ERROR, message, where, hint))
    elif verb == "auto" or verb.startswith("allow-"):
        kept = [one for one in arguments if one not in names]
        if kept != arguments and not text.splitlines()[0].endswith("\\"):
            rest = "".join(part.lines[1:])
            first = f"{verb} {' '.join(kept)}\n" if kept else f"{_MARK}{part.lines[0]}"
            return first + rest
    return text


def _includes(text: str, own: str) -> bool:
    """Whether /etc/network/interfaces sources the file; a relative path is below its folder."""
    for part in _parts(text):
        if len(part.words) > 1 and part.words[0] in ("source", "source-directory"):
            pattern = part.words[1]
            if not pattern.startswith("/"):
                pattern = f"/etc/network/{pattern}"
            if part.words[0] == "source-directory":
                pattern = f"{pattern.rstrip('/')}/*"
            if fnmatchcase(f"/{own}", pattern):
                return True
    return False
