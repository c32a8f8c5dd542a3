"""Trees merged as netplan merges its files, and what has to be done to one of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.renderers.netplan.adopt.merging import merge, missing, revise, revise_list, same
from hyperv_net.tree import Path

SCALARS = st.sampled_from([1, True, "x", "y"])
# Of one sort in every file, as netplan insists: s a scalar, l a list, m a mapping.
TREES = st.recursive(
    st.fixed_dictionaries({}, optional={"s": SCALARS, "l": st.lists(SCALARS, max_size=3)}),
    lambda inner: st.fixed_dictionaries(
        {}, optional={"s": SCALARS, "l": st.lists(SCALARS, max_size=3), "m": inner, "m2": inner}
    ),
    max_leaves=4,
)


@given(TREES, TREES, TREES)
def test_revised_parts_and_what_is_missing_of_them_are_what_is_wanted(
    first: dict[str, Any], second: dict[str, Any], wanted: dict[str, Any]
) -> None:
    """Whatever was there before, also where lists of two parts stand one behind the other."""
    together = merge(first, second)
    parts = [revise(one, wanted, together, (), set(), {}) for one in (first, second)]
    given_by_parts = merge(*parts)
    own = missing(wanted, given_by_parts) or {}
    assert same(_without_empty(merge(own, given_by_parts)), _without_empty(wanted))


def _without_empty(tree: Any) -> Any:
    """Without mappings that are empty, which netplan takes for nothing."""
    if not isinstance(tree, dict):
        return tree
    inner = {key: _without_empty(value) for key, value in tree.items()}
    return {key: value for key, value in inner.items() if value != {}}


@given(TREES)
def test_what_is_as_it_should_be_is_left_alone(tree: dict[str, Any]) -> None:
    gone: set[Path] = set()
    scalars: dict[Path, Any] = {}
    assert same(revise(tree, tree, tree, (), gone, scalars), tree)
    assert not gone
    assert not scalars
    assert missing(tree, tree) is None


def test_a_list_in_two_files_is_kept_whole_or_not_at_all() -> None:
    assert revise_list([1], [1, 2], [1, 2], (), {}) == [1]
    assert revise_list([1], [1, 3], [1, 2], (), {}) is None
    assert revise_list([1, 2], [1, 3], [1, 2, 1, 2], (), {}) is None
    assert revise_list([1, 2], [1, 2], [1, 2, 1, 2], (), {}) is None


def test_an_element_of_a_list_in_one_file_is_replaced_in_its_place() -> None:
    changed: dict[Path, Any] = {}
    assert revise_list(["a", "b"], ["c", "b"], ["a", "b"], ("x",), changed) == ["c", "b"]
    assert changed == {("x", 0): "c"}
