"""NetworkManager's keyfiles: lines of `key=value` below `[section]` (nm-settings-keyfile(5)).

They are files of GLib's GKeyFile, whose values have escapes of their own (glib/gkeyfile.c): for
a backslash, the ends of lines, a tab, and for blanks that a value begins with; the elements of a
list end with `;`, which has an escape in one.
"""

from __future__ import annotations

import re

from hyperv_net.inventory import identifiers
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Of an Ethernet address (ETH_ALEN).
_BYTES = 6
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(value: str) -> str:
    """A value as it stands behind `=`; on one line, whatever is in it.

    Raises ValueError for a control character that GKeyFile has no escape for.
    """
    text = "".join(_ESCAPES.get(one, one) for one in value)
    if any(one < " " or one in "\x7f\x85\u2028\u2029" for one in text):
        raise ValueError("a control character")
    blank = len(text) - len(text.lstrip(" "))
    return "\\s" * blank + text[blank:]


def listed(values: Iterable[str]) -> str:
    """A list as it stands behind `=`.  Raises ValueError as `escaped` does."""
    return "".join(_element(one) for one in values)


def _element(value: str) -> str:
    inside = escaped(value).replace(";", "\\;")
    return f"{inside};"


def as_text(sections: Mapping[str, Mapping[str, str]]) -> str:
    """The file of these sections, in their order; the values are escaped already."""
    return "\n".join(
        "".join((f"[{name}]\n", *(f"{key}={value}\n" for key, value in keys.items())))
        for name, keys in sections.items()
    )


class Line(NamedTuple):
    """A line of a file with its end, the section it is in, and its key with the value as written.

    `key` is empty where the line sets nothing, and `number` is 0 for a line that is in no file.
    """

    text: str
    section: str
    key: str = ""
    value: str = ""
    number: int = 0

    def stands(self, path: str) -> Place:
        """Where in its file the value is, or the line where it sets nothing."""
        if not self.number or not self.key:
            return Place(path, line=self.number)
        start = self.text.index("=") + 1
        start += len(self.text[start:]) - len(self.text[start:].lstrip(_BLANKS))
        start = min(start, len(self.text.rstrip("\n")))
        return within(path, self.text, start, start + len(self.value), self.number)

    def named(self, path: str) -> Place:
        """Where in its file the key is."""
        start = len(self.text) - len(self.text.lstrip(_BLANKS))
        return within(path, self.text, start, start + len(self.key), self.number)


#: Names of sections that stand for others (nm-keyfile-utils.c, alias_list).
_ALIASES = {
    "802-3-ethernet": "ethernet",
    "802-11-wireless": "wifi",
    "802-11-wireless-security": "wifi-security",
}


class Keyfile(NamedTuple):
    """A file, line by line: joined again, they are the file."""

    lines: tuple[Line, ...]

    def line(self, section: str, key: str) -> Line | None:
        """The line that sets a key, the last of several."""
        found = [one for one in self.lines if (one.section, one.key) == (section, key)]
        return found[-1] if found else None

    def stands(self, path: str, *keys: tuple[str, str]) -> Place:
        """Where in its file the value of the first of the keys is that is there; else the file."""
        for section, key in keys:
            found = self.line(section, key)
            if found is not None:
                return found.stands(path)._replace(key=(section, key))
        return Place(path)

    def tells_nic(self, path: str) -> Place:
        """Where in its file it says for which NIC it is, or at least that it is for one."""
        return self.stands(
            path,
            ("connection", "interface-name"),
            ("ethernet", "mac-address"),
            ("connection", "id"),
        )

    def tells_priority(self, path: str) -> Place:
        """Where in its file it says before which others it comes, or else for which NIC it is."""
        priority = self.stands(path, ("connection", "autoconnect-priority"))
        return priority if priority.line else self.tells_nic(path)

    def get(self, section: str, key: str) -> str:
        """The value as written, the last of several; empty where there is none."""
        found = self.line(section, key)
        return found.value if found is not None else ""

    def plain(self, section: str, key: str) -> str:
        """The value itself."""
        return unescaped(self.get(section, key))

    def elements(self, section: str, key: str) -> tuple[str, ...]:
        """The elements of a list."""
        pieces = _ELEMENT.findall(self.get(section, key))
        return tuple(unescaped(one) for one in pieces if one.strip(_BLANKS))

    def section(self, name: str) -> dict[str, str]:
        """The values of a section as they are written, by key."""
        return {one.key: one.value for one in self.lines if one.key and one.section == name}

    def has(self, section: str) -> bool:
        """Whether there is such a section."""
        return any(one.section == section for one in self.lines)

    def numbered(self, section: str, prefix: str) -> Iterator[tuple[str, str]]:
        """Keys such as `address1` and their values; `prefix` alone is one of them too."""
        form = re.compile(rf"{prefix}(?:es|s)?[0-9]*\Z")
        for one in self.lines:
            if one.section == section and form.match(one.key):
                yield one.key, unescaped(one.value)


_ELEMENT = re.compile(r"(?:\\.|[^;\\])+", re.DOTALL)
_UNESCAPES = {";": ";", "s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


#: What g_ascii_isspace() takes for blank.
_BLANKS = " \t\n\f\r"


def unescaped(written: str) -> str:
    """A value as g_key_file_get_string() gives it; an escape that is none stays as it is."""
    return re.sub(
        r"\\(.)", lambda found: _UNESCAPES.get(found[1], found[0]), written, flags=re.DOTALL
    )


def ether_address(text: str) -> str | None:
    """An Ethernet address as NetworkManager reads one, in lower case with colons; None for none.

    Its bytes may be of one digit, and earlier releases have written numbers that end with `;`
    (nm_utils_hexstr2bin_full() of libnm-glib-aux, mac_address_parser() of nm-keyfile.c).
    """
    numbers = text.rstrip(";").split(";")
    if len(numbers) == _BYTES and all(re.match(r"[0-9]{1,3}\Z", one) for one in numbers):
        values = [int(one) for one in numbers]
        return ":".join(f"{one:02x}" for one in values) if max(values) <= 255 else None
    address = identifiers.hardware_address(text)
    return address if address is not None and address.count(":") == _BYTES - 1 else None


def read(text: str) -> Keyfile:
    """A file as GKeyFile reads it: `#` begins a comment, blanks around `=` count for nothing."""
    lines, section = [], ""
    for number, line in enumerate(re.findall(r"[^\n]*\n|[^\n]+", text), 1):
        plain = line.strip(_BLANKS)
        if plain.startswith("[") and plain.endswith("]"):
            section = _ALIASES.get(plain[1:-1], plain[1:-1])
            lines.append(Line(line, section, number=number))
        elif plain.startswith("#") or "=" not in plain:
            lines.append(Line(line, section, number=number))
        else:
            key, _, value = plain.partition("=")
            key, value = key.strip(_BLANKS), value.strip(_BLANKS)
            lines.append(Line(line, section, key, value, number))
    return Keyfile(tuple(lines))
