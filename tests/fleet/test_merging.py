"""A summary may be anybody's: it is what it should be, or is refused with its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.fleet import summary, tables
from hyperv_net.fleet.alike import review_all
from hyperv_net.fleet.index import index_page
from hyperv_net.fleet.merging import from_document, from_json, row_from
from hyperv_net.fleet.reading import record_of
from hyperv_net.inventory.checked_json import Value
from tests.commands.calling import Capture
from tests.fleet.machines import machines

ROWS = [*review_all(map(record_of, machines(40)))]
PLAIN: dict[str, Any] = json.loads(json.dumps(summary.document(summary.summary_of(ROWS))))
HOSTILE = (
    "../../../etc/x",
    '"><script>alert(1)</script>',
    "a\nb",
    "\u2028",
    "\x1b[2J",
    "",
    "x" * 300,
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 2, 2**60, 10**400, 1.5, float("nan"), float("inf")]),
    st.sampled_from(HOSTILE),
    st.sampled_from([[], {}, [[]], {"a": {}}, [1, 2, 3, 4], {"network": -5}]),
)


def places(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(plain, (dict, list)):
        for key, one in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield from places(one, (*path, key))


PLACES = sorted(places(PLAIN), key=str)


def changed(path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    whole = copy.deepcopy(PLAIN)
    above: Any = whole
    for key in path[:-1]:
        above = above[key]
    above[path[-1]] = value
    return whole


def test_what_was_written_comes_back() -> None:
    whole = from_document(PLAIN, "summary.json")
    assert json.loads(json.dumps(summary.document(whole))) == PLAIN
    assert from_document({**PLAIN, "more": 1}, "of a later version") == whole
    for one in ROWS:
        assert row_from(Value(json.loads(json.dumps(one.document())), (), "row")) == one


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(PLACES), VALUES)
def test_whatever_stands_in_it_is_refused_or_harmless(path: tuple[Any, ...], value: Any) -> None:
    try:
        found = from_document(changed(path, value), "summary.json")
    except HypervNetError as error:
        assert str(error).startswith("summary.json: ")
        return
    whole = summary.merge(found, from_document(PLAIN, "other"))
    page = index_page(whole, {shape: f"groups/{shape}.html" for shape in whole.groups})
    assert "<script>" not in page
    assert all(shape.isalnum() for shape in whole.groups)
    lines = tables.summary_text(whole).split("\n")
    assert lines == [one for line in lines for one in line.splitlines() or [""]]
    tables.groups_csv(whole), tables.findings_csv(whole)
    assert from_json(json.dumps(summary.document(whole)), "again") == whole


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("groups", 0, "example", "shape"), "../../x", "groups[0].example.shape: not"),
        (("groups", 0, "machines"), "1", "groups[0].machines: not"),
        (("groups", 0, "example", "errors"), ["a\nb"], "groups[0].example.errors[0]: not"),
        (("groups", 0, "machines"), True, "groups[0].machines: not"),
        (("groups", 0, "example", "level"), "worse", "groups[0].example.level: not"),
        (("groups", 0, "example", "found"), [["a", "b"]], "groups[0].example.found[0]: not"),
        (("levels", "fine"), 10**400, "levels.fine: not"),
        (("machines",), 1, "machines: not"),
        (("rules",), {}, "rules: not"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(path: tuple[Any, ...], value: Any, told: str) -> None:
    with pytest.raises(HypervNetError) as refused:
        from_json(json.dumps(changed(path, value)), "part/summary.json")
    assert str(refused.value).startswith(f"part/summary.json: {told} hyperv-net/fleet/1: ")


@pytest.mark.parametrize("twice", ["groups", "rules"])
def test_what_stands_twice_is_refused(twice: str) -> None:
    doubled = {**PLAIN, "machines": 1000, twice: [*PLAIN[twice], PLAIN[twice][0]]}
    with pytest.raises(HypervNetError, match=r"two groups have one shape|a second entry"):
        from_document(doubled, "summary.json")


@pytest.mark.parametrize(
    "plain", [{}, [], None, 1, {"schema": "hyperv-net/fleet/1"}, {"schema": "hyperv-net/plan/2"}]
)
def test_what_is_no_summary_is_refused(plain: Any) -> None:
    with pytest.raises(HypervNetError, match=r"^part/summary.json: not hyperv-net/fleet/1"):
        from_document(plain, "part/summary.json")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff", ": not UTF-8 at byte 0"),
        (b"{", ":1:2: not JSON"),
        (b"[" * 100_000, ": nested too deeply"),
        (b'{"schema": 1, "schema": 2}', ': the key "schema" stands twice'),
    ],
)
def test_merge_says_so_and_leaves_nothing(
    content: bytes, told: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part/summary.json").write_bytes(content)
    out = tmp_path / "out"
    assert main(["review", "--merge", str(tmp_path / "part"), "--out", str(out)]) == 1
    assert f"part/summary.json{told}" in capsys.readouterr().err
    assert not out.exists()


def test_the_page_has_no_address_that_is_not_escaped() -> None:
    """A digest has nothing to escape, and the page does not rely on it."""
    whole = summary.summary_of(ROWS[:1])
    (group,) = whole.groups.values()
    shape = '"><b>'
    example = group.example.__class__(**{**vars(group.example), "shape": shape, "errors": ()})
    odd = summary.Summary(machines=1, groups={shape: summary.Group(1, example)})
    assert "<b>" not in index_page(odd, {shape: f"groups/{shape}.html"})
