"""DHCP, router advertisements and link-local addresses of a device.

What netplan says by one [DHCP] section, for both families, is said for each by its own: so
the overrides of the two may differ.  DHCPv6 itself gives no routes and no MTU; the metric of
its routes is that of router advertisements (`RouteMetric=` in [IPv6AcceptRA], which systemd
before 249 passes by).
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.render import values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkd.render.unit import Made
    from hyperv_net.renderers.networkd.render.values import Check

#: What netplan has networkd do where nothing is said (netplan-yaml(5), "DHCP Overrides").
_METRIC = "100"

_OVERRIDES4: Mapping[str, tuple[str, Check]] = {
    "route-metric": ("RouteMetric", values.number),
    "use-mtu": ("UseMTU", values.boolean),
    "use-routes": ("UseRoutes", values.boolean),
    "use-dns": ("UseDNS", values.boolean),
    "use-domains": ("UseDomains", values.use_domains),
    "use-ntp": ("UseNTP", values.boolean),
    "send-hostname": ("SendHostname", values.boolean),
    "use-hostname": ("UseHostname", values.boolean),
    "hostname": ("Hostname", values.host),
}
#: UseHostname= is there since systemd 249, UseDomains= since 252, the others since 255.
_OVERRIDES6: Mapping[str, tuple[str, Check]] = {
    key: _OVERRIDES4[key]
    for key in ("use-dns", "use-domains", "use-ntp", "send-hostname", "use-hostname", "hostname")
}
#: Of DHCPv6 overrides, those of which DHCPv6 has nothing.
_NOT_IN_6 = ("use-mtu", "use-routes")
_ADVERTISED: Mapping[str, tuple[str, Check]] = {
    "use-dns": ("UseDNS", values.boolean),
    "use-domains": ("UseDomains", values.use_domains),
    "table": ("RouteTable", values.table),
}
_ACCEPT_RA = "[Network] IPv6AcceptRA="


def add_dynamic(made: Made, *, is_enslaved: bool) -> None:
    """All of it; a member and a bridge's port have no address of their own."""
    network = made.network.section("Network")
    dhcp4 = made.take(("dhcp4",), values.is_true, "[Network] DHCP=")
    dhcp6 = made.take(("dhcp6",), values.is_true, "[Network] DHCP=")
    if dhcp4 is not None or dhcp6 is not None:
        wanted = {(True, True): "yes", (True, False): "ipv4", (False, True): "ipv6"}
        network.add("DHCP", wanted.get((bool(dhcp4), bool(dhcp6)), "no"))
    made.take(("dhcp6-stateless",), values.is_true, f"{_ACCEPT_RA} (as advertisements say)")
    network.add("LinkLocalAddressing", _link_local(made, is_enslaved=is_enslaved))
    made.put(("accept-ra",), values.boolean, network, "IPv6AcceptRA")
    made.put(("ipv6-privacy",), values.boolean, network, "IPv6PrivacyExtensions")
    _identifiers(made)
    made.put(("dhcp-identifier",), _IDENTIFIER, made.network.section("DHCPv4"), "ClientIdentifier")
    _overrides(made, bool(dhcp4), bool(dhcp6))


_IDENTIFIER = values.one_of("mac", "duid", "duid-only")


def _link_local(made: Made, *, is_enslaved: bool) -> str:
    """The families; where nothing is said IPv6, and none below a bond or a bridge."""
    if made.device.get("link-local") is None:
        return "no" if is_enslaved else "ipv6"
    family = values.one_of("ipv4", "ipv6")
    where = "[Network] LinkLocalAddressing="
    taken = [made.take(("link-local", at), family, where) for at, _ in made.elements("link-local")]
    if not taken:
        made.placed["link-local",] = where
    families = {one for one in taken if one}
    return "yes" if len(families) == 2 else next(iter(families), "no")


def _identifiers(made: Made) -> None:
    """How IPv6 addresses are made; EUI-64 is what networkd does by itself."""
    network = made.network.section("Network")
    token = made.take(("ipv6-address-token",), values.ipv6_token, "[Network] IPv6Token=")
    key = "ipv6-address-generation"
    how = made.take((key,), values.one_of("eui64", "stable-privacy"), "[Network] IPv6Token=")
    if how == "stable-privacy" and token is None:
        token = "prefixstable"
    if how == "eui64":
        made.placed[key,] = "[Network] IPv6LinkLocalAddressGenerationMode="
        network.add("IPv6LinkLocalAddressGenerationMode", "eui64")
    if token is not None:
        network.add("IPv6Token", token)


def _overrides(made: Made, dhcp4: bool, dhcp6: bool) -> None:
    for_4, for_6 = ("dhcp4-overrides",), ("dhcp6-overrides",)
    section = made.network.section("DHCPv4")
    if dhcp4:
        if made.value(*for_4, "route-metric") is None:
            section.add("RouteMetric", _METRIC)
        if made.value(*for_4, "use-mtu") is None:
            section.add("UseMTU", "yes")
    made.put_all(for_4, section, _OVERRIDES4)
    made.put_all(for_6, made.network.section("DHCPv6"), _OVERRIDES6)
    for key in _NOT_IN_6:
        made.take((*for_6, key), values.is_true, f"[Network] DHCP= (DHCPv6 has none to {key})")

    advertised = made.network.section("IPv6AcceptRA")
    metric = made.take((*for_6, "route-metric"), values.number, "[IPv6AcceptRA] RouteMetric=")
    if metric is None and (dhcp4 or dhcp6):
        metric = _METRIC
        if made.value(*for_4, "route-metric") is not None and not dhcp6:
            metric = values.number(made.value(*for_4, "route-metric"))
    if metric is not None and made.value("accept-ra") is not False:
        advertised.add("RouteMetric", metric)
    made.put_all(("ra-overrides",), advertised, _ADVERTISED)
