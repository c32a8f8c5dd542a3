"""Which NICs an entry below `ethernets` speaks of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.model import Kind, Nic, Pair
from hyperv_net.rewrite.matching import bearers, entry_matches, is_catch_all, nics_by_entry
from hyperv_net.tree import from_plain
from tests.building import hn, linux, mac, nic, rewritten, stacked, synthetic, value, vf


def fits(match: dict[str, Any] | None, one: Nic, device_id: str = "id0") -> bool:
    entry = from_plain({"match": match} if match is not None else {"dhcp4": True})
    return entry_matches(device_id, entry, one)


def test_without_match_the_id_is_the_name() -> None:
    assert fits(None, synthetic(), "eth0")
    assert not fits(None, synthetic(), "eth1")


def test_an_id_without_match_is_no_glob() -> None:
    assert not fits(None, synthetic(), "eth*")


def test_with_match_the_id_says_nothing() -> None:
    assert fits({"macaddress": mac(3)}, synthetic(3), "eth0")
    assert not fits({"macaddress": mac(3)}, synthetic(0), "eth0")


def test_all_properties_must_fit() -> None:
    assert fits({"macaddress": mac(), "driver": "hv_netvsc", "name": "eth0"}, synthetic())
    assert not fits({"macaddress": mac(), "driver": "hv_netvsc"}, vf())
    assert not fits({"macaddress": mac(), "name": "ens*"}, synthetic())


@pytest.mark.parametrize("pattern", ["eth0", "eth*", "e?h0", "eth[0-3]", "*"])
def test_a_name_is_a_glob(pattern: str) -> None:
    assert fits({"name": pattern}, synthetic())
    assert fits({"name": pattern}, nic("ens17")) == (pattern == "*")


@pytest.mark.parametrize(
    ("driver", "of_synthetic", "of_vf"),
    [
        ("hv_netvsc", True, False),
        ("hv_*", True, False),
        (["hv_netvsc", "mlx*"], True, True),
        ("!hv_netvsc", False, True),
        (["!hv_netvsc", "igb"], False, True),
        (["!hv_netvsc", "mlx5_core"], False, False),
        ([], False, False),
    ],
)
def test_a_driver_is_a_glob_a_list_or_inverted(
    driver: Any, of_synthetic: bool, of_vf: bool
) -> None:
    assert (fits({"driver": driver}, synthetic()), fits({"driver": driver}, vf())) == (
        of_synthetic,
        of_vf,
    )


def test_a_nic_without_driver_fits_only_what_is_inverted() -> None:
    bare = Nic("x0", mac=mac())
    assert not fits({"driver": "*"}, bare)
    assert fits({"driver": "!hv_netvsc"}, bare)


def test_a_driver_fits_under_the_name_that_ethtool_gives_it() -> None:
    assert fits({"driver": "mlx4_en"}, vf(driver="mlx4_core"))
    assert fits({"driver": "mlx4_core"}, vf(driver="mlx4_core"))
    assert fits({"driver": "hv_netvsc"}, hn())
    assert not fits({"driver": "!hv_netvsc"}, hn())


def test_a_mac_address_is_the_permanent_one_of_a_member() -> None:
    member = synthetic(1, mac=mac(0))
    assert fits({"macaddress": mac(1)}, member)
    assert not fits({"macaddress": mac(0)}, member)


def test_entries_fit_ethernet_and_failover_devices_only() -> None:
    failover = nic("eth9", kind=Kind.FAILOVER)
    inventory = linux(
        synthetic(), stacked("bond0", Kind.BOND), stacked("eth0.5", Kind.VLAN), failover
    )
    tree = from_plain({"ethernets": {"any": {"match": {"name": "*"}}, "bond0": {}}})
    assert {
        key: [one.name for one in nics] for key, nics in nics_by_entry(tree, inventory).items()
    } == {
        "any": ["eth0", "eth9"],
        "bond0": [],
    }


RENAMED = {"match": {"name": "eth0", "driver": "hv_netvsc"}, "set-name": "lan0"}


@pytest.mark.parametrize(
    ("nics", "found"),
    [
        ((synthetic(), vf()), "eth0"),
        ((synthetic(0, "lan0"), vf()), "lan0"),
        ((synthetic(1), vf(0, "lan0")), None),
        ((vf(0, "lan0"),), None),
        ((synthetic(0, "lan0"), synthetic(1, "eth0")), "eth0"),
    ],
)
def test_a_nic_that_was_renamed_already_still_fits_the_name_it_was_matched_by(
    nics: tuple[Nic, ...], found: str | None
) -> None:
    tree = from_plain({"ethernets": {"id0": RENAMED}})
    names = [one.name for one in nics_by_entry(tree, linux(*nics))["id0"]]
    assert names == ([found] if found else [])


def test_an_empty_match_beside_a_name_is_for_the_nic_of_that_name() -> None:
    entries = {"b": {"match": {}, "set-name": "eth0"}, "c": {"match": {}, "set-name": "eth2"}}
    found = nics_by_entry(from_plain({"ethernets": entries}), linux(synthetic(), vf()))
    assert {one: [nic.name for nic in nics] for one, nics in found.items()} == {
        "b": ["eth0"],
        "c": [],
    }


@pytest.mark.parametrize(
    ("entry", "is_one"),
    [
        ({"match": {"name": "e*"}}, True),
        ({"match": {"driver": "hv_netvsc"}}, True),
        ({"match": {}}, True),
        ({"match": {}, "set-name": "eth2"}, False),
        ({"match": {"path": "pci-1"}}, False),
        ({"match": {"name": "eth0"}}, False),
        ({}, False),
    ],
)
def test_an_entry_for_nics_yet_unseen_is_known_as_one(entry: dict[str, Any], is_one: bool) -> None:
    assert is_catch_all(from_plain(entry)) is is_one


def test_an_entry_that_names_nothing_known_of_a_nic_fits_none_and_an_empty_match_fits_all() -> None:
    entries = {"a": {"match": {"path": "pci-1"}}, "b": {"match": {}}}
    tree = from_plain({"ethernets": {**entries, "c": {"match": {"path": "x", "name": "eth0"}}}})
    found = nics_by_entry(tree, linux(synthetic(), vf()))
    assert {one: [nic.name for nic in nics] for one, nics in found.items()} == {
        "a": [],
        "b": ["enP0s1", "eth0"],
        "c": ["eth0"],
    }


def test_a_tree_without_ethernets_has_no_entries() -> None:
    assert nics_by_entry(from_plain({"version": 2}), linux(synthetic())) == {}


MATCHES = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {},
        optional={
            "macaddress": st.sampled_from([mac(card) for card in range(4)]),
            "name": st.sampled_from(["eth0", "eth1", "eth*", "enP?s1", "[e]*", "none"]),
            "driver": st.sampled_from(["hv_netvsc", "!hv_netvsc", "mlx*"]),
        },
    ),
)


@given(st.dictionaries(st.sampled_from(["eth0", "eth1", "enP1s1", "all"]), MATCHES))
def test_the_index_finds_what_comparing_every_nic_finds(matches: dict[str, Any]) -> None:
    nics = [half for card in range(3) for half in (synthetic(card), vf(card, mac=mac(0)))]
    entries = {
        key: {"dhcp4": True} if match is None else {"dhcp4": True, "match": match}
        for key, match in matches.items()
    }
    tree = from_plain({"ethernets": entries})
    for key, found in nics_by_entry(tree, linux(*nics)).items():
        entry = from_plain(entries[key])
        assert {one.name for one in found} == {
            one.name for one in nics if entry_matches(key, entry, one)
        }


def test_a_name_is_inverted_as_a_driver_is() -> None:
    """Azure's hotplug file of Ubuntu: `driver: hv_netvsc` and `name: "!eth0"`."""
    ephemeral = {"driver": "hv_netvsc", "name": "!eth0"}
    assert fits(ephemeral, synthetic(1)) and not fits(ephemeral, synthetic())
    assert not fits({"name": "!eth*"}, synthetic())
    tree = from_plain({"ethernets": {"ephemeral": {"match": ephemeral}}})
    found = nics_by_entry(tree, linux(synthetic(), vf(), synthetic(1), vf(1)))
    assert [one.name for one in found["ephemeral"]] == ["eth1"]


def test_all_words_of_a_list_are_inverted_by_the_first() -> None:
    """A later `!` is part of a pattern for systemd."""
    for pattern in (["!eth0", "eth1"], "!eth0 eth1"):
        assert not fits({"driver": pattern}, nic("a", 0, driver="eth1"))
        assert fits({"driver": pattern}, nic("a", 0, driver="eth2"))
    assert fits({"driver": ["!eth0", "!eth1"]}, nic("a", 0, driver="eth1"))


def test_azures_hotplug_entry_for_all_but_the_first_nic_is_the_second_pairs() -> None:
    config = """
        version: 2
        ethernets:
          eth0: {match: {name: eth0}, dhcp4: true}
          ephemeral: {match: {driver: hv_netvsc, name: "!eth0"}, dhcp4: true, optional: true}
    """
    result = rewritten(config, linux(synthetic(), vf(), synthetic(1), vf(1)))
    assert result.findings == ()
    assert {one.name for one in result.aggregates} == {"bond0", "bond1"}
    assert value(result, "bonds", "bond1", "optional") is True


@pytest.mark.parametrize(
    ("pair", "nics", "bearing"),
    [
        (Pair(mac(), synthetic(), vf()), [synthetic(), vf()], ["eth0"]),
        (Pair(mac(), None, vf()), [vf()], ["enP0s1"]),
        (
            Pair(mac(), nic("ens3nsby", bus="virtio"), nic("ens4")),
            [
                nic("ens3", kind=Kind.FAILOVER, driver="net_failover", bus=""),
                nic("ens3nsby", bus="virtio", master="ens3"),
                nic("ens4", master="ens3"),
            ],
            ["ens3"],
        ),
    ],
)
def test_of_a_card_one_nic_bears_what_an_entry_says(
    pair: Pair, nics: list[Nic], bearing: list[str]
) -> None:
    tree = from_plain({"ethernets": {"a": {"match": {"macaddress": mac()}, "dhcp4": True}}})
    (found,) = bearers(tree, linux(*nics), [pair]).values()
    assert [one.name for one in found] == bearing
