"""Devices besides the pairs: vlans, laggs, bridges, fibs and NICs of their own."""

from __future__ import annotations

import pytest

from tests.building import dropped
from tests.renderers.freebsd.render.rc_conf_case import LAGG, case, lagg0, rendered, variables


@pytest.mark.parametrize(
    ("vlan_id", "expected"),
    [
        ("lagg0.10", {"vlans_lagg0": "10", "ifconfig_lagg0_10": "DHCP"}),
        ("10", {"vlans_lagg0": "10", "ifconfig_lagg0_10": "DHCP"}),
        ("web", {"vlans_lagg0": "web", "create_args_web": "vlan 10", "ifconfig_web": "DHCP"}),
        (
            "hn0.10",
            {"vlans_lagg0": "hn0.10", "create_args_hn0_10": "vlan 10", "ifconfig_hn0_10": "DHCP"},
        ),
    ],
)
def test_a_vlan_keeps_its_name(vlan_id: str, expected: dict[str, str]) -> None:
    vlans = {vlan_id: {"id": 10, "link": "lagg0", "dhcp4": True}}
    found = variables(rendered(case({"vlans": vlans})))
    assert {name: found.get(name) for name in expected} == expected


def test_vlans_stack() -> None:
    vlans = {
        "a": {"id": 20, "link": "lagg0.10", "addresses": ["10.2.0.1/24"]},
        "lagg0.10": {"id": 10, "link": "lagg0"},
    }
    found = variables(rendered(case({"vlans": vlans})))
    assert found["vlans_lagg0"] == "10"
    assert found["vlans_lagg0_10"] == "a"
    assert found["ifconfig_lagg0_10"] == "up"


def test_a_bond_of_the_administrators_is_a_lagg_with_what_lagg_has() -> None:
    bond = {
        "interfaces": ["ix0", "ix1"],
        "addresses": ["10.5.0.1/24"],
        "mtu": 9000,
        "parameters": {
            "mode": "802.3ad",
            "lacp-rate": "fast",
            "transmit-hash-policy": "layer3+4",
            "mii-monitor-interval": 100,
        },
    }
    rewritten = case(
        {"ethernets": {"ix0": {}, "ix1": {"mtu": 8000}}, "bonds": {"bond5": bond}},
        others=("ix0", "ix1"),
    )
    result = rendered(rewritten, 'cloned_interfaces="lagg1"\n')
    found = variables(result)
    assert found["cloned_interfaces"] == "lagg1 lagg2 lagg0"
    assert found["ifconfig_lagg2_name"] == "bond5"
    assert found["ifconfig_bond5"] == (
        "inet 10.5.0.1 netmask 255.255.255.0 "
        "laggproto lacp lacp_fast_timeout lagghash l3,l4 laggport ix0 laggport ix1"
    )
    assert (found["ifconfig_ix0"], found["ifconfig_ix1"]) == ("mtu 9000", "mtu 8000")
    assert list(dropped(result)) == ["bonds.bond5.parameters.mii-monitor-interval"]


def test_the_primary_of_a_bond_is_the_laggs_first_port() -> None:
    bond = {
        "interfaces": ["ix0", "ix1"],
        "parameters": {"mode": "active-backup", "primary": "ix1"},
    }
    rewritten = case(
        {"ethernets": {"ix0": {}, "ix1": {}}, "bonds": {"lagg7": bond}}, others=("ix0", "ix1")
    )
    found = variables(rendered(rewritten))
    assert found["ifconfig_lagg7"] == "laggproto failover laggport ix1 laggport ix0"


def test_a_bridge_has_its_members_and_its_spanning_tree() -> None:
    bridge = {
        "interfaces": ["lagg0", "ix0"],
        "macaddress": "02:00:00:00:00:01",
        "parameters": {
            "stp": True,
            "forward-delay": "4s",
            "priority": 4096,
            "path-cost": {"ix0": 5},
            "port-priority": {"lagg0": 8, "ix0": 3},
            "max-age": 99,
        },
    }
    result = rendered(
        case({"ethernets": {"ix0": {}}, "bridges": {"bridge0": bridge}}, others=("ix0",))
    )
    assert variables(result)["ifconfig_bridge0"] == (
        "ether 02:00:00:00:00:01 addm lagg0 addm ix0 fwddelay 4 ifpathcost ix0 5 "
        "ifpriority lagg0 32 priority 4096 stp lagg0 stp ix0"
    )
    assert set(dropped(result)) == {
        "bridges.bridge0.parameters.max-age",
        "bridges.bridge0.parameters.port-priority.ix0",
    }


def test_an_ethernet_address_beside_an_ip_address_is_an_alias_of_its_own() -> None:
    entry = {"macaddress": "02:00:00:00:00:01", "addresses": ["10.5.0.1/24"]}
    found = variables(rendered(case({"ethernets": {"ix0": entry}}, others=("ix0",))))
    assert found["ifconfig_ix0"] == "inet 10.5.0.1 netmask 255.255.255.0"
    assert found["ifconfig_ix0_alias0"] == "ether 02:00:00:00:00:01"


def test_a_nic_of_no_pair_is_rendered_whole() -> None:
    entry = {
        "addresses": ["10.5.0.1/24"],
        "mtu": 1400,
        "wakeonlan": True,
        "receive-checksum-offload": False,
        "set-name": "lan",
        "accept-ra": True,
    }
    found = variables(rendered(case({"ethernets": {"ix0": entry}}, others=("ix0",))))
    assert found["ifconfig_ix0_name"] == "lan"
    assert found["ifconfig_lan"] == (
        "inet 10.5.0.1 netmask 255.255.255.0 mtu 1400 -rxcsum wol_magic"
    )
    assert found["ifconfig_lan_ipv6"] == "inet6 accept_rtadv"


def test_addresses_of_the_loopback_are_aliases() -> None:
    lo = {"addresses": ["127.0.0.1/8", "10.255.0.1/32", "::1/128", "2001:db8::9/128"]}
    found = variables(rendered(case({"ethernets": {"lo": lo}})))
    assert found["ifconfig_lo0_alias0"] == "inet 10.255.0.1/32"
    assert found["ifconfig_lo0_alias1"] == "inet6 2001:db8::9 prefixlen 128"
    assert "ifconfig_lo0" not in found
    assert "ifconfig_lo0_alias2" not in found


def test_a_fib_goes_to_the_aggregate_behind_its_ports() -> None:
    found = variables(rendered(case(lagg0({"dhcp4": True})), 'ifconfig_hn0="DHCP fib 1 -tso"\n'))
    assert found["ifconfig_hn0"] == "up -tso"
    assert found["ifconfig_lagg0"] == f"{LAGG} fib 1 DHCP"


def test_routes_of_an_interface_are_in_its_fib() -> None:
    routes = [{"to": "default", "via": "10.0.0.1"}, {"to": "10.8.0.0/13", "via": "10.0.0.9"}]
    before = 'ifconfig_hn0="DHCP fib 1"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True, "routes": routes})), before))
    assert found["route_net_0_0_0_0_0"] == "default 10.0.0.1 -fib 1"
    assert found["route_net_10_8_0_0_13"] == "-net 10.8.0.0/13 10.0.0.9 -fib 1"
    assert "defaultrouter" not in found


def test_a_vrf_is_a_fib_where_the_kernel_has_that_many() -> None:
    vrf = {
        "vrf1": {
            "table": 1,
            "interfaces": ["lagg0"],
            "routes": [{"to": "default", "via": "10.0.0.1"}],
        }
    }
    result = rendered(case({"vrfs": vrf}), boot__loader_conf='net.fibs="2"\n')
    found = variables(result)
    assert found["ifconfig_lagg0"] == f"{LAGG} fib 1"
    assert found["route_net_0_0_0_0_0"] == "default 10.0.0.1 -fib 1"
    without = dropped(rendered(case({"vrfs": vrf})))
    assert "net.fibs" in without["vrfs.vrf1.table"]
    assert "net.fibs" in without["vrfs.vrf1.routes[0].via"]


def test_a_vlan_over_a_lagg_at_any_depth_has_no_duplicate_address_detection() -> None:
    config = {
        "ethernets": {"ix0": {"dhcp4": True}},
        "vlans": {
            "lagg0.10": {"id": 10, "link": "lagg0", "addresses": ["2001:db8:a::1/64"]},
            "inner": {"id": 3, "link": "lagg0.10", "addresses": ["2001:db8:b::1/64"]},
            "other": {"id": 4, "link": "ix0", "addresses": ["2001:db8:c::1/64"]},
        },
    }
    found = variables(rendered(case(config, others=("ix0",))))
    assert found["ifconfig_lagg0_10_ipv6"] == "inet6 no_dad 2001:db8:a::1 prefixlen 64"
    assert found["ifconfig_inner_ipv6"] == "inet6 no_dad 2001:db8:b::1 prefixlen 64"
    assert found["ifconfig_other_ipv6"] == "inet6 2001:db8:c::1 prefixlen 64"


def test_static_ipv6_is_not_given_a_routers_addresses_besides() -> None:
    """ifconfig_DEFAULT is for NICs that nobody said anything about."""
    before = 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n'
    static = lagg0({"addresses": ["192.0.2.5/24", "2001:db8:9::7e6/64"]})
    found = variables(rendered(case(static), before))
    assert found["ifconfig_lagg0_ipv6"] == "inet6 no_dad 2001:db8:9::7e6 prefixlen 64"
    asked = lagg0({"addresses": ["2001:db8:9::7e6/64"], "accept-ra": True})
    assert "accept_rtadv" in variables(rendered(case(asked), before))["ifconfig_lagg0_ipv6"]
    silent = variables(rendered(case(lagg0({"dhcp4": True})), before))
    assert silent["ifconfig_lagg0_ipv6"] == "inet6 no_dad accept_rtadv"
