"""The files of networkd as it reads them, and the one that configures a NIC.

By name whatever the folder, of two with one name that in the first folder; an empty one hides
the others; a drop-in of `NAME.d` is read behind the file, as if it stood at its end
(systemd.network(5), conf_files_list_strv() and config_parse_many() of systemd).
"""

from __future__ import annotations

import re

from hyperv_net.decision.claims import DRIVER, KERNEL_NAME, MAC, NAME, selects
from hyperv_net.drivers import known_as
from hyperv_net.errors import HypervNetError
from hyperv_net.guessing import meant_by
from hyperv_net.inventory.told import fits_path
from hyperv_net.marks import FROM_CONFIG, MADE
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkd.adopt.keys import OF_MATCH
from hyperv_net.renderers.networkd.claims import selector
from hyperv_net.renderers.networkd.paths import FOLDERS, is_generated
from hyperv_net.root.drop_ins import in_order
from hyperv_net.root.ini import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.model import Nic

#: What may stand between `=` and a value: blanks, the end of a line that goes on, comments.
_BEFORE_A_VALUE = re.compile(r"(?:\s|\\(?=\n)|(?<=\n)[#;][^\n]*)*")
#: What a NIC of a card never has.
_OF_OTHERS = ("SSID", "BSSID", "WLANInterfaceType", "Kind")
#: What nothing here tells of a NIC.
_NOT_TOLD = ("Path", "Property")
_YES = ("yes", "true", "1", "on")


class Line(NamedTuple):
    """A line of a text as it stands with those that continue it; a key where it sets one.

    `number` and `column` are where it begins in its file.
    """

    text: str
    section: str
    key: str = ""
    value: str = ""
    number: int = 0
    column: int = 1

    def stands(self, path: str) -> Place:
        """Where in its file the value is, or the line where it sets nothing."""
        if not self.key:
            return Place(path, line=self.number)
        end = len(self.text.rstrip())
        start = self.text.index("=") + 1
        start += len(_BEFORE_A_VALUE.match(self.text, start, max(start, end))[0])  # type: ignore[index]
        return self._at(path, start, max(start, end))

    def named(self, path: str) -> Place:
        """Where in its file the key is."""
        start = len(self.text) - len(self.text.lstrip())
        return self._at(path, start, start + len(self.key))

    def _at(self, path: str, start: int, end: int) -> Place:
        found = within(path, self.text, start, end, self.number)
        moved = self.column - 1
        return found._replace(
            column=found.column + (moved if found.line == self.number else 0),
            end_column=found.end_column + (moved if found.end_line == self.number else 0),
        )

    @property
    def is_header(self) -> bool:
        """Whether a section begins with it."""
        return self.text.lstrip().startswith("[") and not self.key


class File(NamedTuple):
    """A file with its drop-ins: the lines of all, each with the path it is in."""

    path: str
    lines: tuple[tuple[str, Line], ...]

    @property
    def name(self) -> str:
        """Its name, by which files are ordered."""
        return self.path.rpartition("/")[2]

    def values(self, section: str, key: str) -> list[str]:
        """All values of a key."""
        return [line.value for _, line in self.lines if (line.section, line.key) == (section, key)]

    def stands(self, section: str, key: str) -> Place:
        """Where the value is that counts; the file where there is none."""
        found = [
            line.stands(path)
            for path, line in self.lines
            if (line.section, line.key) == (section, key)
        ]
        return (found or [Place(self.path)])[-1]

    def value(self, section: str, key: str) -> str:
        """The value that counts where one does, which is the last; empty where there is none."""
        return (self.values(section, key) or [""])[-1]


def read(existing: Mapping[str, str], kind: str, *, with_ours: bool = False) -> list[File]:
    """The files of one kind (`network`, `netdev`) in networkd's order.

    Those of our own are among them where they are asked for, but for what keeps networkd off VFs.
    """
    texts = {
        path: text
        for path, text in existing.items()
        if path.endswith(f".{kind}") and (MADE not in text or (with_ours and FROM_CONFIG in text))
    }
    return [
        File(path, tuple(_lines(path, existing)))
        for path in in_order(texts, FOLDERS)
        if texts[path].strip()
    ]


def _lines(path: str, existing: Mapping[str, str]) -> Iterator[tuple[str, Line]]:
    folders = [f"{folder}/{path.rpartition('/')[2]}.d" for folder in FOLDERS]
    drop_ins = {
        one: text for one, text in existing.items() if one.endswith(".conf") and MADE not in text
    }
    for part in (path, *in_order(drop_ins, folders)):
        for line in lines_of(existing[part]):
            yield part, line


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text; one that ends with a backslash goes on in the next.

    A comment between the two does not end it (config_parse() of src/shared/conf-parser.c).
    """
    section, held = "", list[str]()
    start, at = (1, 1), (1, 1)
    for line in text.splitlines(keepends=True):
        plain, before = line.strip(), at
        at = (at[0] + 1, 1) if line.endswith("\n") else (at[0], at[1] + len(line))
        if plain.startswith(("#", ";")) or (not held and not plain):
            if held:
                held.append(line)
            else:
                yield Line(line, section, "", "", *before)
            continue
        start = start if held else before
        held.append(line)
        if plain.endswith("\\"):
            continue
        whole, joined = "".join(held), _joined(held)
        held = []
        if joined.startswith("[") and joined.endswith("]"):
            section = joined[1:-1].strip()
            yield Line(whole, section, "", "", *start)
            continue
        key, is_setting, value = joined.partition("=")
        yield Line(whole, section, key.strip() if is_setting else "", value.strip(), *start)
    if held:
        yield Line("".join(held), section, "", "", *start)


def _joined(lines: Sequence[str]) -> str:
    parts = [one.strip() for one in lines if not one.strip().startswith(("#", ";"))]
    return " ".join(one[:-1] if one.endswith("\\") else one for one in parts).strip()


def configuring(files: Sequence[File], nic: Nic) -> File | None:
    """The first file that fits a NIC; None where there is none, or netplan has made it.

    Also None where it says that networkd is to leave the NIC alone.  Raises HypervNetError
    where nothing tells whether a file fits.
    """
    for file in files:
        if not _fits(file, nic):
            continue
        is_left = file.value("Link", "Unmanaged").lower() in _YES
        return None if is_generated(file.path) or is_left else file
    return None


def is_of_others(file: File) -> bool:
    """Whether its [Match] asks for what a NIC of a card never has."""
    values = (one for key in _OF_OTHERS for one in file.values("Match", key))
    return any(not one.startswith("!") for one in values)


def has_match(file: File) -> bool:
    """Whether its [Match] asks for anything by a key that is not mistyped.

    networkd leaves a file out where it does not (network_verify() of networkd-network.c).
    """
    return any(
        line.section == "Match" and line.value and not meant_by(line.key, OF_MATCH)
        for _, line in file.lines
        if line.key
    )


def could_be_for(file: File, nic: Nic) -> bool:
    """Whether it may fit a NIC once the mistyped keys of its [Match] are what they are meant as."""
    lines = (
        (path, line._replace(key=meant_by(line.key, OF_MATCH) or line.key))
        for path, line in file.lines
        if line.section == "Match" and line.value
    )
    try:
        return _fits(file._replace(lines=tuple(lines)), nic)
    except HypervNetError:
        return True  # nothing tells


def _fits(file: File, nic: Nic) -> bool:
    match = [
        Setting(line.section, line.key, line.value, line.number)
        for _, line in file.lines
        if line.section == "Match" and line.key and not meant_by(line.key, OF_MATCH)
    ]
    if not match or is_of_others(file):
        return False
    told = [one for one in match if one.key not in _NOT_TOLD]
    found = selector(told)
    macs = (nic.hardware_mac,) if nic.hardware_mac else ()
    values = {
        NAME: (nic.name,),
        KERNEL_NAME: (nic.name,),
        DRIVER: known_as(nic.driver),
        MAC: macs,
    }
    if found is None or not selects(found, values):
        return False
    globs = [one for each in match if each.key == "Path" for one in each.value.split()]
    asked = [one for one in match if one.key in _NOT_TOLD]
    by_path = fits_path(globs, nic.device)
    if by_path is not None and all(one.key == "Path" for one in asked):
        return by_path
    if asked:
        raise HypervNetError(
            f"nothing here tells whether it fits {nic.name}: it asks for "
            f"{' and '.join(sorted({one.key for one in asked}))}=",
            where=file.stands("Match", asked[0].key),
            hint="say MACAddress= there, or give the config with --network-config",
        )
    return True
