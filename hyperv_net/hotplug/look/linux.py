"""The actual state of a Linux machine: sysfs, bonding's files, and `ip` for the addresses."""

from __future__ import annotations

import re

from hyperv_net.facts import Kind, System
from hyperv_net.hotplug.look.state import ActualState, Link
from hyperv_net.inventory import rooted
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hyperv_net.facts import Nic

#: One line an address, in any iproute2 and in busybox.
ADDRESSES = ("ip", "-o", "addr", "show")

_UDEV_DATABASE = "/run/udev/data"
_IFF_UP = 0x1  # include/uapi/linux/if.h
_ADDRESS_LINE = re.compile(r"[0-9]+: (\S+)\s+inet6? (\S+)")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+(?:/[0-9]{1,3})?\Z")
_BOOLEAN = {"0": False, "1": True}
_NUMBER = re.compile(r"[0-9]{1,9}\Z")

# Where ifupdown and Debian's dhclient leave the process of a client for one device:
# dhcp.defn of ifupdown, and dhclient(8).
_PID_FILES = ("dhclient.{0}.pid", "dhclient6.{0}.pid")


def read_linux(
    root: Path | str,
    run: Callable[[Sequence[str]], str] | None = None,
    permanent_address: Callable[[str], str | None] | None = None,
) -> ActualState:
    """The state of the machine whose files are below `root`.

    `run` gives what a command printed and `permanent_address` asks the
    kernel; without them, as for a captured tree, nothing is known of
    addresses.  Raises HypervNetError where there is no sysfs, and what `run`
    raises.
    """
    inventory = read_sysfs(root, permanent_address)
    addresses = addresses_of(run(ADDRESSES)) if run is not None else {}
    tree = rooted.open_root(root)
    links = (_link(tree, nic, addresses.get(nic.name, ())) for nic in inventory.nics)
    has_udev = rooted.is_directory(tree, _UDEV_DATABASE)
    return ActualState(
        System.LINUX, tuple(one for one in links if not has_udev or _is_initialized(tree, one))
    )


def _is_initialized(tree: rooted.Root, link: Link) -> bool:
    """Whether udev is done with the name of a card.

    One that is up cannot be renamed any more, so a card is not there for the
    hook until udev has a record of it; the rules wake the hook once more then
    (udev_event_execute_rules() in src/udev/udev-event.c of systemd/systemd).
    """
    if link.nic.bus is None or not link.ifindex:
        return True
    return rooted.file_text(tree, _UDEV_DATABASE, f"n{link.ifindex}") is not None


def addresses_of(text: str) -> dict[str, tuple[str, ...]]:
    """Device → its addresses, from what ADDRESSES prints."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = _ADDRESS_LINE.match(line)
        if match is None:
            continue
        # A vlan is printed with the device below it: eth0.5@eth0.
        name, address = match[1].partition("@")[0], match[2]
        if is_interface_name(name) and _ADDRESS.match(address):
            found.setdefault(name, []).append(address)
    return {name: tuple(addresses) for name, addresses in found.items()}


def _link(tree: rooted.Root, nic: Nic, addresses: tuple[str, ...]) -> Link:
    directory = rooted.nic_directory(tree, nic.name)

    def text(path: str, name: str) -> str:
        return rooted.file_text(tree, path, name) or ""

    flags, index = text(directory, "flags"), text(directory, "ifindex")
    bonding = f"{directory}/bonding"
    is_bond = nic.kind is Kind.BOND
    primary, active = (
        (text(bonding, "primary"), text(bonding, "active_slave")) if is_bond else ("", "")
    )
    return Link(
        nic=nic,
        is_up=bool(_hexadecimal(flags) & _IFF_UP),
        ifindex=int(index) if _NUMBER.match(index) else 0,
        addresses=addresses,
        dhcp_client=_dhcp_client(tree, nic.name),
        # These two hold the name and the number: `active-backup 1`.
        aggregate_mode=text(bonding, "mode").partition(" ")[0] or None if is_bond else None,
        reselect=text(bonding, "primary_reselect").partition(" ")[0] or None if is_bond else None,
        all_receive=_BOOLEAN.get(text(bonding, "all_slaves_active")) if is_bond else None,
        primary=primary if is_interface_name(primary) else None,
        active=active if is_interface_name(active) else None,
        managers=_managers(tree, nic, index) if addresses and nic.bus is not None else (),
    )


def _managers(tree: rooted.Root, nic: Nic, index: str) -> tuple[str, ...]:
    """Those who may have given a card its addresses, for the log of whoever takes them off."""
    from hyperv_net.hotplug.look.managers import managers_of

    number = int(index) if _NUMBER.match(index) else 0
    # One that is told to put the card into a bond gives it no address.
    return tuple(str(one) for one in managers_of(tree, nic.name, number) if not one.aggregate)


def _hexadecimal(text: str) -> int:
    return int(text, 16) if re.match(r"0x[0-9a-f]{1,8}\Z", text) else 0


def _dhcp_client(tree: rooted.Root, name: str) -> int | None:
    """The dhclient of one device, if its pid file tells of a process that is a dhclient."""
    for file in _PID_FILES:
        pid = rooted.file_text(tree, "/run", file.format(name)) or ""
        if (
            _NUMBER.match(pid)
            and int(pid) > 1
            and rooted.file_text(tree, f"/proc/{int(pid)}", "comm") == "dhclient"
        ):
            return int(pid)
    return None
