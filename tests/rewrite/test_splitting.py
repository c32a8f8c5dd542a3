"""Writing an entry for several NICs out once for each card."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.model import Inventory, Nic, Severity
from hyperv_net.rewrite.splitting import split_shared_entries
from hyperv_net.tree import Node, at, from_plain, to_plain
from tests.building import NEW_KERNEL, linux, mac, nic, rewritten, synthetic, vf

MACHINE = linux(synthetic(), vf(), synthetic(1), vf(1), nic("eth7", 7))


def split(plain: dict[str, Any], inventory: Inventory = MACHINE) -> tuple[Node, list[str]]:
    pairs = find_pairs(inventory, ["hv_netvsc"]).pairs
    tree, findings = split_shared_entries(from_plain(plain), inventory, pairs, "nc.yaml")
    assert all(one.rule == "entry-split" and one.severity is Severity.NOTE for one in findings)
    return tree, [f"{one.where}: {one.message}" for one in findings]


def ethernets(plain: dict[str, Any], inventory: Inventory = MACHINE) -> Any:
    return to_plain(split({"ethernets": plain}, inventory)[0])["ethernets"]


def test_a_glob_over_pairs_and_another_nic_becomes_an_entry_for_each_card() -> None:
    assert ethernets({"all": {"match": {"name": "e*"}, "dhcp4": True}}) == {
        f"eth{card}": {"match": {"name": "e*", "macaddress": mac(card)}, "dhcp4": True}
        for card in (0, 1, 7)
    }


def test_the_finding_names_the_entry_and_its_parts_in_natural_order() -> None:
    _, findings = split({"ethernets": {"all": {"match": {"name": "e*"}}}})
    assert findings == [
        "nc.yaml: ethernets.all: it fits 5 NICs, a pair among them, "
        "and is written out as eth0, eth1, eth7"
    ]


def test_every_part_keeps_the_origins_of_the_entry() -> None:
    tree, _ = split({"ethernets": {"all": {"match": {"name": "e*"}, "mtu": 9000}}})
    for card in (0, 1, 7):
        for key in (("mtu",), ("match", "name")):
            leaf = at(tree, ("ethernets", f"eth{card}", *key))
            assert leaf is not None
            assert leaf.origins == (("ethernets", "all", *key),)


def test_an_entry_that_fits_one_card_only_is_left_as_it_is() -> None:
    plain = {"ethernets": {"one": {"match": {"macaddress": mac(0)}}, "eth1": {}}}
    pairs = find_pairs(MACHINE, ["hv_netvsc"]).pairs
    tree = from_plain(plain)
    assert split_shared_entries(tree, MACHINE, pairs, "nc.yaml") == (tree, ())
    assert split_shared_entries(tree, MACHINE, pairs, "nc.yaml")[0] is tree


def test_an_entry_over_ordinary_nics_only_is_left_as_it_is() -> None:
    inventory = linux(synthetic(), vf(), nic("eno1", 7), nic("eno2", 8))
    plain = {"ethernets": {"others": {"match": {"name": "eno*"}}}}
    assert split(plain, inventory) == (from_plain(plain), [])


def test_an_entry_over_vfs_is_split_by_card_too() -> None:
    assert sorted(ethernets({"vfs": {"match": {"driver": "mlx5_core"}}})) == ["eth0", "eth1"]


def test_the_id_of_a_part_stands_aside_for_an_entry_that_has_it() -> None:
    result = ethernets({"all": {"match": {"name": "eth*"}}, "eth1": {"mtu": 9000}})
    assert sorted(result) == ["all-eth1", "eth0", "eth1", "eth7"]
    assert result["eth1"] == {"mtu": 9000}


def test_an_entry_may_have_the_id_of_one_of_its_parts() -> None:
    assert sorted(ethernets({"eth0": {"match": {"name": "eth*"}}})) == ["eth0", "eth1", "eth7"]


def test_a_nic_without_an_address_is_told_apart_by_name() -> None:
    inventory = linux(synthetic(), vf(), Nic("eth9"))
    tree, _ = split({"ethernets": {"all": {"match": {"name": "eth*"}}}}, inventory)
    name = at(tree, ("ethernets", "eth9", "match", "name"))
    assert name == Node("eth9", (("ethernets", "all", "match", "name"),))


def test_what_refers_to_the_entry_refers_to_all_its_parts() -> None:
    tree, _ = split(
        {
            "ethernets": {"all": {"match": {"name": "eth*"}}},
            "bridges": {"br0": {"interfaces": ["all"], "parameters": {"path-cost": {"all": 5}}}},
            "vlans": {"v5": {"id": 5, "link": "all"}},
        }
    )
    plain = to_plain(tree)
    assert plain["bridges"]["br0"] == {
        "interfaces": ["eth0", "eth1", "eth7"],
        "parameters": {"path-cost": {"eth0": 5, "eth1": 5, "eth7": 5}},
    }
    assert plain["vlans"]["v5"]["link"] == "eth0"
    member = at(tree, ("bridges", "br0", "interfaces", 2))
    assert member is not None
    assert member.origins == (("bridges", "br0", "interfaces", 0),)


def test_a_part_of_the_synthetic_nic_has_its_name_and_a_part_of_the_vf_stands_aside() -> None:
    result = ethernets(
        {"all-en": {"match": {"name": "en*"}}, "all-eth": {"match": {"name": "eth*"}}}
    )
    assert {one: entry["match"]["name"] for one, entry in result.items()} == {
        "eth0": "eth*",
        "eth1": "eth*",
        "eth7": "eth*",
        "all-en-eth0": "en*",
        "all-en-eth1": "en*",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [("set-name", "lan0"), ("macaddress", "02:00:00:00:00:01"), ("addresses", ["10.0.0.4/24"])],
)
def test_what_one_nic_alone_can_have_is_an_error_that_names_the_cards(key: str, value: Any) -> None:
    tree = from_plain({"ethernets": {"all": {"match": {"driver": "hv_netvsc"}, key: value}}})
    pairs = find_pairs(MACHINE, ["hv_netvsc"]).pairs
    after, findings = split_shared_entries(tree, MACHINE, pairs, "nc.yaml")
    assert after is tree
    assert [(one.rule, one.severity, str(one.where)) for one in findings] == [
        ("entry-for-one", Severity.ERROR, f"nc.yaml: ethernets.all.{key}")
    ]
    assert "eth0 and eth1" in findings[0].message


def test_nothing_is_rewritten_while_an_entry_for_one_nic_fits_two() -> None:
    config = """
        version: 2
        ethernets:
          eth0: {dhcp4: true}
          zz: {match: {driver: "hv_*"}, set-name: eth0}
          zzz: {match: {name: "e*"}, set-name: lan0}
    """
    result = rewritten(config, linux(synthetic(), vf(), synthetic(1), vf(1), synthetic(2), vf(2)))
    assert {one.rule for one in result.findings} == {"entry-for-one"}
    assert result.aggregates == ()


@pytest.mark.parametrize(
    "nics", [(synthetic(), vf(), synthetic(1), vf(1)), (synthetic(), vf(), synthetic(1))]
)
@pytest.mark.parametrize("key", ["set-name: eth0", "addresses: [10.0.0.4/24]"])
def test_where_the_kernel_owns_the_pairs_such_an_entry_is_a_warning(
    key: str, nics: tuple[Nic, ...]
) -> None:
    """Microsoft's guide to IPv6: `driver: hv_netvsc` and set-name, on a machine of two NICs."""
    config = f"version: 2\nethernets: {{eth0: {{match: {{driver: hv_netvsc}}, {key}}}}}\n"
    result = rewritten(config, linux(*nics, kernel=NEW_KERNEL))
    (found,) = result.findings
    assert (found.rule, found.severity) == ("entry-for-one", Severity.WARNING)
    assert str(found.where).endswith(f"ethernets.eth0.{key.partition(':')[0]}")
    assert "fits eth0 and eth1," in found.message
    assert to_plain(result.tree)["ethernets"]["eth0"]["match"] == {"driver": "hv_netvsc"}


def test_an_entry_for_both_nics_of_one_card_or_for_any_number_is_no_warning() -> None:
    """The two of a card are one NIC to those who write it, and DHCP is for as many as there are."""
    machine = linux(synthetic(), vf(), synthetic(1), vf(1), kernel=NEW_KERNEL)
    for entry in (f"match: {{macaddress: '{mac()}'}}, mtu: 1400", "match: {name: e*}, dhcp4: true"):
        assert rewritten(f"version: 2\nethernets: {{one: {{{entry}}}}}\n", machine).findings == ()
    named = f"match: {{macaddress: '{mac()}'}}, set-name: lan0"
    found = rewritten(f"version: 2\nethernets: {{one: {{{named}}}}}\n", machine).findings
    assert "entry-for-one" not in {one.rule for one in found}
