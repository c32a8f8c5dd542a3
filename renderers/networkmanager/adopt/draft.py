"""Keyfiles while they are edited, line by line, with the account of what became of each."""

from __future__ import annotations

from hyperv_net.model import Entry, Finding, RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.keyfile import Line, escaped
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.model import Action, Severity
    from hyperv_net.places import Place
    from hyperv_net.renderers.networkmanager.adopt.found import Found

_ETC, _RUN, _ = CONNECTIONS


class Draft:
    """The new text of one profile.

    `path` is where it is written: a file outside of etc/ is hidden by one of its UUID there.
    """

    def __init__(self, found: Found, path: str = "") -> None:
        self.found = found
        self.path = path or f"{_ETC}/{found.path.rpartition('/')[2]}"
        self.lines = list(found.profile.lines)
        self.entries: list[Entry] = []

    @property
    def text(self) -> str:
        """The file."""
        return "".join(one.text for one in self.lines)

    def set(self, section: str, key: str, value: str) -> None:
        """Give a key this value: in its line, or in a new one at the end of its section."""
        self.put(section, key, escaped(value))

    def put(self, section: str, key: str, written: str) -> None:
        """The same of a value as it is written in a file."""
        new = Line(f"{key}={written}\n", section, key, written)
        places = [
            at for at, one in enumerate(self.lines) if (one.section, one.key) == (section, key)
        ]
        if places:
            self.lines[places[-1]] = new
            return
        inside = [
            at
            for at, one in enumerate(self.lines)
            if one.section == section and (one.key or one.text.strip().startswith("["))
        ]
        if not inside:
            self._end_last_line()
            gap = [Line("\n", section)] if self.lines and self.lines[-1].text.strip() else []
            self.lines += [*gap, Line(f"[{section}]\n", section), new]
            return
        if inside[-1] == len(self.lines) - 1:
            self._end_last_line()
        self.lines.insert(inside[-1] + 1, new)

    def remove(self, section: str, key: str) -> None:
        """Take a key out, and its section where nothing is left in that."""
        self.lines = [one for one in self.lines if (one.section, one.key) != (section, key)]
        if not any(one.section == section and one.key for one in self.lines):
            self.cut(section)

    def cut(self, section: str) -> list[Line]:
        """Take a section out; its lines that set something, in their order."""
        gone = [one for one in self.lines if one.section == section and one.key]
        self.lines = [
            one for one in self.lines if one.section != section or one.text.lstrip().startswith("#")
        ]
        return gone

    def _end_last_line(self) -> None:
        if self.lines and not self.lines[-1].text.endswith("\n"):
            self.lines[-1] = self.lines[-1]._replace(text=f"{self.lines[-1].text}\n")

    def account(
        self, line: Line, to: str, action: Action, place: str = "", result: str | None = None
    ) -> None:
        """What became of a line: `to` is the interface whose profile has it now."""
        written = line.value if result is None else result
        self.entries.append(
            Entry(
                source=(self.found.label, line.section, line.key),
                value=line.value,
                action=action,
                to=((to, line.section, line.key),),
                result=written,
                places=(f"{place or self.path}: {line.section}.{line.key}",),
                where=line.stands(self.found.path),
            )
        )

    def file(self) -> RenderedFile:
        """The file as it is written: text of somebody's own, which root alone may read."""
        return RenderedFile(self.path, self.text, 0o600, in_place=self.path == self.found.path)


def in_run(path: str) -> bool:
    """Whether a profile of its UUID elsewhere would not count (nms-keyfile-storage.c)."""
    return path.startswith(f"{_RUN}/")


class Drafts:
    """The drafts of all files that are touched, and what is to be said of them."""

    def __init__(self, found: Iterable[Found], existing: Mapping[str, str]) -> None:
        self.found = list(found)
        self.existing = existing
        self.findings: list[Finding] = []
        self.made: list[RenderedFile] = []
        self._drafts: dict[str, Draft] = {}

    def of(self, one: Found) -> Draft:
        """The draft of a profile."""
        return self._drafts.setdefault(one.path, Draft(one))

    def copy(self, one: Found, path: str) -> Draft:
        """A draft that becomes another file, beside the profile."""
        return self._drafts.setdefault(path, Draft(one, path))

    @property
    def changed(self) -> frozenset[str]:
        """The paths of those that change."""
        return frozenset(file.path for file in self.files())

    def tell(
        self, rule: str, severity: Severity, message: str, where: Place, hint: str = ""
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(rule, severity, message, where, hint))

    def files(self) -> tuple[RenderedFile, ...]:
        """Those that change."""
        changed = [one for one in self._drafts.values() if one.text != self.existing.get(one.path)]
        return (*(one.file() for one in changed), *self.made)

    def entries(self) -> tuple[Entry, ...]:
        """The account of all."""
        return tuple(entry for one in self._drafts.values() for entry in one.entries)
