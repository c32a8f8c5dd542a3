"""Which entries of a network config speak of a pair, and what becomes of them."""

from __future__ import annotations

import pytest

from hyperv_net.model import Inventory, Severity
from hyperv_net.tree import to_plain
from tests.building import (
    NEW_KERNEL,
    again,
    config,
    linux,
    mac,
    nic,
    refusals,
    rewritten,
    synthetic,
    value,
    vf,
)
from tests.rewrite.pairs import ONE, TWO, TWO_AND_ONE, aggregates, quiet, rules


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
          b:
            match: {driver: hv_netvsc, macaddress: '00:0d:3a:00:00:00'}
            addresses: [10.0.0.5/24]
            mtu: 9000
            wakeonlan: true
        """,
        ONE,
    )
    assert aggregates(result) == [("bond0", "a", "a-vf")]
    assert value(result, "bonds", "bond0", "addresses") == ["10.0.0.4/24", "10.0.0.5/24"]
    assert value(result, "bonds", "bond0", "mtu") == 1500
    assert value(result, "ethernets", "b") is None
    assert refusals(result) == {
        "ethernets.b.mtu": "bonds.bond0.mtu says 1500",
        "ethernets.b.match.macaddress": "ethernets.a declares the same NIC",
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


CATCH_ALLS = {
    "by name": "match: {name: 'e*'}",
    "by driver": "match: {driver: [hv_netvsc, mlx5_core]}",
    "every NIC": "match: {driver: '!e1000'}",
}


@pytest.mark.parametrize("match", CATCH_ALLS.values(), ids=list(CATCH_ALLS))
def test_a_catch_all_leaves_a_card_to_the_entry_before_it(match: str) -> None:
    """networkd uses the first file that fits, and netplan names files by id."""
    text = f"""
        version: 2
        ethernets:
          eth0: {{addresses: [10.0.0.4/24]}}
          zz-all: {{{match}, dhcp4: true}}
    """
    result = rewritten(text, TWO)
    assert "dhcp4" not in value(result, "bonds", "bond0")
    assert value(result, "bonds", "bond1", "dhcp4") is True
    one = rewritten(text, ONE)
    assert value(one, "bonds", "bond0", "addresses") == ["10.0.0.4/24"]
    assert "dhcp4" not in value(one, "bonds", "bond0")
    # What it says stays for others, behind the pair's members.
    assert value(one, "ethernets", "zz-all", "dhcp4") is True
    assert again(one, ONE).tree == again(again(one, ONE), ONE).tree
    assert to_plain(again(one, ONE).tree) == to_plain(one.tree)


def test_of_two_catch_alls_the_first_has_the_card() -> None:
    result = rewritten(
        "{version: 2, ethernets: {b: {match: {name: 'eth*'}, mtu: 1400},"
        " a: {match: {name: 'e*'}, mtu: 9000}}}",
        ONE,
    )
    assert value(result, "bonds", "bond0", "mtu") == 9000
    assert value(result, "ethernets", "b", "mtu") == 1400
    assert refusals(result) == {}


@pytest.mark.parametrize("machine", [TWO_AND_ONE, linux(nic("eth0"), kernel=NEW_KERNEL)])
def test_a_config_of_another_machine_is_a_warning_with_or_without_pairs(machine: Inventory) -> None:
    other = '{match: {macaddress: "00:0d:3a:99:99:99"}, set-name: eth0, dhcp4: true}'
    result = rewritten(f"{{version: 2, ethernets: {{id0: {other}}}}}", machine)
    (finding, *_) = result.findings
    assert (finding.rule, finding.severity) == ("config-without-nic", Severity.WARNING)
    assert "id0 (00:0d:3a:99:99:99)" in finding.message


def test_a_wrong_address_of_one_of_two_pairs_is_named_beside_the_pair_it_leaves() -> None:
    wrong = '{match: {macaddress: "00:0d:3a:99:99:99"}, dhcp4: true}'
    result = rewritten(f"{{version: 2, ethernets: {{eth0: {{}}, eth1: {wrong}}}}}", TWO_AND_ONE)
    assert rules(result) == [
        ("entry-without-nic", Severity.WARNING),
        ("pair-without-settings", Severity.NOTE),
    ]
    assert str(result.findings[0].where).endswith("ethernets.eth1")


def test_an_entry_for_a_nic_that_is_away_is_nothing_where_all_pairs_are_spoken_of() -> None:
    result = rewritten("{version: 2, ethernets: {eth0: {}, eth1: {}, eth8: {}}}", TWO_AND_ONE)
    assert rules(result) == []
