"""YAML edited key by key: what is named goes, and every other byte stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.renderers.netplan.adopt.yaml_edit import edited
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.tree import to_plain


def test_a_key_that_is_announced_by_a_question_mark_is_not_cut_in_two() -> None:
    with pytest.raises(HypervNetError, match=r"x:1: the key 'a' stands behind something"):
        edited("? a\n: 1\nb: 2\n", "x", {("a",)}, {})


def test_a_text_of_several_lines_goes_whole_and_what_is_below_it_stays() -> None:
    for style in ("|", ">-", "|+"):
        text = f"a: {style}\n  one\n\n  two\n# about b\nb: 2\n"
        assert edited(text, "x", {("a",)}, {}).endswith("# about b\nb: 2\n")
        assert "two" not in edited(text, "x", {("a",)}, {})
        assert edited(text, "x", {("b",)}, {}) == text[: -len("b: 2\n")]


KEYS = st.sampled_from(["a", "b", "cc", "d-d"])
SCALARS = st.sampled_from(["x", "10.0.0.4/24", 7, True, None])
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.dictionaries(KEYS, inner, min_size=1, max_size=3)
        | st.lists(SCALARS, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


def _flow(plain: object) -> str:
    if isinstance(plain, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in plain.items()) + "}"
    if isinstance(plain, list):
        return "[" + ", ".join(map(_flow, plain)) + "]"
    return dump({"x": plain})[3:].strip()


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.dictionaries(KEYS, TREES, min_size=2, max_size=4), st.data())
def test_of_any_text_just_the_keys_that_are_named_go_and_comments_elsewhere_stay(
    plain: dict[str, object], data: st.DataObject
) -> None:
    top = data.draw(st.sampled_from(sorted(plain)))
    path: tuple[str, ...] = (top,)
    inner = plain[top]
    while isinstance(inner, dict) and len(inner) > 1 and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(inner)))
        inner, path = inner[key], (*path, key)
    wanted = json.loads(json.dumps(plain))
    at = wanted
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    block = "".join(f"{line} # {number}\n" for number, line in enumerate(dump(plain).splitlines()))
    for text in (block, _flow(plain) + "\n"):
        new = edited(text, "x", {path}, {})
        assert to_plain(read_yaml(new, "x")) == wanted
    left = edited(block, "x", {path}, {}).splitlines()
    assert [one for one in block.splitlines() if one in left] == left
    assert len(left) < len(block.splitlines())


def test_a_tab_that_netplan_takes_is_no_hindrance() -> None:
    """libyaml, with which netplan reads, takes one before a value; pure Python does not."""
    text = "# \u00e9 \U0001f600\na:\t1\nb:\t{c:\t2, d:\t3}\ne: 4\n"
    assert (
        edited(text, "x", {("a",), ("b", "d")}, {("e",): "5"})
        == "# \u00e9 \U0001f600\nb:\t{c:\t2}\ne: 5\n"
    )
