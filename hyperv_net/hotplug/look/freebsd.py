"""The actual state of a FreeBSD machine, from ifconfig(8) and sysctl(8)."""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.hotplug.look.state import ActualState, Link
from hyperv_net.inventory import rooted
from hyperv_net.inventory.freebsd import (
    IFCONFIG,
    IFCONFIG_WITH_DRIVERS,
    SYSCTL,
    inventory_from,
)
from hyperv_net.inventory.ifconfig import parse_ifconfig
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hyperv_net.facts import Nic
    from hyperv_net.inventory.ifconfig import Inet, Interface


def read_freebsd_state(
    run: Callable[[Sequence[str]], str], dhcp_client: Callable[[str], int | None] | None = None
) -> ActualState:
    """The state of the running machine.

    `run` gives what a command printed, and raises HypervNetError where it
    failed; `dhcp_client` gives the process of the DHCP client of a device.
    """
    try:
        ifconfig = run(IFCONFIG_WITH_DRIVERS)
    except HypervNetError:  # ifconfig of 12 and before has no -D
        ifconfig = run(IFCONFIG)
    return freebsd_state(ifconfig, run(SYSCTL), dhcp_client)


def freebsd_state(
    ifconfig: str, sysctl: str, dhcp_client: Callable[[str], int | None] | None = None
) -> ActualState:
    """The state that the output of the two tools tells."""
    inventory = inventory_from(ifconfig, sysctl, {})
    shown = {one.name: one for one in parse_ifconfig(ifconfig)}
    return ActualState(
        System.FREEBSD,
        tuple(_link(nic, shown[nic.name], dhcp_client) for nic in inventory.nics),
        vf_transparent=inventory.vf_transparent,
        vf_map=inventory.vf_map,
    )


def _link(nic: Nic, shown: Interface, dhcp_client: Callable[[str], int | None] | None) -> Link:
    return Link(
        nic=nic,
        is_up="UP" in shown.flags,
        addresses=tuple(one.address for one in shown.addresses),
        host_addresses=tuple(one.address for one in shown.addresses if _is_hosts(one)),
        shared_addresses=tuple(one.address for one in shown.addresses if _is_shared(one)),
        dhcp_client=dhcp_client(nic.name) if dhcp_client is not None else None,
        ipv6_disabled=shown.nd6 is None or "IFDISABLED" in shown.nd6,
        aggregate_mode=shown.laggproto or None,
        primary=shown.primary_port,
        active=shown.active_port,
    )


def _is_hosts(one: Inet) -> bool:
    """Whether an address has no network; those of a vhid are none."""
    length = ("netmask", "0xffffffff") if one.family == "inet" else ("prefixlen", "128")
    words = one.words
    return length in zip(words, words[1:]) and not _is_shared(one) and "%" not in one.address


def _is_shared(one: Inet) -> bool:
    """Whether an address belongs to a group of carp(4) (in_status() of ifconfig's af_inet.c)."""
    return "vhid" in one.words


def dhcp_client_of(name: str, run: Callable[[Sequence[str]], str]) -> int | None:
    """The dhclient of a device, from the file that rc.d/dhclient tells it to write.

    `run` asks ps(1) whether that process is one still.
    """
    # pid(8) of dhclient and libexec/rc/rc.d/dhclient agree on this place.
    pid = rooted.regular_text(f"/var/run/dhclient/dhclient.{name}.pid") or ""
    if not re.match(r"[0-9]{1,9}\Z", pid) or int(pid) < 2:
        return None
    try:
        command = run(("/bin/ps", "-o", "comm=", "-p", str(int(pid))))
    except HypervNetError:  # no such process
        return None
    return int(pid) if command.strip() == "dhclient" else None
