"""[ipv4] and [ipv6] of a pair's bond."""

from __future__ import annotations

from typing import Any

import pytest

from tests.renderers.linux_pairs import pair, reasons
from tests.renderers.networkmanager.made import bond, profile, rendered, section


@pytest.mark.parametrize(
    ("settings", "method4", "method6"),
    [
        ({"dhcp4": True}, "auto", "auto"),
        ({"dhcp4": True, "accept-ra": False}, "auto", "link-local"),
        ({"dhcp4": True, "accept-ra": False, "link-local": []}, "auto", "disabled"),
        ({"dhcp6": True}, "disabled", "auto"),
        ({"dhcp6": True, "accept-ra": False}, "disabled", "dhcp"),
        ({"accept-ra": True}, "disabled", "auto"),
        ({"addresses": ["10.0.0.4/24"]}, "manual", "auto"),
        ({"addresses": ["2001:db8::4/64"]}, "disabled", "manual"),
        ({"addresses": ["2001:db8::4/64"], "accept-ra": True}, "disabled", "auto"),
        ({"link-local": ["ipv4"]}, "link-local", "disabled"),
        ({"mtu": 1400}, "disabled", "link-local"),
    ],
)
def test_methods_follow_what_is_asked_for(
    settings: dict[str, Any], method4: str, method6: str
) -> None:
    made, four, six = bond(**settings)
    assert (four["method"], six["method"]) == (method4, method6)
    assert reasons(made) == {}


def test_what_is_asked_for_alone_is_waited_for() -> None:
    _, four, six = bond(dhcp4=True)
    assert four["may-fail"] == "false" and "may-fail" not in six
    _, four, six = bond(dhcp4=True, dhcp6=True)
    assert "may-fail" not in four and "may-fail" not in six


def test_addresses_gateways_and_name_servers_stand_in_their_families() -> None:
    made, four, six = bond(
        addresses=["10.0.0.4/24", "2001:db8::4/64", "10.0.0.5/24"],
        gateway4="10.0.0.1",
        gateway6="2001:db8::1",
        nameservers={"addresses": ["9.9.9.9", "2620:fe::fe"], "search": ["a.example"]},
    )
    assert (four["address1"], four["address2"]) == ("10.0.0.4/24", "10.0.0.5/24")
    assert (six["address1"], six["gateway"]) == ("2001:db8::4/64", "2001:db8::1")
    assert (four["gateway"], four["dns"], six["dns"]) == ("10.0.0.1", "9.9.9.9;", "2620:fe::fe;")
    assert four["dns-search"] == six["dns-search"] == "a.example;"
    assert reasons(made) == {}


def test_name_servers_of_a_family_without_addresses_are_dropped_and_not_the_profile() -> None:
    made, four, six = bond(
        **{"dhcp4": True, "link-local": [], "nameservers": {"addresses": ["2620:fe::fe"]}},
        **{"accept-ra": False},
    )
    assert six == {"method": "disabled"} and "dns" not in four
    assert "IPv6" in reasons(made)["bonds.bond0.nameservers.addresses.0"]


def test_routes_have_their_options() -> None:
    made, four, six = bond(
        addresses=["10.0.0.4/24", "2001:db8::4/64"],
        routes=[
            {"to": "default", "via": "10.0.0.1", "metric": 5, "table": 7, "on-link": True},
            {"to": "10.9.0.0/16", "via": "10.0.0.2", "mtu": 1400, "from": "10.0.0.4"},
            {"to": "10.8.0.0/16", "scope": "host"},
            {"to": "10.7.0.0/16", "type": "blackhole"},
            {"to": "::/0", "via": "2001:db8::1"},
            {"to": "10.6.0.0/16", "via": "10.0.0.1", "type": "multicast"},
        ],
    )
    assert four["route1"] == "0.0.0.0/0,10.0.0.1,5"
    assert four["route1_options"] == "onlink=true,table=7"
    assert four["route2_options"] == "mtu=1400,src=10.0.0.4"
    assert (four["route3"], four["route3_options"]) == ("10.8.0.0/16", "scope=254")
    assert (four["route4"], four["route4_options"]) == ("10.7.0.0/16", "type=blackhole")
    assert six["route1"] == "::/0,2001:db8::1"
    assert list(reasons(made)) == ["bonds.bond0.routes.5.type"]


def test_policy_rules_have_the_priority_that_networkmanager_asks_for() -> None:
    made, four, _ = bond(
        **{
            "addresses": ["10.0.0.4/24"],
            "routing-policy": [
                {"from": "10.0.0.4/32", "table": 7, "priority": 9},
                {"mark": 16, "table": 8, "type-of-service": 4},
            ],
        }
    )
    assert four["routing-rule1"] == "priority 9 from 10.0.0.4 table 7"
    assert four["routing-rule2"] == "priority 30002 from 0.0.0.0/0 tos 0x04 fwmark 0x10 table 8"
    assert reasons(made) == {}


def test_a_rule_of_a_vrf_looks_its_own_table_up() -> None:
    plain = pair(0, dhcp4=True)
    plain["vrfs"] = {
        "blue": {
            "table": 1000,
            "interfaces": ["bond0"],
            "addresses": ["10.1.0.1/32"],
            "routing-policy": [{"from": "10.0.0.0/24"}, {"from": "10.2.0.0/24", "table": 7}],
        }
    }
    rules = section(rendered(plain), "blue", "ipv4")
    assert rules["routing-rule1"] == "priority 30001 from 10.0.0.0/24 table 1000"
    assert rules["routing-rule2"] == "priority 30002 from 10.2.0.0/24 table 7"


def test_every_override_of_dhcp_is_said_or_dropped_by_name() -> None:
    overrides: dict[str, Any] = {
        "route-metric": 50,
        "use-dns": False,
        "use-routes": False,
        "use-domains": False,
        "send-hostname": False,
        "hostname": "other",
        "use-hostname": False,
        "use-mtu": False,
        "use-ntp": False,
    }
    made, four, six = bond(
        **{"dhcp4": True, "dhcp6": True, "dhcp4-overrides": overrides},
        **{"dhcp6-overrides": {"use-dns": False, "route-metric": 60}},
    )
    assert {key: four[key] for key in four if key not in ("method", "may-fail")} == {
        "dhcp-hostname": "other",
        "dhcp-send-hostname": "false",
        "ignore-auto-dns": "true",
        "ignore-auto-routes": "true",
        "route-metric": "50",
    }
    assert section(made, "bond0", "hostname") == {"from-dhcp": "0"}
    assert (six["ignore-auto-dns"], six["route-metric"]) == ("true", "60")
    at = "bonds.bond0.dhcp4-overrides"
    assert sorted(reasons(made)) == [f"{at}.use-mtu", f"{at}.use-ntp"]


def test_domains_of_a_lease_without_its_name_servers_are_dropped_with_the_reason() -> None:
    made, four, _ = bond(**{"dhcp4": True, "dhcp4-overrides": {"use-domains": False}})
    assert "or neither" in reasons(made)["bonds.bond0.dhcp4-overrides.use-domains"]
    assert "ignore-auto-dns" not in four


def test_ipv6_is_as_it_is_asked_for() -> None:
    made, _, six = bond(
        **{"dhcp6": True, "ipv6-privacy": True, "ipv6-mtu": 1400},
        **{"ipv6-address-generation": "stable-privacy", "ra-overrides": {"table": 5}},
    )
    assert (six["ip6-privacy"], six["mtu"], six["addr-gen-mode"]) == ("2", "1400", "stable-privacy")
    assert list(reasons(made)) == ["bonds.bond0.ra-overrides.table"]


def test_a_vrf_without_addresses_has_its_routes_in_its_table_and_its_rules() -> None:
    plain = pair(0, addresses=["10.0.0.4/24", "2001:db8::4/64"])
    plain["vrfs"] = {
        "blue": {
            "table": 1000,
            "interfaces": ["bond0"],
            "link-local": [],
            "routes": [
                {"to": "default", "via": "10.0.0.1"},
                {"to": "10.9.0.0/16", "via": "10.0.0.1", "table": 7},
                {"to": "::/0", "via": "2001:db8::1"},
            ],
            "routing-policy": [{"from": "10.0.0.0/24"}, {"from": "2001:db8::/64"}],
        },
        "red": {
            "table": 7,
            "link-local": [],
            "interfaces": [],
            "routes": [{"to": "10.8.0.0/16", "type": "unreachable"}],
            "routing-policy": [{"to": "2001:db8:7::/48"}],
        },
    }
    made = rendered(plain)
    four, six = (section(made, "blue", one) for one in ("ipv4", "ipv6"))
    assert (four["method"], six["method"]) == ("link-local", "link-local")
    assert (four["route1"], four["route1_options"]) == ("0.0.0.0/0,10.0.0.1", "table=1000")
    assert four["route2_options"] == "table=7"
    assert (six["route1"], six["route1_options"]) == ("::/0,2001:db8::1", "table=1000")
    assert four["routing-rule1"].endswith("table 1000")
    assert six["routing-rule1"].endswith("table 1000")
    red = section(made, "red", "ipv6")
    assert (red["method"], red["routing-rule1"]) == (
        "disabled",
        "priority 30001 to 2001:db8:7::/48 table 7",
    )
    assert reasons(made) == {}


def test_a_route_of_no_family_that_the_device_has_is_dropped_and_its_rule_is_not() -> None:
    made, four, _ = bond(
        **{
            **{"dhcp4": False, "dhcp6": True},
            "routes": [
                {"to": "10.9.0.0/16", "scope": "link"},
                {"to": "10.8.0.0/16", "type": "blackhole"},
            ],
            "routing-policy": [{"from": "10.0.0.0/24", "table": 9}],
        }
    )
    assert four["method"] == "disabled"
    assert (four["route1"], four["routing-rule1"][-7:]) == ("10.8.0.0/16", "table 9")
    assert {one.rpartition(".")[0] for one in reasons(made)} == {"bonds.bond0.routes.0"}


@pytest.mark.parametrize("key", ["use-dns", "use-domains"])
@pytest.mark.parametrize("value", [True, False])
def test_one_setting_for_leases_and_advertisements_is_told_where_they_differ(
    key: str, value: bool
) -> None:
    made, _, six = bond(
        **{
            "dhcp6": True,
            "dhcp6-overrides": {"use-dns": value, key: value},
            "ra-overrides": {"use-dns": not value, key: not value},
        }
    )
    assert six["ignore-auto-dns"] == "false"
    refused = "dhcp6-overrides" if not value else "ra-overrides"
    other = "ra-overrides" if not value else "dhcp6-overrides"
    told = reasons(made)
    assert set(told) == {f"bonds.bond0.{refused}.{one}" for one in {"use-dns", key}}
    assert f"{other}.use-dns" in told[f"bonds.bond0.{refused}.use-dns"]


def test_settings_of_the_two_families_stand_apart() -> None:
    made, four, six = bond(
        **{"dhcp4": True, "dhcp6": True, "dhcp4-overrides": {"use-dns": False, "hostname": "a"}},
        **{"dhcp6-overrides": {"use-dns": True, "hostname": "b"}, "ra-overrides": {"use-dns": 1}},
    )
    assert (four["ignore-auto-dns"], six["ignore-auto-dns"]) == ("true", "false")
    assert (four["dhcp-hostname"], six["dhcp-hostname"]) == ("a", "b")
    assert list(reasons(made)) == ["bonds.bond0.ra-overrides.use-dns"]


@pytest.mark.parametrize(
    ("in4", "in6", "told"),
    [(False, True, ["dhcp4-overrides"]), (True, False, ["dhcp6-overrides"]), (False, False, [])],
)
def test_a_host_name_of_a_lease_is_of_both_families(in4: bool, in6: bool, told: list[str]) -> None:
    made, _, _ = bond(
        **{"dhcp4": True, "dhcp6": True, "dhcp4-overrides": {"use-hostname": in4}},
        **{"dhcp6-overrides": {"use-hostname": in6}},
    )
    assert profile(made, "bond0").has("hostname") == (not told)
    assert list(reasons(made)) == [f"bonds.bond0.{one}.use-hostname" for one in told]
