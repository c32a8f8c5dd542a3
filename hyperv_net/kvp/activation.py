"""Bringing what was written to the running machine: commands, in order, for one interface.

The host injects when the machine has come up elsewhere and nothing works, so
that a short gap on this interface is no loss; the others are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hyperv_net.errors import HypervNetError

Run = Callable[[Sequence[str]], str]

# The lines of af_inet.c and af_inet6.c in sbin/ifconfig of freebsd/freebsd-src.
_INET = re.compile(r"\s+(inet6?) ([0-9a-fA-F.:]+)(?: (.*))?\Z")


class Step(NamedTuple):
    """A command; one that `may_fail` says something that need not be so.

    `otherwise` is what does the same where the command fails.
    """

    command: tuple[str, ...]
    may_fail: bool = False
    otherwise: tuple[str, ...] = ()


# networkctl(1) asks networkd over D-Bus, which a small image may lack; systemctl(1) needs none.
_NETWORKD_ANEW = ("systemctl", "restart", "systemd-networkd.service")


def before_writing(target: str, interface: str) -> tuple[Step, ...]:
    """What needs the old files: ifdown(8) ends a DHCP client only where they speak of one."""
    if target == "ifupdown":
        return (Step(("ifdown", interface), may_fail=True),)
    return ()


def after_writing(
    target: str, interface: str, *, dhcp: bool, by_networkmanager: bool = False
) -> tuple[Step, ...]:
    """The steps once the new files are there."""
    if target == "ifupdown":
        return (Step(("ifup", interface)),)
    if target == "netplan" and by_networkmanager:
        return (Step(("netplan", "apply")),)
    if target == "netplan":
        # `netplan apply` would configure every interface anew.
        return (
            Step(("netplan", "generate")),
            Step(("networkctl", "reload"), otherwise=_NETWORKD_ANEW),
            Step(("networkctl", "reconfigure", interface), otherwise=_NETWORKD_ANEW),
        )
    return _freebsd(interface, dhcp=dhcp)


def _freebsd(interface: str, *, dhcp: bool) -> tuple[Step, ...]:
    """Without `netif stop`, which destroys a lagg and leaves its VF up outside it.

    rc.d/dhclient ends a client only where rc.conf still says DHCP, unless it
    is forced, and rc.d/netif starts one for SYNCDHCP alone.
    """
    start = Step(("service", "netif", "quietstart", interface))
    routes = Step(("service", "routing", "restart"), may_fail=True)
    if dhcp:
        client = Step(("service", "dhclient", "quietstart", interface))
        return (routes, start, client)
    return (start, routes)


def stale_on_freebsd(run: Run, interface: str) -> Iterator[Step]:
    """The steps that end the DHCP client and take the addresses off that the files had.

    An address from a router advertisement is the kernel's, and stays.
    """
    yield Step(("service", "dhclient", "forcestop", interface), may_fail=True)
    try:
        shown = run(("ifconfig", interface))
    except HypervNetError:  # the interface is not there yet, and rc makes it
        return
    for line in shown.splitlines():
        found = _INET.match(line)
        if found is None or found[2].lower().startswith("fe80:"):
            continue
        if "autoconf" not in (found[3] or "").split():
            yield Step(("ifconfig", interface, found[1], found[2], "-alias"), may_fail=True)


def carry_out(steps: Sequence[Step], run: Run) -> None:
    """Run the commands; the first that fails and may not ends it with HypervNetError."""
    for step in steps:
        try:
            run(step.command)
        except HypervNetError:
            if step.otherwise:
                run(step.otherwise)
            elif not step.may_fail:
                raise
