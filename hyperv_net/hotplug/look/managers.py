"""Who configures a network device of Linux, from what managers leave behind.

What shows a target's own program is known in that target's folder.  A DHCP client is
a process that was given the device's name.
"""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.inventory import rooted
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Programs that configure the devices named on their command line.
DHCP_CLIENTS = ("dhclient", "dhcpcd", "udhcpc", "dhcp6c", "odhcp6c")


class Manager(NamedTuple):
    """One who manages a device, and what shows it.

    `aggregate` is the bond that the manager is told to put the device into,
    where that is known.
    """

    name: str
    evidence: str
    aggregate: str = ""

    def __str__(self) -> str:
        """As a person reads it."""
        return f"{self.name} ({self.evidence})"


def managers_of(tree: rooted.Root, name: str, index: int) -> tuple[Manager, ...]:
    """The managers of one device, but for its DHCP clients."""
    found = (target.managing(tree, name, index) for target in targets(System.LINUX))
    return tuple(one for one in found if one is not None)


def dhcp_clients(tree: rooted.Root, names: Sequence[str]) -> Mapping[str, tuple[Manager, ...]]:
    """Device → the DHCP clients that were started for it, from all processes."""
    found: dict[str, tuple[Manager, ...]] = {}
    processes = (one for one in rooted.entries(tree, "/proc") or () if one.isdecimal())
    for pid in sorted(processes, key=int):
        program = rooted.file_text(tree, f"/proc/{pid}", "comm")
        if program not in DHCP_CLIENTS:
            continue
        words = (rooted.file_text(tree, f"/proc/{pid}", "cmdline") or "").split("\0")[1:]
        for name in names:
            if name in words or f"-i{name}" in words:
                found[name] = (*found.get(name, ()), Manager(program, f"process {pid}"))
    return found


def settings_in(text: str | None) -> Mapping[str, str]:
    """The `KEY=value` lines of a file."""
    lines = (line.partition("=") for line in (text or "").splitlines())
    return {key.strip(): value.strip() for key, equals, value in lines if equals}
