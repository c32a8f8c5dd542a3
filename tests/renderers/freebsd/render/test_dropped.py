"""What rc.conf cannot say is dropped with a reason, and every leaf is accounted for."""

from __future__ import annotations

import pytest

from hyperv_net.tree import leaves
from tests.building import dropped
from tests.renderers.freebsd.render.rc_conf_case import (
    case,
    lagg0,
    mac,
    rendered,
    text_of,
    variables,
)


def test_one_default_route_is_had_and_the_others_are_reported() -> None:
    routes = [
        {"to": "default", "via": "10.0.0.254", "metric": 300},
        {"to": "0.0.0.0/0", "via": "10.0.0.1", "metric": 100},
    ]
    result = rendered(case(lagg0({"routes": routes})))
    assert variables(result)["defaultrouter"] == "10.0.0.1"
    assert "10.0.0.1" in dropped(result)["bonds.lagg0.routes[0].via"]
    assert "metric" in dropped(result)["bonds.lagg0.routes[1].metric"]


@pytest.mark.parametrize(("how", "lost"), [("eui64", False), ("stable-privacy", True)])
def test_addresses_are_made_of_the_nics_own_and_no_other_way(how: str, lost: bool) -> None:
    config = lagg0({"accept-ra": True, "ipv6-address-generation": how})
    assert bool(dropped(rendered(case(config)))) is lost


def test_what_freebsd_cannot_say_is_dropped_with_the_reason() -> None:
    config = lagg0(
        {
            "dhcp4": True,
            "optional": True,
            "dhcp4-overrides": {"route-metric": 100, "use-dns": True, "use-ntp": False},
            "addresses": [{"10.0.0.4/24": {"label": "lagg0:1", "lifetime": "forever"}}],
            "routing-policy": [{"from": "10.0.0.0/8", "table": 5}],
            "never-heard-of": {"a": [1]},
            "macaddress": "02:00:00:00:00:01",
            # What configures is no setting of a device.
            "renderer": "networkd",
        },
        tunnels={"gif0": {"mode": "sit", "local": "10.0.0.4"}},
        renderer="networkd",
    )
    reasons = dropped(rendered(case(config)))
    assert set(reasons) == {
        "bonds.lagg0.optional",
        "bonds.lagg0.dhcp4-overrides.route-metric",
        "bonds.lagg0.dhcp4-overrides.use-ntp",
        "bonds.lagg0.addresses[0]['10.0.0.4/24'].label",
        "bonds.lagg0.routing-policy[0].from",
        "bonds.lagg0.routing-policy[0].table",
        "bonds.lagg0.never-heard-of.a[0]",
        "bonds.lagg0.macaddress",
        "tunnels.gif0.mode",
        "tunnels.gif0.local",
    }
    assert all(reasons.values())


def test_an_address_that_the_pair_has_already_is_no_loss() -> None:
    result = rendered(case(lagg0({"macaddress": mac(0)})))
    assert not result.dropped
    assert "ether" not in text_of(result)


def test_every_leaf_is_placed_or_dropped_and_never_both() -> None:
    rewritten = case(lagg0({"dhcp4": True, "x": {"y": [1, {}]}, "optional": True}))
    result = rendered(rewritten)
    accounted = [*result.places, *result.dropped]
    assert sorted(map(str, accounted)) == sorted(str(path) for path, _ in leaves(rewritten.tree))


@pytest.mark.parametrize("name", ["DEFAULT", "x_ipv6", "x_alias0", "a:b", "a" * 16])
def test_a_name_that_would_mean_something_else_to_rc_is_refused(name: str) -> None:
    result = rendered(case({"ethernets": {name: {"dhcp4": True}}}))
    assert f"ethernets.{name}.dhcp4" in dropped(result)
    assert name.replace(":", "_") not in text_of(result)


def test_two_names_with_the_same_variables_are_told_apart_by_refusing_one() -> None:
    vlans = {
        "lagg0.10": {"id": 10, "link": "lagg0", "dhcp4": True},
        "lagg0_10": {"id": 11, "link": "lagg0", "dhcp4": False},
    }
    result = rendered(case({"vlans": vlans}))
    assert variables(result)["ifconfig_lagg0_10"] == "DHCP"
    assert "vlans.lagg0_10.id" in dropped(result)


def test_a_route_whose_gateway_is_of_another_family_is_dropped() -> None:
    result = rendered(case(lagg0({"routes": [{"to": "10.8.0.0/13", "via": "2001:db8::1"}]})))
    assert "address family" in dropped(result)["bonds.lagg0.routes[0].to"]
    assert "route" not in text_of(result)
