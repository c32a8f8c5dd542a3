"""Having the running machine follow new settings of one interface."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hyperv_net.errors import HypervNetError
from hyperv_net.renderers.freebsd.inject import addressing
from hyperv_net.renderers.parts import Run, Step

# The lines of af_inet.c and af_inet6.c in sbin/ifconfig of freebsd/freebsd-src.
_INET = re.compile(r"\s+(inet6?) ([0-9a-fA-F.:]+)(?: (.*))?\Z")


def activate(
    existing: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """Without `netif stop`, which destroys a lagg and leaves its VF up outside it.

    rc.d/dhclient ends a client only where rc.conf still says DHCP, unless it
    is forced, and rc.d/netif starts one for SYNCDHCP alone.
    """
    start = Step(("service", "netif", "quietstart", interface))
    routes = Step(("service", "routing", "restart"), may_fail=True)
    stale = tuple(stale_steps(run, interface))
    if addressing(existing, device).dhcp:
        client = Step(("service", "dhclient", "quietstart", interface))
        return (*stale, routes, start, client)
    return (*stale, start, routes)


def stale_steps(run: Run, interface: str) -> Iterator[Step]:
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
