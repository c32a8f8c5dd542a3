"""The rewrite: settings to the aggregate, members declared, references moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.model import Inventory, Kind, Rewritten, Severity, System
from hyperv_net.tree import leaves, to_plain
from tests.building import (
    NEW_KERNEL,
    again,
    config,
    freebsd,
    hn,
    linux,
    mac,
    mce,
    nic,
    refusals,
    rewritten,
    stacked,
    synthetic,
    value,
    vf,
)
from tests.strategies import Machine, machines

ONE = linux(synthetic(), vf())
TWO = linux(synthetic(), vf(), synthetic(1), vf(1))
TWO_AND_ONE = linux(*TWO.nics, nic("eth7", 7))

QUIET = {"dhcp4": False, "dhcp6": False, "accept-ra": False, "link-local": [], "optional": True}


def quiet(driver: str = "hv_netvsc", own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The declaration of card 0's member of that driver, with what is the card's own."""
    return {**QUIET, "match": {"macaddress": mac(0), "driver": driver}, **(own or {})}


def aggregates(result: Rewritten) -> list[tuple[str, str, str]]:
    return [(one.name, one.synthetic_id, one.vf_id) for one in result.aggregates]


def rules(result: Rewritten) -> list[tuple[str, Severity]]:
    return [(one.rule, one.severity) for one in result.findings]


# The shape of the result


def test_a_pair_becomes_two_quiet_members_below_a_bond_with_the_settings() -> None:
    result = rewritten(
        """
        version: 2
        ethernets:
          eth0: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: eth0, dhcp4: true}
        """,
        ONE,
    )
    assert to_plain(result.tree) == {
        "version": 2,
        "ethernets": {
            "eth0": quiet(own={"set-name": "eth0"}),
            "eth0-vf": quiet("!hv_netvsc"),
        },
        "bonds": {
            "bond0": {
                "interfaces": ["eth0", "eth0-vf"],
                "macaddress": mac(0),
                "parameters": {
                    "mode": "active-backup",
                    "mii-monitor-interval": 100,
                    "primary": "eth0-vf",
                    "primary-reselect-policy": "always",
                    "all-slaves-active": True,
                },
                "dhcp4": True,
            }
        },
    }
    assert aggregates(result) == [("bond0", "eth0", "eth0-vf")]
    assert result.interfaces == {"eth0": "eth0", "eth0-vf": "enP0s1"}
    assert (result.findings, result.refused) == ((), ())


def test_on_freebsd_the_aggregate_is_a_failover_lagg_without_further_parameters() -> None:
    result = rewritten("{version: 2, ethernets: {hn0: {dhcp4: true}}}", freebsd(hn(), mce()))
    assert value(result, "bonds") == {
        "lagg0": {
            "interfaces": ["hn0", "hn0-vf"],
            "parameters": {"mode": "active-backup"},
            "dhcp4": True,
        }
    }
    assert result.interfaces == {"hn0": "hn0", "hn0-vf": "mce0"}


def test_all_slaves_are_active_only_where_the_host_sends_over_both_paths() -> None:
    virtio = linux(nic("eth0", driver="virtio_net", bus="virtio"), nic("ens17"), kernel=NEW_KERNEL)
    result = rewritten(
        "{version: 2, ethernets: {eth0: {dhcp4: true}}}", virtio, synthetic_drivers=["virtio_net"]
    )
    assert value(result, "bonds", "bond0", "parameters", "all-slaves-active") is None
    assert value(result, "ethernets", "eth0-vf", "match", "driver") == "!virtio_net"


def test_the_interval_of_link_checks_is_the_setting() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {dhcp4: true}}}", ONE, mii_monitor_interval=250
    )
    assert value(result, "bonds", "bond0", "parameters", "mii-monitor-interval") == 250


SETTINGS = """
addresses: [10.0.0.4/24, {2001:db8::4/64: {label: "eth0:1", lifetime: 0}}]
gateway4: 10.0.0.1
gateway6: 2001:db8::1
nameservers: {addresses: [10.0.0.53], search: [example.com]}
routes: [{to: 10.9.0.0/16, via: 10.0.0.1, metric: 5, table: 7, mtu: 1400, on-link: true}]
routing-policy: [{from: 10.0.0.4, table: 7, priority: 3}]
dhcp4: true
dhcp6: true
dhcp4-overrides: {route-metric: 100, use-dns: false}
dhcp6-overrides: {use-hostname: false}
dhcp-identifier: mac
accept-ra: true
ipv6-privacy: true
ipv6-mtu: 1400
mtu: 9000
link-local: [ipv4, ipv6]
optional: true
optional-addresses: [dhcp6]
macaddress: 02:00:00:00:00:01
activation-mode: manual
ignore-carrier: true
critical: true
no-such-key: {nested: [1, two]}
"""
CARDS_OWN = """
wakeonlan: true
receive-checksum-offload: false
tcp-segmentation-offload: true
emit-lldp: true
"""


def test_every_setting_moves_with_its_origins_and_what_is_the_cards_own_stays() -> None:
    plain = {"version": 2, "ethernets": {"eth0": yaml.safe_load(SETTINGS + CARDS_OWN)}}
    read = config(yaml.safe_dump(plain))
    result = rewritten(read, ONE)
    bond, member = value(result, "bonds", "bond0"), value(result, "ethernets", "eth0")
    for key in yaml.safe_load(SETTINGS):
        assert bond[key] == to_plain(read.tree)["ethernets"]["eth0"][key], key
        assert key in QUIET or key not in member, key
    for key, stays in yaml.safe_load(CARDS_OWN).items():
        assert member[key] == stays
        assert key not in bond
    assert member == quiet(own=yaml.safe_load(CARDS_OWN))
    origins = [origin for _, leaf in leaves(result.tree) for origin in leaf.origins]
    assert sorted(map(str, origins)) == sorted(str(path) for path, _ in read.leaves)


def test_members_have_the_renderer_of_the_entry() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {renderer: NetworkManager, dhcp4: true}}}", ONE
    )
    for path in (("ethernets", "eth0"), ("ethernets", "eth0-vf"), ("bonds", "bond0")):
        assert value(result, *path, "renderer") == "NetworkManager"


def test_top_level_keys_and_other_devices_stay() -> None:
    text = """
        version: 2
        renderer: networkd
        ethernets: {eth0: {dhcp4: true}, eth7: {dhcp6: true}}
        wifis: {wlan0: {dhcp4: true, access-points: {home: {password: "12345678"}}}}
        dummy-devices: {dm0: {addresses: [192.0.2.1/32]}}
        """
    result = rewritten(text, TWO_AND_ONE)
    before = to_plain(config(text).tree)
    for path in (("renderer",), ("ethernets", "eth7"), ("wifis",), ("dummy-devices",)):
        expected = before
        for key in path:
            expected = expected[key]
        assert value(result, *path) == expected


# Which entries speak of a pair


@pytest.mark.parametrize(
    "match",
    [
        "{macaddress: '00:0d:3a:00:00:00'}",
        "{macaddress: '00:0d:3a:00:00:00', driver: hv_netvsc}",
        "{driver: hv_netvsc}",
        "{driver: [hv_netvsc, mlx5_core]}",
        "{name: eth0}",
        "{name: 'e*'}",
    ],
)
def test_an_entry_that_matches_the_card_in_any_way_becomes_its_synthetic_member(
    match: str,
) -> None:
    result = rewritten(f"{{version: 2, ethernets: {{lan: {{match: {match}, mtu: 9000}}}}}}", ONE)
    assert aggregates(result) == [("bond0", "lan", "lan-vf")]
    assert value(result, "ethernets", "lan") == quiet()
    assert value(result, "bonds", "bond0", "mtu") == 9000


def test_a_glob_over_pairs_and_another_nic_gives_each_pair_its_own_aggregate() -> None:
    result = rewritten(
        "{version: 2, ethernets: {all: {match: {name: 'e*'}, dhcp4: true}}}", TWO_AND_ONE
    )
    assert aggregates(result) == [("bond0", "eth0", "eth0-vf"), ("bond1", "eth1", "eth1-vf")]
    assert value(result, "ethernets", "eth7") == {
        "match": {"name": "e*", "macaddress": mac(7)},
        "dhcp4": True,
    }
    assert value(result, "ethernets", "all") is None
    assert rules(result) == [("entry-split", Severity.NOTE)]


def test_a_bridge_over_a_glob_is_over_the_aggregates_and_the_other_nic() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {all: {match: {name: "e*"}}}
        bridges: {br0: {interfaces: [all]}}
        """,
        TWO_AND_ONE,
    )
    assert value(result, "bridges", "br0", "interfaces") == ["bond0", "bond1", "eth7"]


def test_several_entries_for_one_nic_are_joined_and_contradictions_refused() -> None:
    result = rewritten(
        """
        version: 2
        ethernets:
          a: {match: {name: eth0}, addresses: [10.0.0.4/24], mtu: 1500, wakeonlan: true}
          b: {match: {driver: hv_netvsc}, addresses: [10.0.0.5/24], mtu: 9000, wakeonlan: true}
        """,
        ONE,
    )
    assert aggregates(result) == [("bond0", "a", "a-vf")]
    assert value(result, "bonds", "bond0", "addresses") == ["10.0.0.4/24", "10.0.0.5/24"]
    assert value(result, "bonds", "bond0", "mtu") == 1500
    assert value(result, "ethernets", "b") is None
    assert refusals(result) == {
        "ethernets.b.mtu": "bonds.bond0.mtu says 1500",
        "ethernets.b.match.driver": "ethernets.a declares the same NIC",
        "ethernets.b.wakeonlan": "ethernets.a declares the same NIC",
    }


def test_an_entry_for_the_vf_joins_in_and_keeps_its_id() -> None:
    result = rewritten(
        """
        version: 2
        ethernets:
          eth0: {addresses: [10.0.0.4/24]}
          fast: {match: {name: "enP*"}, set-name: fast0, addresses: [10.0.0.5/24]}
        """,
        ONE,
    )
    assert aggregates(result) == [("bond0", "eth0", "fast")]
    assert value(result, "ethernets", "fast") == quiet("!hv_netvsc")
    assert value(result, "bonds", "bond0", "addresses") == ["10.0.0.4/24", "10.0.0.5/24"]
    assert list(refusals(result)) == ["ethernets.fast.set-name"]
    assert result.interfaces["fast"] == "enP0s1"


def test_an_entry_for_the_vf_alone_brings_its_settings_to_the_aggregate() -> None:
    result = rewritten("{version: 2, ethernets: {enP0s1: {dhcp4: true}}}", ONE)
    assert aggregates(result) == [("bond0", "eth0", "enP0s1")]
    assert value(result, "bonds", "bond0", "dhcp4") is True
    assert result.interfaces == {"eth0": "eth0", "enP0s1": "enP0s1"}


def test_keys_that_only_a_bond_has_do_not_decide_about_the_aggregate() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {interfaces: [x], parameters: {mode: balance-rr}}}}", ONE
    )
    assert value(result, "bonds", "bond0", "interfaces") == ["eth0", "eth0-vf"]
    assert value(result, "bonds", "bond0", "parameters", "mode") == "active-backup"
    assert sorted(refusals(result)) == [
        "ethernets.eth0.interfaces[0]",
        "ethernets.eth0.parameters.mode",
    ]


def test_a_vf_that_is_away_is_declared_ahead_of_an_entry_for_whatever_may_come() -> None:
    """networkd would otherwise give a VF that returns as enP1s1 to `all-en`, with DHCP."""
    catch_all = "all-en: {match: {name: 'en*'}, dhcp4: true}"
    text = f"version: 2\nethernets: {{eth0: {{dhcp4: true}}, {catch_all}}}"
    result = rewritten(text, linux(synthetic()), aggregate="always")
    assert aggregates(result) == [("bond0", "eth0", "0-eth0-vf")]
    assert "0-eth0-vf" < "all-en"
    assert value(result, "ethernets", "all-en", "dhcp4") is True
    assert again(result, linux(synthetic(), vf())).aggregates[0].vf_id == "0-eth0-vf"


def test_an_id_that_is_taken_is_not_used_for_a_member() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {eth0: {dhcp4: true}, eth0-vf: {match: {macaddress: "02:00:00:00:00:09"}}}
        """,
        ONE,
    )
    assert aggregates(result) == [("bond0", "eth0", "eth0-vf-member")]


def test_a_pair_that_nothing_speaks_of_is_left_alone_with_a_note() -> None:
    read = config("{version: 2, ethernets: {eth7: {dhcp4: true}}}")
    result = rewritten(read, TWO_AND_ONE)
    assert result.tree is read.tree
    assert result.aggregates == ()
    assert rules(result) == [("pair-without-settings", Severity.NOTE)] * 2


# References


REFERENCES = """
version: 2
ethernets:
  eth0:
    match: {macaddress: "00:0d:3a:00:00:00"}
    set-name: lan0
    routes: [{to: default, via: "fe80::1%lan0"}, {to: "2001:db8::/32", via: "fe80::2%eth0"}]
    nameservers: {addresses: ["fe80::53%enP0s1"]}
  eth7: {routes: [{to: "2001:db8:7::/48", via: "fe80::7%eth7"}]}
vlans: {v5: {id: 5, link: eth0}, v6: {id: 6, link: enP0s1}, v7: {id: 7, link: eth7}}
bridges:
  br0:
    interfaces: [eth0, eth7]
    parameters: {path-cost: {eth0: 5, eth7: 6}, port-priority: {eth0: 7}}
vrfs: {blue: {table: 9, interfaces: [v5, lan0]}}
tunnels: {t0: {mode: vxlan, id: 8, link: eth0, local: 10.0.0.4, remote: 10.0.0.9}}
"""


def test_every_reference_to_the_nic_its_vf_or_its_new_name_is_moved() -> None:
    result = rewritten(REFERENCES, TWO_AND_ONE)
    assert {key: value(result, "vlans", key, "link") for key in ("v5", "v6", "v7")} == {
        "v5": "bond0",
        "v6": "bond0",
        "v7": "eth7",
    }
    assert value(result, "bridges", "br0") == {
        "interfaces": ["bond0", "eth7"],
        "parameters": {"path-cost": {"bond0": 5, "eth7": 6}, "port-priority": {"bond0": 7}},
    }
    assert value(result, "vrfs", "blue", "interfaces") == ["v5", "bond0"]
    assert value(result, "tunnels", "t0", "link") == "bond0"
    bond = value(result, "bonds", "bond0")
    assert [route["via"] for route in bond["routes"]] == ["fe80::1%bond0", "fe80::2%bond0"]
    assert bond["nameservers"] == {"addresses": ["fe80::53%bond0"]}
    assert value(result, "ethernets", "eth7", "routes", 0, "via") == "fe80::7%eth7"


def test_zones_in_settings_of_no_device_are_moved_too() -> None:
    result = rewritten(
        """
        version: 1
        config:
          - {type: physical, name: eth0, subnets: [{type: dhcp}]}
          - {type: nameserver, address: "fe80::53%eth0"}
          - {type: route, destination: "2001:db8::/32", gateway: "fe80::1%eth0"}
        """,
        ONE,
    )
    assert value(result, "nameservers", "addresses") == ["fe80::53%bond0"]
    assert value(result, "routes", 0, "via") == "fe80::1%bond0"


@pytest.mark.parametrize("name", ["eth0", "enP0s1"])
def test_a_reference_alone_to_a_nic_that_is_not_declared_makes_the_aggregate(name: str) -> None:
    result = rewritten(f"{{version: 2, vlans: {{v5: {{id: 5, link: {name}}}}}}}", ONE)
    assert aggregates(result) == [("bond0", "eth0", "eth0-vf")]
    assert value(result, "vlans", "v5", "link") == "bond0"
    assert sorted(value(result, "ethernets")) == ["eth0", "eth0-vf"]


def test_a_bridge_over_both_halves_is_over_the_aggregate_once() -> None:
    result = rewritten(
        """
        version: 2
        bridges:
          br0: {interfaces: [eth0, enP0s1], parameters: {path-cost: {eth0: 5, enP0s1: 7}}}
        """,
        ONE,
    )
    assert value(result, "bridges", "br0", "interfaces") == ["bond0"]
    assert value(result, "bridges", "br0", "parameters", "path-cost") == {"bond0": 7}
    assert refusals(result) == {
        "bridges.br0.parameters.path-cost.eth0": "path-cost.enP0s1 says 7 for the same card"
    }


def test_the_kernels_name_of_a_nic_means_the_device_that_is_to_have_it() -> None:
    """The kernel probed the cards in the other order, and set-name puts that right."""
    swapped = linux(synthetic(0, "eth1"), vf(), synthetic(1, "eth0"), vf(1))
    result = rewritten(
        """
        version: 2
        ethernets:
          a: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: eth0,
              routes: [{to: default, via: "fe80::1%eth0"}]}
          b: {match: {macaddress: "00:0d:3a:00:00:01"}, set-name: eth1,
              routes: [{to: default, via: "fe80::1%eth1"}]}
        """,
        swapped,
    )
    assert aggregates(result) == [("bond0", "a", "a-vf"), ("bond1", "b", "b-vf")]
    for bond in ("bond0", "bond1"):
        assert value(result, "bonds", bond, "routes", 0, "via") == f"fe80::1%{bond}"
    assert result.interfaces["a"] == "eth0"
    assert result.kernel_names["a"] == "eth1"


def test_a_reference_to_another_devices_id_does_not_make_an_aggregate() -> None:
    """`eth1` is the id of an entry for card 0; card 1 happens to be called eth1 by the kernel."""
    swapped = linux(synthetic(0, "eth0"), vf(), synthetic(1, "eth1"), vf(1))
    result = rewritten(
        """
        version: 2
        ethernets: {eth1: {match: {macaddress: "00:0d:3a:00:00:00"}}}
        vlans: {v5: {id: 5, link: eth1}}
        """,
        swapped,
    )
    assert aggregates(result) == [("bond1", "eth1", "eth1-vf")]
    assert value(result, "vlans", "v5", "link") == "bond1"


# Aggregates of the administrator


OWN_BOND = """
version: 2
ethernets: {eth0: {dhcp4: false, mtu: 9000}}
bonds:
  uplink:
    interfaces: [eth0]
    parameters: {mode: active-backup, mii-monitor-interval: 50}
    addresses: [10.0.0.4/24]
"""


def test_an_administrators_bond_over_the_nic_is_kept_and_the_vf_joins_it() -> None:
    result = rewritten(OWN_BOND, ONE)
    assert value(result, "bonds") == {
        "uplink": {
            "interfaces": ["eth0", "eth0-vf"],
            "parameters": {
                "mode": "active-backup",
                "mii-monitor-interval": 50,
                "primary": "eth0-vf",
            },
            "addresses": ["10.0.0.4/24"],
            "mtu": 9000,
        }
    }
    assert [one.administrators for one in result.aggregates] == [True]
    assert result.findings == ()


def test_a_members_setting_that_the_administrators_bond_contradicts_is_refused() -> None:
    result = rewritten(OWN_BOND.replace("addresses:", "mtu: 1500\n    addresses:"), ONE)
    assert value(result, "bonds", "uplink", "mtu") == 1500
    assert refusals(result) == {"ethernets.eth0.mtu": "bonds.uplink.mtu says 1500"}


@pytest.mark.parametrize("members", ["[eth0]", "[enP0s1]", "[eth0, enP0s1]", "[enP0s1, eth0]"])
def test_a_bond_over_nics_that_are_not_declared_is_kept_too(members: str) -> None:
    result = rewritten(
        f"{{version: 2, bonds: {{uplink: {{interfaces: {members}, parameters:"
        " {mode: active-backup, primary: enP0s1}}}}",
        ONE,
    )
    assert [name for name, _, _ in aggregates(result)] == ["uplink"]
    assert sorted(value(result, "bonds", "uplink", "interfaces")) == ["eth0", "eth0-vf"]
    assert value(result, "bonds", "uplink", "parameters", "primary") == "eth0-vf"
    assert list(value(result, "bonds")) == ["uplink"]


def test_a_primary_that_the_administrator_chose_is_kept() -> None:
    result = rewritten(OWN_BOND.replace("{mode:", "{primary: eth0, mode:"), ONE)
    assert value(result, "bonds", "uplink", "parameters", "primary") == "eth0"


def test_a_bond_that_has_both_members_already_is_left_as_it_is() -> None:
    bond = "{interfaces: [eth0, enP0s1], parameters: {mode: active-backup}}"
    result = rewritten(
        f"{{version: 2, ethernets: {{eth0: {{}}, enP0s1: {{}}}}, bonds: {{uplink: {bond}}}}}", ONE
    )
    assert value(result, "bonds", "uplink") == yaml.safe_load(bond)


def test_a_member_that_the_bond_calls_by_its_kernel_name_is_quiet_by_its_own_will() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {lan: {match: {macaddress: "00:0d:3a:00:00:00"}, dhcp4: false}}
        bonds: {uplink: {interfaces: [eth0], parameters: {mode: active-backup}, dhcp4: true}}
        """,
        ONE,
    )
    assert value(result, "bonds", "uplink", "interfaces") == ["lan", "lan-vf"]
    assert value(result, "bonds", "uplink", "dhcp4") is True
    assert result.refused == ()


def test_one_bond_of_the_administrator_over_two_pairs_takes_all_four_members() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {eth0: {}, eth1: {}}
        bonds: {uplink: {interfaces: [eth0, eth1], parameters: {mode: active-backup}}}
        """,
        TWO,
    )
    assert aggregates(result) == [("uplink", "eth0", "eth0-vf"), ("uplink", "eth1", "eth1-vf")]
    assert value(result, "bonds", "uplink") == {
        "interfaces": ["eth0", "eth1", "eth0-vf", "eth1-vf"],
        "parameters": {
            "mode": "active-backup",
            "primary": "eth0-vf",
            "mii-monitor-interval": 100,
        },
    }
    assert rules(result) == [("aggregate-unwatched", Severity.NOTE)]


def test_an_administrators_bond_that_watches_by_arp_gets_no_second_monitor() -> None:
    parameters = "{mode: active-backup, arp-interval: 100, arp-ip-targets: [10.0.0.1]}"
    text = (
        f"ethernets: {{eth0: {{}}}}, bonds: {{b: {{interfaces: [eth0], parameters: {parameters}}}}}"
    )
    result = rewritten(f"{{version: 2, {text}}}", ONE)
    assert value(result, "bonds", "b", "parameters", "mii-monitor-interval") is None
    assert rules(result) == []


def test_a_bond_that_prefers_the_synthetic_nic_is_warned_of() -> None:
    parameters = "{mode: active-backup, primary: eth0, mii-monitor-interval: 100}"
    text = (
        f"ethernets: {{eth0: {{}}}}, bonds: {{b: {{interfaces: [eth0], parameters: {parameters}}}}}"
    )
    result = rewritten(f"{{version: 2, {text}}}", ONE)
    assert rules(result) == [("aggregate-primary", Severity.WARNING)]


def test_the_name_that_the_synthetic_nic_is_to_have_is_no_aggregates() -> None:
    entry = f"{{match: {{macaddress: '{mac(0)}'}}, set-name: bond0, dhcp4: true}}"
    result = rewritten(f"{{version: 2, ethernets: {{bond0: {entry}}}}}", ONE)
    assert result.aggregates[0].name == "bond1"


@pytest.mark.parametrize(
    ("parameters", "mode"),
    [("{mode: 802.3ad}", "802.3ad"), ("{mii-monitor-interval: 100}", "balance-rr")],
)
def test_a_bond_whose_mode_sends_over_both_members_is_warned_of_once_and_left(
    parameters: str, mode: str
) -> None:
    result = rewritten(
        f"""
        version: 2
        ethernets: {{eth0: {{}}, eth1: {{}}}}
        bonds: {{uplink: {{interfaces: [eth0, eth1], parameters: {parameters}}}}}
        """,
        TWO,
    )
    assert rules(result) == [("aggregate-mode", Severity.WARNING)]
    assert f"its mode is {mode}" in result.findings[0].message
    assert result.findings[0].where == "network-config.yaml: bonds.uplink.parameters.mode"
    assert value(result, "bonds", "uplink", "parameters") == yaml.safe_load(parameters)


def test_on_freebsd_an_administrators_lagg_gets_no_primary() -> None:
    result = rewritten(
        """
        version: 2
        bonds: {lagg7: {interfaces: [hn0], parameters: {mode: active-backup}}}
        """,
        freebsd(hn(), mce()),
    )
    assert value(result, "bonds", "lagg7", "parameters") == {"mode": "active-backup"}
    assert value(result, "bonds", "lagg7", "interfaces") == ["hn0", "hn0-vf"]


def test_a_pair_torn_between_two_bonds_is_an_error_and_left_alone() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {eth0: {}, enP0s1: {}, eth1: {dhcp4: true}}
        bonds: {a: {interfaces: [eth0]}, b: {interfaces: [enP0s1]}}
        """,
        TWO,
    )
    assert rules(result) == [("pair-in-two-aggregates", Severity.ERROR)]
    assert "a and b" in result.findings[0].message
    assert aggregates(result) == [("bond1", "eth1", "eth1-vf")]
    assert value(result, "bonds", "b", "interfaces") == ["enP0s1"]


def test_a_bond_over_other_nics_is_an_ordinary_device() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {eth0: {dhcp4: true}, eth7: {}}
        bonds: {bond0: {interfaces: [eth7], parameters: {mode: 802.3ad}}}
        """,
        TWO_AND_ONE,
    )
    assert aggregates(result) == [("bond1", "eth0", "eth0-vf")]
    assert value(result, "bonds", "bond0") == {
        "interfaces": ["eth7"],
        "parameters": {"mode": "802.3ad"},
    }


# Names


def test_a_name_that_the_configuration_has_taken_gives_way_to_the_next() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {}}, dummy-devices: {bond0: {}, bond1: {}}}", ONE
    )
    assert [name for name, _, _ in aggregates(result)] == ["bond2"]


def test_a_name_that_the_machine_has_taken_gives_way_to_the_next() -> None:
    other = stacked("bond0", Kind.BOND, ("eth7",), 7)
    inventory = linux(synthetic(), vf(), nic("eth7", 7, master="bond0"), other)
    result = rewritten("{version: 2, ethernets: {eth0: {}}}", inventory)
    assert [name for name, _, _ in aggregates(result)] == ["bond1"]


def test_an_aggregate_over_nothing_does_not_take_the_name() -> None:
    """The bonding module makes an empty bond0 by itself, and an earlier run may leave one."""
    inventory = linux(synthetic(), vf(), stacked("bond0", Kind.BOND, (), 9))
    result = rewritten("{version: 2, ethernets: {eth0: {}}}", inventory)
    assert [name for name, _, _ in aggregates(result)] == ["bond0"]


def test_the_name_of_a_running_aggregate_is_kept() -> None:
    inventory = linux(
        synthetic(master="bond5"), vf(master="bond5"), stacked("bond5", Kind.BOND, ("eth0",))
    )
    result = rewritten("{version: 2, ethernets: {eth0: {dhcp4: true}}}", inventory)
    assert aggregates(result) == [("bond5", "eth0", "eth0-vf")]


def test_the_unit_of_a_lagg_is_the_hn_devices_though_the_nic_is_renamed() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {dhcp4: true}}}", freebsd(hn(3, "eth0"), mce(3))
    )
    assert aggregates(result) == [("lagg3", "eth0", "eth0-vf")]
    assert result.interfaces["eth0"] == "eth0"
    assert result.kernel_names["eth0"] == "hn3"


def test_who_gets_the_first_free_name_does_not_depend_on_the_kernels_names() -> None:
    text = """
        version: 2
        ethernets:
          lan: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: lan}
          wan: {match: {macaddress: "00:0d:3a:00:00:01"}, set-name: wan}
        """
    for names in (("a", "b"), ("b", "a")):
        nics = [synthetic(card, name) for card, name in enumerate(names)]
        result = rewritten(text, linux(*nics, vf(0), vf(1)))
        assert [(name, one) for name, one, _ in aggregates(result)] == [
            ("bond0", "lan"),
            ("bond1", "wan"),
        ]


# No pair, no change


@pytest.mark.parametrize(
    "inventory",
    [
        linux(nic("eth0")),
        linux(synthetic(), vf(master="eth0"), kernel=NEW_KERNEL),
        linux(synthetic()),
        freebsd(hn(), mce(), transparent=True),
        linux(),
    ],
)
def test_without_a_pair_to_aggregate_the_tree_is_the_same_object(inventory: Inventory) -> None:
    read = config(REFERENCES)
    result = rewritten(read, inventory)
    assert result.tree is read.tree
    assert (result.aggregates, result.refused, result.findings) == ((), (), ())


def test_ids_of_ordinary_nics_have_their_names_where_a_nic_answers() -> None:
    result = rewritten(
        """
        version: 2
        ethernets:
          a: {match: {macaddress: "00:0d:3a:00:00:07"}, set-name: lan}
          ghost: {match: {macaddress: "00:0d:3a:00:00:63"}}
          both: {match: {name: "eno*"}}
        """,
        linux(nic("eth7", 7), nic("eno1", 8), nic("eno2", 9)),
    )
    assert result.interfaces == {"a": "lan"}
    assert result.kernel_names == {"a": "eth7"}


# Again


SHAPES = {
    "by name": "{version: 2, ethernets: {eth0: {dhcp4: true, dhcp6: false, optional: true}}}",
    "by MAC": "{version: 2, ethernets: {x: {match: {macaddress: '00:0d:3a:00:00:00'}, mtu: 9000}}}",
    "by glob": "{version: 2, ethernets: {all: {match: {name: 'e*'}, dhcp4: true}}}",
    "by driver": "{version: 2, ethernets: {d: {match: {driver: hv_netvsc}, renderer: networkd}}}",
    "the VF alone": "{version: 2, ethernets: {enP0s1: {dhcp4: true}}}",
    "references": REFERENCES,
    "reference alone": "{version: 2, vlans: {v5: {id: 5, link: eth0}}}",
    "own bond": OWN_BOND,
    "own bond, undeclared": "{version: 2, bonds: {u: {interfaces: [eth0, enP0s1]}}}",
    "renamed": "{version: 2, ethernets: {x: {match: {driver: hv_netvsc, name: eth0},"
    " set-name: lan0, link-local: [ipv4]}}}",
}

CHANGES = {
    "the same machine": TWO_AND_ONE.nics,
    "the VFs are away": (synthetic(), synthetic(1), nic("eth7", 7)),
    "the VFs have new names": (
        *TWO_AND_ONE.nics[::2],
        vf(0, "enP30832s1"),
        vf(1, "rename5"),
    ),
    "the VFs have another driver": (
        *TWO_AND_ONE.nics[::2],
        vf(0, driver="mana"),
        vf(1, driver="mlx4_core"),
    ),
    "the kernel swapped the names": (
        synthetic(0, "eth1"),
        vf(0),
        synthetic(1, "eth0"),
        vf(1),
        nic("eth7", 7),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("change", CHANGES)
def test_rewriting_what_was_rewritten_changes_nothing(shape: str, change: str) -> None:
    first = rewritten(SHAPES[shape], TWO_AND_ONE)
    assert first.aggregates
    second = again(first, linux(*CHANGES[change]))
    assert to_plain(second.tree) == to_plain(first.tree)
    assert second.refused == ()
    if change != "the VFs are away":
        assert aggregates(second) == aggregates(first)


def test_a_vf_that_was_away_joins_under_the_id_that_was_made_for_it() -> None:
    text = "{version: 2, ethernets: {hn0: {dhcp4: true}}}"
    first = rewritten(text, freebsd(hn()))
    assert "hn0-vf" not in first.interfaces
    second = again(first, freebsd(hn(), mce()))
    assert to_plain(second.tree) == to_plain(first.tree)
    assert second.interfaces["hn0-vf"] == "mce0"
    assert to_plain(rewritten(text, freebsd(hn(), mce())).tree) == to_plain(first.tree)


def test_where_the_bond_runs_the_original_config_gives_the_same_result() -> None:
    text = "{version: 2, ethernets: {eth0: {dhcp4: true}}}"
    bond = stacked("bond0", Kind.BOND, ("eth0", "enP0s1"))
    running = linux(synthetic(master="bond0"), vf(master="bond0"), bond)
    assert rewritten(text, running).tree == rewritten(text, ONE).tree


@given(machines())
def test_rewriting_any_rewritten_tree_changes_nothing(machine: Machine) -> None:
    inventory = machine.inventory
    if inventory.system is System.LINUX:
        inventory = inventory._replace(nics=inventory.nics[:-1])
    first = rewritten(yaml.safe_dump(machine.config), machine.inventory)
    second = again(first, inventory)
    assert to_plain(second.tree) == to_plain(first.tree)


@given(machines(), st.data())
def test_the_order_of_nics_does_not_matter(machine: Machine, data: st.DataObject) -> None:
    nics = tuple(data.draw(st.permutations(machine.inventory.nics)))
    read = config(yaml.safe_dump(machine.config))
    one = rewritten(read, machine.inventory)
    other = rewritten(read, machine.inventory._replace(nics=nics))
    assert (other.tree, other.aggregates, other.interfaces, other.refused, other.findings) == (
        one.tree,
        one.aggregates,
        one.interfaces,
        one.refused,
        one.findings,
    )


@given(machines())
def test_no_reference_leads_to_a_device_that_is_gone(machine: Machine) -> None:
    result = rewritten(yaml.safe_dump(machine.config), machine.inventory)
    plain = to_plain(result.tree)
    kinds = ("ethernets", "bonds", "bridges", "vlans")
    declared = {key for kind in kinds for key in plain.get(kind, {})}
    before = {key for kind in kinds for key in machine.config.get(kind, {})}
    for kind in kinds[1:]:
        for device in plain.get(kind, {}).values():
            for name in [*device.get("interfaces", []), *filter(None, [device.get("link")])]:
                assert name in declared, (name, before)
