"""The tree of values that know where they came from."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.tree import (
    Node,
    added,
    as_written,
    at,
    canonical,
    format_path,
    from_plain,
    leaves,
    natural,
    to_plain,
    walk,
)
from tests.strategies import shuffled

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
PLAIN = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.text("eth019²٣é", max_size=4), below, max_size=3)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_a_tree_gives_back_the_plain_values_it_was_made_from(plain: Any) -> None:
    assert to_plain(from_plain(plain)) == plain
    assert to_plain(added(plain)) == plain


@given(PLAIN)
def test_every_leaf_of_a_file_has_its_own_place_as_its_origin(plain: Any) -> None:
    tree = from_plain(plain, ("network",))
    for path, leaf in leaves(tree):
        assert leaf.origins == (("network", *path),)


@given(PLAIN)
def test_a_container_with_children_has_no_origin_and_what_is_added_has_none_at_all(
    plain: Any,
) -> None:
    assert all(not node.origins for _, node in walk(from_plain(plain)) if not node.is_leaf)
    assert all(not node.origins for _, node in walk(added(plain)))


def test_an_empty_container_is_a_leaf_with_an_origin() -> None:
    tree = from_plain({"link-local": [], "match": {}})
    assert {path: leaf.origins for path, leaf in leaves(tree)} == {
        ("link-local",): (("link-local",),),
        ("match",): (("match",),),
    }


@given(PLAIN)
def test_at_finds_every_node_that_walk_visits(plain: Any) -> None:
    tree = from_plain(plain)
    assert all(at(tree, path) is node for path, node in walk(tree))


def test_at_is_none_for_a_path_that_leads_nowhere() -> None:
    tree = from_plain({"a": [1]})
    for path in (("b",), ("a", 1), ("a", "b"), ("a", 0, "b"), ("a", 0, 0), (0,)):
        assert at(tree, path) is None


def test_walk_visits_parents_before_children() -> None:
    visited = [path for path, _ in walk(from_plain({"a": [{"b": 1}]}))]
    assert visited == [(), ("a",), ("a", 0), ("a", 0, "b")]


def test_a_path_is_written_as_people_write_it_with_odd_keys_quoted() -> None:
    assert format_path(("ethernets", "eth0", "addresses", 1)) == "ethernets.eth0.addresses[1]"
    assert format_path(("a", "b c", "10.0.0.1/8\n")) == "a['b c']['10.0.0.1/8\\n']"
    assert format_path(("addresses", "2001:db8::1/64", "label")) == "addresses.2001:db8::1/64.label"


def test_names_are_in_natural_order() -> None:
    names = ["eth10", "eth2", "eth", "eth1", "eth01", "eth1.10", "eth1.9", "10", "9", ""]
    assert sorted(names, key=natural) == [
        "",
        "9",
        "10",
        "eth",
        "eth01",
        "eth1",
        "eth1.9",
        "eth1.10",
        "eth2",
        "eth10",
    ]


def test_a_number_too_long_for_int_and_digits_of_other_scripts_have_an_order() -> None:
    assert natural("9" * 5000) < natural("1" + "0" * 5000)
    assert sorted(["²", "٣", "10"], key=natural)[0] == "10"


@given(st.text("eth019", max_size=6), st.text("eth019", max_size=6))
def test_different_texts_have_different_places_in_the_natural_order(one: str, other: str) -> None:
    assert (natural(one) == natural(other)) == (one == other)


@given(PLAIN, st.data())
def test_the_canonical_tree_does_not_depend_on_the_order_of_keys(
    plain: Any, data: st.DataObject
) -> None:
    def in_order(tree: Node) -> list[Any]:
        return [(path, node.value if node.is_leaf else None) for path, node in walk(tree)]

    other = shuffled(plain, data.draw)
    assert in_order(canonical(from_plain(other))) == in_order(canonical(from_plain(plain)))


@given(PLAIN)
def test_the_canonical_tree_has_the_same_values_and_origins(plain: Any) -> None:
    tree = from_plain(plain)
    assert canonical(tree) == tree


def test_a_leaf_is_quoted_in_yamls_words() -> None:
    quoted = [as_written(one) for one in (False, True, None, 100, "x")]
    assert quoted == ["false", "true", "null", "100", "'x'"]


def test_a_value_in_a_message_is_said_in_yamls_words() -> None:
    plain = {"stp": True, "addresses": ["10.0.0.4/24", None], "mtu": 1, "empty": {}}
    said = as_written(plain)
    assert said == "{stp: true, addresses: ['10.0.0.4/24', null], mtu: 1, empty: {}}"
    assert [as_written(one) for one in (True, 1, 1.0)] == ["true", "1", "1.0"]
