"""What rc.conf says of a pair for each thing that a network config can say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.building import dropped
from tests.renderers.freebsd.render.rc_conf_case import (
    LAGG,
    case,
    lagg0,
    rendered,
    sourced,
    text_of,
    variables,
)


def test_dhcp_is_the_text_that_is_known_to_work() -> None:
    assert text_of(rendered(case(lagg0({"dhcp4": True})))) == (
        "# hyperv-net: begin (this block is rewritten; keep your own settings outside it)\n"
        'cloned_interfaces="lagg0"\n'
        'ifconfig_hn0="up"\n'
        f'ifconfig_lagg0="{LAGG} DHCP"\n'
        'ifconfig_mce0="NOAUTO"\n'
        'ifconfig_mlxen0="NOAUTO"\n'
        'ifconfig_mana0="NOAUTO"\n'
        "# hyperv-net: end\n"
    )


@pytest.mark.parametrize("word", ["DHCP", "SYNCDHCP", "NOSYNCDHCP"])
def test_the_way_dhcp_is_waited_for_is_kept(word: str) -> None:
    result = rendered(case(lagg0({"dhcp4": True})), f'ifconfig_hn0="{word}"\n')
    assert variables(result)["ifconfig_lagg0"] == f"{LAGG} {word}"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"addresses": ["10.0.0.4/24"], "gateway4": "10.0.0.1"},
            {
                "ifconfig_lagg0": f"inet 10.0.0.4 netmask 255.255.255.0 {LAGG}",
                "defaultrouter": "10.0.0.1",
            },
        ),
        (
            {"addresses": ["10.0.0.4/24", "10.0.0.5/24", "10.9.0.5/16"]},
            {
                "ifconfig_lagg0_alias0": "inet 10.0.0.5/32",
                "ifconfig_lagg0_alias1": "inet 10.9.0.5/16",
            },
        ),
        (
            {"dhcp4": True, "addresses": ["10.0.0.4/24"]},
            {"ifconfig_lagg0": f"{LAGG} SYNCDHCP", "ifconfig_lagg0_alias0": "inet 10.0.0.4/24"},
        ),
        (
            {"addresses": ["2001:db8::4/64", "2001:db8::5/64"]},
            {
                "ifconfig_lagg0": LAGG,
                "ifconfig_lagg0_ipv6": "inet6 no_dad 2001:db8::4 prefixlen 64",
                "ifconfig_lagg0_alias0": "inet6 2001:db8::5 prefixlen 64",
            },
        ),
        (
            {"routes": [{"to": "default", "via": "fe80::1"}], "addresses": ["2001:db8::4/64"]},
            {"ipv6_defaultrouter": "fe80::1%lagg0"},
        ),
        (
            {"accept-ra": True},
            {"ifconfig_lagg0_ipv6": "inet6 no_dad accept_rtadv"},
        ),
        (
            {"accept-ra": False, "addresses": ["2001:db8::4/64"]},
            {"ifconfig_lagg0_ipv6": "inet6 no_dad -accept_rtadv 2001:db8::4 prefixlen 64"},
        ),
        (
            {"link-local": ["ipv6"]},
            {"ifconfig_lagg0_ipv6": "inet6 no_dad auto_linklocal"},
        ),
        (
            {"addresses": [{"2001:db8::4/64": {"lifetime": 0}}]},
            {"ifconfig_lagg0_ipv6": "inet6 no_dad 2001:db8::4 prefixlen 64 pltime 0"},
        ),
        ({"mtu": 9000}, {"ifconfig_hn0": "up mtu 9000", "ifconfig_lagg0": LAGG}),
        (
            {"routes": [{"to": "10.8.0.0/13", "via": "10.0.0.9"}, {"to": "10.99.0.1/32"}]},
            {
                "static_routes": "net_10_8_0_0_13:lagg0 net_10_99_0_1_32:lagg0",
                "route_net_10_8_0_0_13": "-net 10.8.0.0/13 10.0.0.9",
                "route_net_10_99_0_1_32": "-net 10.99.0.1/32 -iface lagg0",
            },
        ),
        (
            {"routes": [{"to": "2001:db8:8::/48", "via": "fe80::9", "mtu": 1400}]},
            {
                "ipv6_static_routes": "net_2001_db8_8___48:lagg0",
                "ipv6_route_net_2001_db8_8___48": (
                    "2001:db8:8:: -prefixlen 48 fe80::9%lagg0 -mtu 1400"
                ),
            },
        ),
        (
            {"routes": [{"to": "0.0.0.0/0", "via": "192.0.2.1", "on-link": True}]},
            {
                "static_routes": "gateway_192_0_2_1:lagg0 net_0_0_0_0_0:lagg0",
                "route_gateway_192_0_2_1": "-net 192.0.2.1/32 -iface lagg0",
                "route_net_0_0_0_0_0": "default 192.0.2.1",
            },
        ),
        (
            {"routes": [{"to": "10.66.0.0/16", "type": "blackhole"}]},
            {"route_net_10_66_0_0_16": "-net 10.66.0.0/16 127.0.0.1 -blackhole"},
        ),
        (
            {"dhcp4": True, "activation-mode": "manual"},
            {"ifconfig_lagg0": f"{LAGG} DHCP NOAUTO"},
        ),
        (
            {"dhcp4": True, "control": "manual"},
            {"ifconfig_lagg0": f"{LAGG} DHCP"},
        ),
    ],
)
def test_what_a_pair_is_told(settings: dict[str, Any], expected: dict[str, str]) -> None:
    found = variables(rendered(case(lagg0(settings))))
    assert {name: found.get(name) for name in expected} == expected


def test_routes_beside_dhcp_wait_for_the_lease() -> None:
    routes = [{"to": "10.8.0.0/13", "via": "10.0.0.9"}]
    result = rendered(case(lagg0({"dhcp4": True, "routes": routes})))
    assert variables(result)["ifconfig_lagg0"] == f"{LAGG} SYNCDHCP"
    kept = rendered(case(lagg0({"dhcp4": True, "routes": routes})), "ifconfig_hn0=NOSYNCDHCP\n")
    assert [one.rule for one in kept.findings] == ["route-before-lease"]


@pytest.mark.parametrize(
    ("client", "where"),
    [
        ('dhcp6c_enable="YES"\n', "etc/rc.conf: dhcp6c_interfaces"),
        ("dhcpcd_enable=yes\n", "etc/rc.conf: dhcpcd_enable"),
        (
            'dhclient_program="/usr/local/sbin/dual-dhclient"\n',
            "etc/rc.conf: dhclient_program",
        ),
    ],
)
def test_dhcpv6_is_left_to_the_client_that_rc_conf_has(client: str, where: str) -> None:
    rewritten = case(lagg0({"dhcp4": True, "dhcp6": True, "accept-ra": True}))
    result = rendered(rewritten, client)
    assert result.places[("bonds", "lagg0", "dhcp6")] == where
    without = rendered(rewritten)
    assert "DHCPv6 client" in dropped(without)["bonds.lagg0.dhcp6"]


def test_dhcp6c_is_told_of_the_aggregate_instead_of_its_member() -> None:
    before = 'dhcp6c_enable="YES"\ndhcp6c_interfaces="ix0 hn0"\n'
    text = text_of(rendered(case(lagg0({"dhcp6": True})), before))
    assert 'dhcp6c_interfaces="ix0 lagg0"\n' in text


def test_name_servers_of_all_devices_go_to_resolv_conf_with_its_other_lines() -> None:
    config = lagg0(
        {"nameservers": {"addresses": ["10.0.0.2"], "search": ["a.example"]}},
        nameservers={"addresses": ["2001:db8::53", "10.0.0.2"], "search": ["b.example"]},
    )
    old = "# mine\noptions edns0\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsortlist 10.0.0.0\n"
    result = rendered(case(config), etc__resolv_conf=old)
    assert text_of(result, "etc/resolv.conf") == (
        "# mine\noptions edns0\nnameserver 10.0.0.2\nnameserver 2001:db8::53\n"
        "sortlist 10.0.0.0\nsearch a.example b.example\n"
    )


def test_without_name_servers_resolv_conf_is_left_alone() -> None:
    assert "etc/resolv.conf" not in [one.path for one in rendered(case()).files]


def test_many_name_servers_and_dhcp_earn_a_note() -> None:
    addresses = [f"10.0.0.{number}" for number in range(4)]
    result = rendered(case(lagg0({"dhcp4": True, "nameservers": {"addresses": addresses}})))
    assert {one.rule for one in result.findings} == {"resolver-limit", "resolver-and-dhcp"}


def test_the_order_of_memory_does_not_matter(tmp_path: Any) -> None:
    one = case(lagg0({"dhcp4": True, "mtu": 9000}), vfs=("mce0", "mce1"), others=("ix0",))
    other = case(
        {"bonds": {"lagg1": {}, "lagg0": {"mtu": 9000, "dhcp4": True}}},
        vfs=("mce0", "mce1"),
        others=("ix0",),
    )
    assert text_of(rendered(one)) == text_of(rendered(other))
    assert sourced(text_of(rendered(one)), tmp_path)["ifconfig_hn0"] == "up mtu 9000"


FURTHER = {"dhcp4": True, "addresses": ["10.77.0.5/24"]}


@pytest.mark.parametrize(
    ("settings", "before", "word"),
    [
        (FURTHER, "", "SYNCDHCP"),
        (FURTHER, 'ifconfig_hn0="SYNCDHCP"\n', "SYNCDHCP"),
        ({"dhcp4": True}, 'ifconfig_hn0_alias0="inet 10.77.0.5/32"\n', "SYNCDHCP"),
        ({"dhcp4": True}, 'ifconfig_lagg0_aliases="inet 10.77.0.5/32"\n', "SYNCDHCP"),
        ({"dhcp4": True}, 'ipv4_addrs_hn0="10.77.0.5/32"\n', "SYNCDHCP"),
        ({}, 'ifconfig_hn0="DHCP"\nifconfig_hn0_alias0="inet 10.77.0.5/32"\n', "SYNCDHCP"),
        ({"dhcp4": True}, 'ifconfig_hn1_alias0="inet 10.77.0.5/32"\n', "DHCP"),
        ({"dhcp4": True, "addresses": ["2001:db8::5/64"]}, "", "DHCP"),
    ],
)
def test_a_lease_comes_before_the_addresses_that_it_would_replace(
    settings: dict[str, Any], before: str, word: str
) -> None:
    """dhclient-script replaces the first address; SYNCDHCP is done when aliases are added."""
    result = rendered(case(lagg0(settings)), before)
    assert variables(result)["ifconfig_lagg0"].split()[-1] == word
    assert text_of(rendered(case(lagg0(settings)), text_of(result))) == text_of(result)
    assert not result.findings


def test_a_word_that_has_the_lease_come_later_is_warned_of() -> None:
    result = rendered(case(lagg0(FURTHER)), 'ifconfig_hn0="NOSYNCDHCP"\n')
    assert [one.rule for one in result.findings] == ["address-before-lease"]
