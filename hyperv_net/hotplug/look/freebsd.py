"""The actual state of a FreeBSD machine, from ifconfig(8) and sysctl(8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

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
from hyperv_net.names import is_interface_name

# The lines of af_inet.c, af_inet6.c, af_nd6.c and iflagg.c in sbin/ifconfig.
_BLOCK = re.compile(r"(\S.*?): flags=")
_INET = re.compile(r"\s+inet6? ([0-9a-fA-F.:]+(?:%[A-Za-z0-9_.:-]{1,15})?)(?: |\Z)")
_ND6 = re.compile(r"\s+nd6 options=[0-9a-f]+<([A-Z0-9_,]*)>")
_LAGGPROTO = re.compile(r"\s+laggproto ([a-z]+)")
_ACTIVE_PORT = re.compile(
    r"\s+laggport: ([A-Za-z0-9_.:-]{1,15}) flags=[0-9a-f]+<(?:[A-Z]+,)*ACTIVE[A-Z,]*>"
)


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
    flags = {one.name: one.flags for one in parse_ifconfig(ifconfig)}
    more = _more(ifconfig)
    return ActualState(
        System.FREEBSD,
        tuple(
            Link(
                nic=nic,
                is_up="UP" in flags.get(nic.name, ()),
                addresses=tuple(_matches(_INET, more.get(nic.name, ()))),
                dhcp_client=dhcp_client(nic.name) if dhcp_client is not None else None,
                ipv6_disabled=any(
                    "IFDISABLED" in options.split(",")
                    for options in _matches(_ND6, more.get(nic.name, ()))
                ),
                aggregate_mode=next(_matches(_LAGGPROTO, more.get(nic.name, ())), None),
                active=next(_matches(_ACTIVE_PORT, more.get(nic.name, ())), None),
            )
            for nic in inventory.nics
        ),
        vf_transparent=inventory.vf_transparent,
        vf_map=inventory.vf_map,
    )


def _matches(pattern: re.Pattern[str], lines: Sequence[str]) -> Iterator[str]:
    return (match[1] for match in map(pattern.match, lines) if match)


def _more(ifconfig: str) -> Mapping[str, list[str]]:
    """Name → the lines below its first one."""
    blocks: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in ifconfig.splitlines():
        first = _BLOCK.match(line)
        if first:
            lines = blocks.setdefault(first[1], [])
        elif line[:1].isspace():
            lines.append(line)
    return {name: found for name, found in blocks.items() if is_interface_name(name)}


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
