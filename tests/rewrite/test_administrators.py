"""An aggregate that an administrator configured over a NIC of a pair is kept."""

from __future__ import annotations

import pytest
import yaml

from hyperv_net.companions.wanted_file import wanted_from
from hyperv_net.model import Severity
from tests.building import decided, freebsd, hn, mac, mce, refusals, rewritten, value
from tests.rewrite.pairs import ONE, OWN_BOND, TWO, TWO_AND_ONE, aggregates, rules


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
    assert rules(result) == [("aggregate-unwatched", Severity.WARNING)]


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
    assert str(result.findings[0].where) == "network-config.yaml: bonds.uplink.parameters.mode"
    assert value(result, "bonds", "uplink", "parameters") == yaml.safe_load(parameters)
    # No VF is put into it: the pairs are left alone, and both are named.
    assert value(result, "bonds", "uplink", "interfaces") == ["eth0", "eth1"]
    assert aggregates(result) == []
    assert f"eth0 ({mac(0)}) and eth1 ({mac(1)})" in result.findings[0].message
    wanted = wanted_from(result, decided(TWO).decisions, "netplan")
    assert wanted.pairs == ()


def test_a_bond_that_spreads_is_left_while_another_pair_gets_its_aggregate() -> None:
    result = rewritten(
        """
        version: 2
        ethernets: {eth0: {}, enP0s1: {}, eth1: {dhcp4: true}}
        bonds: {uplink: {interfaces: [eth0, enP0s1], parameters: {mode: balance-xor}}}
        """,
        TWO,
    )
    assert rules(result) == [("aggregate-mode", Severity.WARNING)]
    assert aggregates(result) == [("bond1", "eth1", "eth1-vf")]
    assert value(result, "ethernets", "enP0s1") == {}
    assert value(result, "bonds", "uplink", "interfaces") == ["eth0", "enP0s1"]


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


def test_a_member_is_meant_by_its_id_though_the_other_nic_has_that_name() -> None:
    """Ids are ids: the kernel's names count where nothing is declared under them."""
    match = f"macaddress: '{mac()}'"
    result = rewritten(
        f"""
        version: 2
        ethernets:
          eth0: {{match: {{{match}, driver: "!hv_netvsc"}}}}
          enP0s1: {{match: {{{match}, driver: hv_netvsc}}}}
        bonds:
          u:
            interfaces: [enP0s1, eth0]
            parameters: {{mode: active-backup, primary: eth0}}
        """,
        ONE,
    )
    assert aggregates(result) == [("u", "enP0s1", "eth0")]
    assert value(result, "bonds", "u", "parameters", "primary") == "eth0"
    assert result.findings == ()
