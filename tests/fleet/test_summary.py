"""A summary is the same however the machines were split, and of one size however many they are."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.fleet import summary
from hyperv_net.fleet.index import index_page
from hyperv_net.fleet.merging import from_json
from hyperv_net.fleet.model import Found, Row
from hyperv_net.fleet.summary import (
    EMPTY,
    MOST_GROUPS,
    MOST_RULES,
    document,
    merge,
    of,
)
from hyperv_net.fleet.tables import groups_csv, summary_text

LEVELS = ("fine", "look", "settings", "network")


def row(machine: int, shape: int, level: int = 0, rules: Iterable[int] = (), exact: int = 0) -> Row:
    """A row whose group has one verdict and one list of findings, as groups have."""
    found = tuple(Found(f"rule-{one}", "warning", "", 1) for one in sorted({*rules}))
    return Row(
        id=f"vm-{machine}",
        system="linux",
        target=("netplan", "networkd")[shape % 2],
        level=LEVELS[level],
        modes={"aggregate": shape % 3},
        aggregates=("bond0",) * (shape % 3),
        settings={"kept": shape, "dropped": 0},
        files={"create": shape % 2, "same": 1},
        severities={"warning": len(found)},
        found=found,
        further=0,
        shape=f"{shape:016x}",
        exact=f"{exact:016x}",
        errors=(),
    )


ROWS = st.lists(
    st.builds(
        lambda machine, shape, exact: row(machine, shape, shape % 4, range(shape % 5), exact),
        st.integers(0, 20),
        st.integers(0, 9),
        st.integers(0, 3),
    ),
    max_size=30,
)


def text(one: summary.Summary) -> str:
    return json.dumps(document(one))


def folded(rows: list[Row], draw: st.DataObject) -> summary.Summary:
    """The summary by some tree of merges over the rows in some order."""
    parts = [of(one) for one in draw.draw(st.permutations(rows))] + [EMPTY]
    while len(parts) > 1:
        place = draw.draw(st.integers(0, len(parts) - 2))
        one, other = parts.pop(place), parts.pop(place)
        pair = (one, other) if draw.draw(st.booleans()) else (other, one)
        parts.insert(draw.draw(st.integers(0, len(parts))), merge(*pair))
    return parts[0]


@given(ROWS, st.data(), st.sampled_from([2, 5, 256]))
def test_any_split_in_any_order_gives_the_same_bytes(
    rows: list[Row], draw: st.DataObject, most: int
) -> None:
    """Also where there is no room for all groups and all rules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary, "MOST_GROUPS", most)
        patch.setattr(summary, "MOST_RULES", most)
        whole = summary.summary_of(rows)
        assert text(folded(rows, draw)) == text(whole)
        again = from_json(text(whole), "summary.json")
        assert text(again) == text(whole)


@given(ROWS)
def test_the_empty_summary_changes_nothing(rows: list[Row]) -> None:
    whole = summary.summary_of(rows)
    assert merge(whole, EMPTY) == merge(EMPTY, whole) == whole


def test_it_stays_of_one_size_and_counts_whom_it_has_no_room_for() -> None:
    many = MOST_GROUPS + 40
    rows = [row(one, one, int(one == many - 1), [one]) for one in range(many) for _ in range(2)]
    whole = summary.summary_of(rows)
    assert (len(whole.groups), len(whole.rules)) == (MOST_GROUPS, MOST_RULES)
    assert (whole.machines, whole.in_further_groups) == (2 * many, 80)
    assert {one.machines for one in whole.groups.values()} == {2}


def test_the_worst_groups_are_never_those_that_there_is_no_room_for() -> None:
    rows = [row(one, one, level=3 if one % 50 == 49 else 0) for one in range(2 * MOST_GROUPS)]
    whole = summary.summary_of(rows)
    lost = [one for one in whole.groups.values() if one.example.level == "network"]
    assert len(lost) == 2 * MOST_GROUPS // 50


@given(st.data(), st.permutations(range(12)))
def test_groups_of_one_size_and_verdict_have_one_order_however_split(
    draw: st.DataObject, order: list[int]
) -> None:
    """In each table and text of them."""
    found = folded([row(one, one, 1) for one in order], draw)
    assert [one.example.shape for one in found.smallest_first] == [f"{n:016x}" for n in range(12)]
    whole = summary.summary_of([row(one, one, 1) for one in range(12)])
    assert groups_csv(found) == groups_csv(whole)
    assert summary_text(found) == summary_text(whole)
    assert index_page(found, {}) == index_page(whole, {})


def test_outliers_come_first_and_the_smallest_id_stands_for_its_group() -> None:
    rows = [row(one, 1) for one in (5, 3, 4)] + [row(9, 2)]
    groups = summary.summary_of(rows).smallest_first
    assert [(one.machines, one.example.id) for one in groups] == [(1, "vm-9"), (3, "vm-3")]
