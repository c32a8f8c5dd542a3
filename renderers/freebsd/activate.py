"""Having the running machine follow new settings of one interface."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.ifconfig import parse_ifconfig
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.inject import addressing, is_gateway, values_of
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.parts import Run


def activate(
    before: Mapping[str, str], after: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """Without `netif stop`, which destroys a lagg and leaves its VF up outside it.

    Nor with `routing restart` or `stop`, which flush the routes that other interfaces have from
    DHCP or a router.  rc.d/dhclient ends a client only where rc.conf still says DHCP, unless
    it is forced, and rc.d/netif starts one for SYNCDHCP alone.
    """
    steps = (
        *stale_steps(run, interface),
        *_old_gateways(before, after),
        Step(("service", "netif", "quietstart", interface)),
        # It says that it failed where one of its routes is there.
        Step(("service", "routing", "start"), may_fail=True),
    )
    if addressing(after, device).dhcp:
        return (*steps, Step(("service", "dhclient", "quietstart", interface)))
    return steps


def _old_gateways(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Step]:
    """The steps that take static default routes away which the files have no more.

    Most go with an address, but not one by a link-local address, which the interface keeps.
    """
    old, new = values_of(before), values_of(after)
    for variable, family in (("defaultrouter", "-inet"), ("ipv6_defaultrouter", "-inet6")):
        gateway = old.get(variable, "")
        if gateway and gateway != new.get(variable) and is_gateway(gateway):
            route = ("route", "-n", "delete", family, "default", gateway)
            yield Step(route, may_fail=True)


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
