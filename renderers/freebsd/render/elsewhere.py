"""Files beside rc.conf that go against what is written there, or still name a member."""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.names import PLAIN_CHARACTERS
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import LOADER
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def overrides(existing: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each variable that a later file sets to something else."""
    for path, text in sorted(existing.items()):
        if path != "etc/rc.conf.local" and "etc/rc.conf.d/" not in path:
            continue
        try:
            other = RcFile(text, path)
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
                    f'it sets {name} to something else than "{wanted[name]}" in etc/rc.conf',
                    other.line(name),
                    "take it out there",
                )


def still_named(existing: Mapping[str, str], moved: Mapping[str, str]) -> Iterator[Finding]:
    """A warning for each file in which a member stands where its aggregate should."""
    for path, text in sorted(existing.items()):
        started = path.rpartition("start_if.")[2]
        if path.startswith("etc/start_if.") and started in moved:
            yield Finding(
                "names-a-member",
                Severity.WARNING,
                f"it runs for {started}, which has no address any more",
                path,
                f"move it to etc/start_if.{moved[started]}",
            )
        elif not path.startswith(
            ("etc/rc.conf", "etc/resolv.conf", "boot/", "usr/local/etc/rc.", "var/")
        ):
            yield from _named_in(path, text, moved)


def _named_in(path: str, text: str, moved: Mapping[str, str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for word in re.findall(rf"[{PLAIN_CHARACTERS}]+", line.split("#")[0]):
            if word in moved and word not in seen:
                seen.add(word)
                yield Finding(
                    "names-a-member",
                    Severity.WARNING,
                    f"it names {word}, whose settings are on {moved[word]} now",
                    f"{path}: line {number}",
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
