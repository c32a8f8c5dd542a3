"""What stays on a member, what moves, and how the two are declared."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.model import Pair
from hyperv_net.rewrite.members import (
    QUIET,
    STAYS_ON_MEMBER,
    declare_synthetic,
    declare_vf,
    merge,
    misplaced,
    movable,
)
from hyperv_net.tree import Node, at, format_path, from_plain, leaves, to_plain, walk
from tests.building import mac, synthetic, vf

QUIETLY = {key: to_plain(node) for key, node in QUIET.items()}


def test_settings_move_and_what_belongs_to_the_card_stays() -> None:
    entry = from_plain(
        {
            "match": {"macaddress": mac()},
            "set-name": "eth0",
            "wakeonlan": True,
            "receive-checksum-offload": False,
            "addresses": ["10.0.0.4/24"],
            "mtu": 9000,
            "no-such-key": 1,
        }
    )
    assert sorted(movable(entry, is_member=False)) == ["addresses", "mtu", "no-such-key"]


def test_what_keeps_a_member_quiet_moves_only_while_it_is_no_member() -> None:
    entry = from_plain({**QUIETLY, "mtu": 9000})
    assert sorted(movable(entry, is_member=False)) == sorted([*QUIETLY, "mtu"])
    assert sorted(movable(entry, is_member=True)) == ["mtu"]


def test_a_member_that_is_not_quiet_loses_its_settings_to_the_aggregate() -> None:
    assert sorted(movable(from_plain({"dhcp4": True, "optional": True}), is_member=True)) == [
        "dhcp4"
    ]


def test_keys_that_only_an_aggregate_has_are_refused_on_an_entry() -> None:
    entry = from_plain({"interfaces": ["x"], "parameters": {"mode": "802.3ad"}, "mtu": 9000})
    assert sorted(movable(entry, is_member=False)) == ["mtu"]
    assert [format_path(one.origin) for one in misplaced(entry)] == [
        "interfaces[0]",
        "parameters.mode",
    ]
    assert misplaced(from_plain({"mtu": 9000})) == ()


def test_the_synthetic_nic_is_told_apart_by_its_driver_and_keeps_its_identity() -> None:
    entry = from_plain({"set-name": "lan", "wakeonlan": True, "dhcp4": True, "mtu": 9000})
    assert to_plain(declare_synthetic(entry, synthetic(), None, was_member=False)) == {
        **QUIETLY,
        "match": {"macaddress": mac(), "driver": "hv_netvsc"},
        "set-name": "lan",
        "wakeonlan": True,
    }


def test_names_and_globs_give_way_to_address_and_driver_which_get_their_origins() -> None:
    entry = from_plain({"match": {"driver": ["hv_netvsc", "mlx*"], "name": "e*"}})
    for declared, name in (
        (declare_synthetic(entry, synthetic(), None, was_member=False), "hv_netvsc"),
        (declare_vf(entry, PAIR, None, was_member=False)[0], "!hv_netvsc"),
    ):
        match = declared.get("match")
        assert match is not None
        assert match.get("macaddress") == Node(mac(), (("match", "name"),))
        driver = Node(name, (("match", "driver", 0), ("match", "driver", 1)))
        assert dict(match.items()) == {"macaddress": match.get("macaddress"), "driver": driver}


def test_the_vf_is_whatever_else_has_the_address_and_is_never_renamed() -> None:
    entry = from_plain({"match": {"name": "enP*"}, "set-name": "fast", "dhcp4": True})
    declared, refused = declare_vf(entry, PAIR, None, was_member=False)
    assert to_plain(declared) == {
        **QUIETLY,
        "match": {"macaddress": mac(), "driver": "!hv_netvsc"},
    }
    assert [format_path(one.origin) for one in refused] == ["set-name"]


def test_members_have_the_renderer_of_their_aggregate() -> None:
    renderer = Node("NetworkManager", (("renderer",),))
    for declared in (
        declare_synthetic(Node({}), synthetic(), renderer, was_member=False),
        declare_vf(Node({}), PAIR, renderer, was_member=False)[0],
    ):
        assert declared.get("renderer") == Node("NetworkManager")


def test_a_members_own_quiet_settings_keep_their_origins_and_those_that_moved_do_not() -> None:
    entry = from_plain({"dhcp4": False})
    member = declare_synthetic(entry, synthetic(), None, was_member=True)
    assert member.get("dhcp4") == Node(False, (("dhcp4",),))
    assert member.get("dhcp6") == Node(False)
    assert declare_synthetic(entry, synthetic(), None, was_member=False).get("dhcp4") == Node(False)


#: The card whose NICs the entries are for.
PAIR = Pair(mac(), synthetic(), vf())

ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "dhcp4": st.booleans(),
        "link-local": st.sampled_from([[], ["ipv4"]]),
        "wakeonlan": st.booleans(),
        "set-name": st.just("eth0"),
        "match": st.fixed_dictionaries(
            {},
            optional={
                "macaddress": st.just(mac()),
                "driver": st.sampled_from(["hv_netvsc", "!hv_netvsc", ["hv_netvsc", "x"]]),
                "name": st.just("e*"),
            },
        ),
        "mtu": st.just(9000),
    },
)


@given(ENTRIES, st.booleans())
def test_declaring_what_was_declared_changes_nothing(plain: dict[str, Any], member: bool) -> None:
    once = declare_synthetic(from_plain(plain), synthetic(), None, was_member=member)
    assert declare_synthetic(once, synthetic(), None, was_member=True) == once
    once, _ = declare_vf(from_plain(plain), PAIR, None, was_member=member)
    assert declare_vf(once, PAIR, None, was_member=True) == (once, ())


@given(ENTRIES, st.booleans())
def test_every_leaf_moves_stays_or_is_refused(plain: dict[str, Any], member: bool) -> None:
    entry = from_plain(plain)
    moved = Node(movable(entry, is_member=member))
    for declared, refused in (
        (declare_synthetic(entry, synthetic(), None, was_member=member), ()),
        declare_vf(entry, PAIR, None, was_member=member),
    ):
        found = {
            origin for node in (declared, moved) for _, one in walk(node) for origin in one.origins
        }
        found |= {one.origin for one in refused}
        assert {path for path, _ in leaves(entry) if path} <= found


def test_a_setting_the_aggregate_has_not_is_taken_as_it_is() -> None:
    setting = from_plain(9000, ("ethernets", "eth0", "mtu"))
    assert merge(None, setting, ("bonds", "bond0", "mtu")) == (setting, ())


def test_equal_values_become_one_with_the_origins_of_both() -> None:
    one, other = from_plain(9000, ("a",)), from_plain(9000, ("b",))
    assert merge(one, other, ("mtu",)) == (Node(9000, (("a",), ("b",))), ())


def test_a_value_that_the_aggregate_contradicts_is_refused_with_the_reason() -> None:
    result, refused = merge(
        from_plain(1500, ("a",)), from_plain(9000, ("b",)), ("bonds", "bond0", "mtu")
    )
    assert result == from_plain(1500, ("a",))
    assert [(one.origin, one.reason) for one in refused] == [(("b",), "bonds.bond0.mtu says 1500")]
    _, (switch,) = merge(from_plain(False), from_plain(True, ("b",)), ("bonds", "bond0", "dhcp4"))
    assert switch.reason == "bonds.bond0.dhcp4 says false"


def test_true_and_one_are_different_values() -> None:
    result, _ = merge(from_plain([1], ("a",)), from_plain([True], ("b",)), ("x",))
    assert to_plain(result) == [1, True]


def test_lists_are_joined_in_order_and_equal_elements_become_one() -> None:
    one = from_plain([{"to": "default", "via": "10.0.0.1"}, {"to": "10.1.0.0/16"}], ("a",))
    other = from_plain([{"to": "10.2.0.0/16"}, {"to": "default", "via": "10.0.0.1"}], ("b",))
    result, refused = merge(one, other, ("routes",))
    assert refused == ()
    assert to_plain(result) == [
        {"to": "default", "via": "10.0.0.1"},
        {"to": "10.1.0.0/16"},
        {"to": "10.2.0.0/16"},
    ]
    via = at(result, (0, "via"))
    assert via is not None
    assert via.origins == (("a", 0, "via"), ("b", 1, "via"))


def test_mappings_are_merged_key_by_key() -> None:
    one = from_plain({"use-dns": True, "route-metric": 100}, ("a",))
    other = from_plain({"use-ntp": False, "route-metric": 200}, ("b",))
    result, refused = merge(one, other, ("bonds", "b", "dhcp4-overrides"))
    assert to_plain(result) == {"use-dns": True, "route-metric": 100, "use-ntp": False}
    assert [(format_path(r.origin), r.reason) for r in refused] == [
        ("b.route-metric", "bonds.b.dhcp4-overrides.route-metric says 100")
    ]


def test_a_list_and_a_scalar_contradict_each_other_leaf_by_leaf() -> None:
    _, refused = merge(from_plain("x", ("a",)), from_plain(["y", "z"], ("b",)), ("k",))
    assert [one.origin for one in refused] == [("b", 0), ("b", 1)]


def test_the_keys_of_quiet_are_no_part_of_a_cards_identity() -> None:
    assert not STAYS_ON_MEMBER & set(QUIET)
