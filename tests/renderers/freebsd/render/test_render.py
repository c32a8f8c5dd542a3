"""What rc.conf says for each thing a network config can say."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.model import Rendered, Severity
from hyperv_net.tree import format_path, leaves
from tests.renderers.freebsd.render.rc_conf_case import case, mac, rendered, sourced, text_of

LAGG = "laggproto failover laggport hn0 laggport mce0"


def variables(result: Rendered) -> dict[str, str]:
    """The variables of our block, read off the text."""
    pairs = (line.partition("=") for line in text_of(result).splitlines() if "=" in line)
    return {name: value.strip('"') for name, _, value in pairs}


def lagg0(settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"bonds": {"lagg0": settings}, **more}


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
            {"ifconfig_lagg0": f"{LAGG} DHCP", "ifconfig_lagg0_alias0": "inet 10.0.0.4/24"},
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
            {"dhcp4": True, "control": "manual"},
            {"ifconfig_lagg0": f"{LAGG} DHCP NOAUTO"},
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


def dropped(result: Rendered) -> dict[str, str]:
    return {format_path(path): reason for path, reason in result.dropped.items()}


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


def test_a_renamed_synthetic_nic_is_configured_under_its_new_name() -> None:
    config = lagg0({"dhcp4": True}, ethernets={"hn0": {"set-name": "eth0"}})
    result = rendered(
        case(config), 'ifconfig_hn0="SYNCDHCP"\nifconfig_hn0_alias0="inet 10.1.1.1/32"\n'
    )
    found = variables(result)
    assert found["ifconfig_hn0_name"] == "eth0"
    assert found["ifconfig_eth0"] == "up"
    assert found["ifconfig_lagg0"] == "laggproto failover laggport eth0 laggport mce0 SYNCDHCP"
    assert found["ifconfig_lagg0_alias0"] == "inet 10.1.1.1/32"
    assert "ifconfig_hn0" not in found


def test_a_rename_that_rc_conf_has_already_counts() -> None:
    found = variables(rendered(case(lagg0({"dhcp4": True})), 'ifconfig_hn0_name="wan"\n'))
    assert found["ifconfig_wan"] == "up"
    assert found["ifconfig_lagg0"] == "laggproto failover laggport wan laggport mce0 DHCP"


def test_stock_cloud_inits_rename_of_the_vf_is_taken_out() -> None:
    before = 'ifconfig_mce0_name="eth0"\nifconfig_lagg0_name="eth0"\nifconfig_hn0="DHCP"\n'
    result = rendered(case(lagg0({"dhcp4": True})), before)
    assert "_name" not in text_of(result)
    assert [(one.rule, one.severity) for one in result.findings] == [
        ("pair-renamed", Severity.WARNING)
    ] * 2


def test_members_stay_without_ipv6_where_there_is_a_default_line() -> None:
    found = variables(
        rendered(case(lagg0({"dhcp4": True})), 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n')
    )
    for name in ("hn0", "mce0", "mlxen0", "mana0"):
        assert found[f"ifconfig_{name}_ipv6"] == ""
    assert found["ifconfig_lagg0_ipv6"] == "inet6 no_dad accept_rtadv"


def test_the_default_line_speaks_for_a_pair_of_which_nothing_else_does() -> None:
    found = variables(rendered(case(), 'ifconfig_DEFAULT="SYNCDHCP accept_rtadv"\n'))
    assert found["ifconfig_lagg0"] == f"{LAGG} SYNCDHCP"


def test_a_default_line_gives_members_of_a_bridge_no_address() -> None:
    config = {"ethernets": {"ix0": {}}, "bridges": {"bridge0": {"interfaces": ["ix0"]}}}
    found = variables(
        rendered(case(config, others=("ix0",)), 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n')
    )
    assert (found["ifconfig_ix0"], found["ifconfig_ix0_ipv6"]) == ("up", "")
    assert found["ifconfig_bridge0"] == "addm ix0"


def test_every_name_a_vf_may_return_under_is_kept_quiet_and_no_other_nics() -> None:
    rewritten = case(vfs=("mce0", None), others=("mlxen1", "mana7"))
    found = variables(rendered(rewritten))
    quiet = {name for name, value in found.items() if value == "NOAUTO"}
    names = ("mce0", "mce1", "mlxen0", "mlxen2", "mana0", "mana1")
    assert quiet == {f"ifconfig_{name}" for name in names}
    assert found["ifconfig_lagg1"] == "laggproto failover laggport hn1"


def test_an_address_under_a_vfs_possible_name_is_left_alone() -> None:
    before = 'ifconfig_mlxen0="inet 10.7.0.1/24"\n'
    result = rendered(case(lagg0({"dhcp4": True})), before)
    assert text_of(result).startswith(before)
    assert [one.rule for one in result.findings] == ["vf-name-in-use"]


def test_a_vf_that_is_away_keeps_its_port() -> None:
    before = f'ifconfig_lagg0="{LAGG} DHCP"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True}), vfs=(None,)), before))
    assert found["ifconfig_lagg0"] == f"{LAGG} DHCP"


def test_a_vf_that_returned_under_another_name_takes_the_old_ones_port() -> None:
    before = f'ifconfig_lagg0="{LAGG} DHCP"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True}), vfs=("mana0",)), before))
    assert found["ifconfig_lagg0"] == "laggproto failover laggport hn0 laggport mana0 DHCP"


def test_the_ports_of_an_aggregate_that_exists_are_kept_with_the_pair_first() -> None:
    before = 'ifconfig_lagg0="laggproto failover laggport ix5 laggport hn0"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True})), before))
    assert found["ifconfig_lagg0"] == f"{LAGG} laggport ix5 DHCP"


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


def test_one_default_route_is_had_and_the_others_are_reported() -> None:
    routes = [
        {"to": "default", "via": "10.0.0.254", "metric": 300},
        {"to": "0.0.0.0/0", "via": "10.0.0.1", "metric": 100},
    ]
    result = rendered(case(lagg0({"routes": routes})))
    assert variables(result)["defaultrouter"] == "10.0.0.1"
    assert "10.0.0.1" in dropped(result)["bonds.lagg0.routes[0].via"]
    assert "metric" in dropped(result)["bonds.lagg0.routes[1].metric"]


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
    assert [one.path for one in rendered(case()).files] == ["etc/rc.conf"]


def test_files_that_name_a_member_or_overrule_rc_conf_are_reported() -> None:
    result = rendered(
        case(lagg0({"dhcp4": True})),
        etc__pf_conf="# hn0\next_if = hn0 # hn0\nint_if = hn01\n",
        etc__rc_conf__local="",
    )
    assert [(one.rule, one.where) for one in result.findings] == [
        ("names-a-member", "etc/pf.conf: line 2")
    ]
    local = {"etc/rc.conf.local": 'ifconfig_lagg0="DHCP"\n', "etc/start_if.hn0": "echo\n"}
    from hyperv_net.renderers.freebsd import render as rc_conf

    found = rc_conf.render(case(lagg0({"dhcp4": True})), local).findings
    assert [(one.rule, one.where) for one in found] == [
        ("rc-conf-overridden", "etc/rc.conf.local: line 1"),
        ("names-a-member", "etc/start_if.hn0"),
    ]


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
        "renderer",
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


def test_a_route_whose_gateway_is_of_another_family_is_dropped() -> None:
    result = rendered(case(lagg0({"routes": [{"to": "10.8.0.0/13", "via": "2001:db8::1"}]})))
    assert "address family" in dropped(result)["bonds.lagg0.routes[0].to"]
    assert "route" not in text_of(result)


def test_words_of_rc_conf_that_mean_something_to_a_shell_are_not_written_anew() -> None:
    before = "ifconfig_lagg0='laggport $(touch x) laggport hn0 laggport ix5'\n"
    text = text_of(rendered(case(lagg0({"dhcp4": True})), before))
    assert text.startswith(f'ifconfig_lagg0="{LAGG} laggport ix5 DHCP"\n')
