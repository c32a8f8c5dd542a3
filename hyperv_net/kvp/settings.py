"""An injection as settings of one device, by way of network config, plan and renderer."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.parts import Addressing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ipaddress import IPv4Interface, IPv6Interface
    from typing import Any, Union

    from hyperv_net.kvp.injected import Injection
    from hyperv_net.model import Rendered
    from hyperv_net.renderers.target import Target

    Interface = Union[IPv4Interface, IPv6Interface]

_SOURCE = "injected by the host"


def wanted_by(injection: Injection) -> Addressing:
    """What an interface is to have: with DHCP no IPv4 address is set besides.

    A host that turns DHCP on sends back the addresses it was told before,
    which were leased.
    """
    return Addressing(
        dhcp=injection.dhcp,
        addresses=tuple(map(str, _kept(injection))),
        nameservers=tuple(map(str, injection.nameservers)),
    )


def replaces_ipv6(injection: Injection) -> bool:
    """Whether it says anything about IPv6; where it does not, IPv6 stays as found."""
    return any(one.version == 6 for one in injection.addresses)


def device_of(injection: Injection, *, on_link: bool) -> dict[str, Any]:
    """The device's entry in a network config of version 2.

    `on_link` marks a gateway outside the device's networks, for targets that
    cannot reach it otherwise.
    """
    kept = _kept(injection)
    device: dict[str, Any] = {"dhcp4": injection.dhcp}
    if replaces_ipv6(injection):
        device["dhcp6"] = False
    if kept:
        device["addresses"] = [str(one) for one in kept]
    routes = []
    for version in (4, 6):
        gateway = next((one for one in injection.gateways if one.version == version), None)
        if gateway is None or not any(one.version == version for one in kept):
            continue
        route: dict[str, Any] = {"to": "default", "via": str(gateway)}
        reached = gateway.is_link_local or any(
            gateway in one.network for one in kept if one.version == version
        )
        if not reached and not on_link:
            raise HypervNetError(
                f"{gateway} is in no network of {injection.interface}, and this system reaches "
                "no such gateway",
                where=_SOURCE,
            )
        if not reached:
            route["on-link"] = True
        routes.append(route)
    if routes:
        device["routes"] = routes
    if injection.nameservers:
        device["nameservers"] = {"addresses": [str(one) for one in injection.nameservers]}
    return device


def _kept(injection: Injection) -> list[Interface]:
    return [one for one in injection.addresses if one.version == 6 or not injection.dhcp]


def unused(injection: Injection) -> Iterator[str]:
    """What of it is not used, in a clause each."""
    kept = _kept(injection)
    if len(kept) < len(injection.addresses):
        yield "IPv4 addresses beside DHCP"
    for version in (4, 6):
        gateways = [one for one in injection.gateways if one.version == version]
        usable = any(one.version == version for one in kept)
        left = gateways[1:] if usable else gateways
        if left:
            yield f"gateway {', '.join(map(str, left))}"


def render(
    interface: str, device: Mapping[str, Any], target: Target, existing: Mapping[str, str]
) -> Rendered:
    """What the renderer of `target` makes of the device as the only one of a machine.

    Raises HypervNetError where it cannot express a part of it.
    """
    # The flow is long to import, and the daemon's questions have no need of it.
    import json

    from hyperv_net.model import AggregatePolicy, Inventory, Settings, Severity
    from hyperv_net.netconfig.read import read_network_config
    from hyperv_net.plan.flow import make_plan

    text = json.dumps({"version": 2, "ethernets": {interface: device}})
    config = read_network_config(text, _SOURCE)
    # The interface may be an aggregate, which is there already: nothing is to be aggregated.
    settings = Settings(aggregate=AggregatePolicy.NEVER)
    plan = make_plan(Inventory(target.system, "", ()), config, settings, target, {})
    rendered = target.render(plan.rewritten, existing)
    for finding in (*plan.findings, *rendered.findings):
        if finding.severity is Severity.ERROR:
            raise HypervNetError(finding.message, where=finding.where, hint=finding.hint)
    for path, reason in rendered.dropped.items():
        if path[:1] == ("ethernets",):
            raise HypervNetError(f"{path[-1]} cannot be set: {reason}", where=_SOURCE)
    return rendered
