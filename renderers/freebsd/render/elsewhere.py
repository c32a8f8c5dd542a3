"""Files beside rc.conf that go against what is written there, or still name a member."""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.names import PLAIN_CHARACTERS
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE, LOADER
from hyperv_net.renderers.freebsd.rc_conf.later import includes, later_files
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part
from hyperv_net.renderers.freebsd.render.carry import FREE_TEXT, NAMES_INTERFACES, PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORD = re.compile(rf"[{PLAIN_CHARACTERS}]+")


def overrides(existing: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each variable that a later file sets to something else."""
    for path in later_files(existing):
        try:
            other = RcFile(existing[path], path)
        except HypervNetError as error:
            yield Finding(
                "rc-conf-unreadable", Severity.WARNING, error.what, error.where, error.hint
            )
            continue
        for name in other.names():
            if name in wanted and other.value(name) != wanted[name]:
                yield Finding(
                    "rc-conf-overridden",
                    Severity.WARNING,
                    f'it sets {name} to something else than "{wanted[name]}" in {FILE}',
                    other.line(name),
                    "take it out there",
                )


def not_looked_into(existing: Mapping[str, str]) -> Iterator[Finding]:
    """A note for each file that rc.conf includes and that was not read, or is not there."""
    for path, line, is_networks in includes(existing):
        if path not in existing and is_networks:
            what = f"/{path}" if path else "what only the shell knows"
            yield Finding(
                "rc-conf-includes",
                Severity.NOTE,
                f"it reads {what}, which was not looked into and may set anything anew",
                line,
                "see that it sets nothing of the NICs",
            )


def _readable(existing: Mapping[str, str]) -> Iterator[tuple[RcFile, str]]:
    """The later files that can be read, with their paths."""
    for path in later_files(existing):
        try:
            rc = RcFile(existing[path], path)
        except HypervNetError:
            continue  # `overrides` has a finding for it.
        yield rc, path


def renamed_later(
    existing: Mapping[str, str], moved: Mapping[str, str]
) -> Iterator[tuple[RcFile, str, str]]:
    """Later files in which aggregates stand where members stood: old file, new text, path.

    Only variables are changed in whose value the name of an interface stands.
    """
    for rc, path in _readable(existing):
        for variable in rc.names():
            if is_renamed(rc, variable, moved):
                rc.replace_words(variable, moved)
        text = rc.text()
        if text != existing[path]:
            yield rc, text, path


def is_renamed(rc: RcFile, variable: str, moved: Mapping[str, str]) -> bool:
    """Whether members that the variable's value names can be renamed there."""
    value = None if rc.is_fixed(variable) else rc.value(variable)
    if value is None or PORTS.search(value) or not NAMES_INTERFACES.fullmatch(variable):
        return False
    return not FREE_TEXT.search(variable) and bool(_named(value, moved))


def named_later(existing: Mapping[str, str], moved: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each variable of a later file that goes on naming a member.

    An error where what it says is part of the network, and cannot be renamed.
    """
    for rc, _ in _readable(existing):
        for variable in rc.names():
            named = _named(rc.raw(variable), moved)
            if named and interface_part(variable) is None and not is_renamed(rc, variable, moved):
                is_networks = NAMES_INTERFACES.fullmatch(variable) is not None
                yield Finding(
                    "names-a-member",
                    Severity.ERROR if is_networks else Severity.WARNING,
                    f"{variable} names {named[0]}, whose settings are on {moved[named[0]]} now",
                    rc.line(variable),
                    f"name {moved[named[0]]} there if it means the interface",
                )


def _named(text: str, moved: Mapping[str, str]) -> list[str]:
    return [word for word in _WORD.findall(text) if word in moved]


def still_named(existing: Mapping[str, str], moved: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each file in which a member stands where its aggregate should."""
    for path, text in sorted(existing.items()):
        started = path.rpartition("start_if.")[2]
        if path.startswith("etc/start_if.") and started in moved:
            yield Finding(
                "names-a-member",
                Severity.WARNING,
                f"it runs for {started}, which has no address any more",
                Place(path),
                f"move it to etc/start_if.{moved[started]}",
            )
        elif not path.startswith(
            ("etc/rc.conf", "etc/resolv.conf", "boot/", "usr/local/etc/rc.", "var/")
        ):
            yield from _named_in(path, text, moved)


def _named_in(path: str, text: str, moved: Mapping[str, str]) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), start=1):
        words: dict[str, int] = {}
        for found in _WORD.finditer(line.split("#")[0]):
            words.setdefault(found[0], found.start())
        for word, start in words.items():
            if word in moved:
                yield Finding(
                    "names-a-member",
                    Severity.WARNING,
                    f"it names {word}, whose settings are on {moved[word]} now",
                    within(path, line, start, start + len(word), number),
                    f"name {moved[word]} there",
                )


def fib_count(existing: Mapping[str, str]) -> int:
    """How many routing tables the kernel has: `net.fibs` of loader.conf(5), else one."""
    count = 1
    for path in LOADER:
        for found in re.finditer(
            r'^[ \t]*net\.fibs[ \t]*=[ \t]*"?([0-9]{1,5})"?', existing.get(path, ""), re.MULTILINE
        ):
            count = max(1, int(found[1]))
    return count


def dhcpv6_client(rc: RcFile) -> str | None:
    """The DHCPv6 client that rc.conf has: one of the ports dhcp6, dhcpcd and dual-dhclient."""
    for name in ("dhcp6c", "dhcpcd"):
        if (rc.value(f"{name}_enable") or "").lower() in ("yes", "true", "on", "1"):
            return name
    program = rc.value("dhclient_program") or ""
    return "dual-dhclient" if program.rpartition("/")[2].startswith("dual-dhclient") else None
