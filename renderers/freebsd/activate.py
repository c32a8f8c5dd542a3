"""Having the running machine follow new settings of one interface."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.ifconfig import parse_ifconfig
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.inject import addressing
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.parts import Run


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
    for one in (address for each in parse_ifconfig(shown) for address in each.addresses):
        is_link_local = "%" in one.address or one.address.lower().startswith("fe80:")
        if not is_link_local and "autoconf" not in one.words:
            yield Step(("ifconfig", interface, one.family, one.address, "-alias"), may_fail=True)
