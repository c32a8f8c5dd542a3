"""Who configures a network device, from the files that Linux's managers leave behind.

- systemd-networkd keeps a file for each device in /run/systemd/netif/links
  (link_save() in src/network/networkd-state-file.c of systemd/systemd);
- NetworkManager one in /run/NetworkManager/devices
  (nm_config_device_state_write() in src/core/nm-config.c);
- ifupdown lists what it brought up in /run/network/ifstate (ifup(8));
- a DHCP client is a process that was given the device's name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hyperv_net.inventory import identifiers, rooted

#: Programs that configure the devices named on their command line.
DHCP_CLIENTS = ("dhclient", "dhcpcd", "udhcpc", "dhcp6c", "odhcp6c")

# States of networkd in which it does nothing to a device (networkctl(1)).
_IDLE = ("unmanaged", "pending", "initialized", "linger")
_BOND = re.compile(r"^[ \t]*Bond[ \t]*=[ \t]*(\S+)[ \t]*$", re.MULTILINE)


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
    found = (_networkd(tree, index), _network_manager(tree, index), _ifupdown(tree, name))
    return tuple(one for one in found if one is not None)


def _networkd(tree: rooted.Root, index: int) -> Manager | None:
    state = _settings(rooted.file_text(tree, "/run/systemd/netif/links", str(index)))
    if state.get("ADMIN_STATE", "unmanaged") in _IDLE:
        return None
    file = state.get("NETWORK_FILE", "")
    # As the machine would see it: no `..` leads out of the root.
    folder, _, base = posixpath.normpath(file).rpartition("/")
    text = rooted.file_text(tree, folder, base) if folder.startswith("/") else None
    bond = _BOND.search(text or "")
    aggregate = bond[1] if bond and identifiers.is_nic_name(bond[1]) else ""
    return Manager("networkd", _printable(file) or state["ADMIN_STATE"], aggregate)


def _network_manager(tree: rooted.Root, index: int) -> Manager | None:
    state = _settings(rooted.file_text(tree, "/run/NetworkManager/devices", str(index)))
    if state.get("managed") != "true":
        return None
    connection = state.get("connection-uuid", "")
    return Manager("NetworkManager", _printable(f"connection {connection or 'none yet'}"))


def _ifupdown(tree: rooted.Root, name: str) -> Manager | None:
    for line in (rooted.file_text(tree, "/run/network", "ifstate") or "").splitlines():
        device, _, interface = line.partition("=")
        if device.strip() == name:
            return Manager("ifupdown", _printable(f"interface {interface.strip() or name}"))
    return None


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


def _settings(text: str | None) -> Mapping[str, str]:
    """The `KEY=value` lines of a file."""
    lines = (line.partition("=") for line in (text or "").splitlines())
    return {key.strip(): value.strip() for key, equals, value in lines if equals}


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)
