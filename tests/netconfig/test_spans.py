"""Where a key of a text stands in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net import tree
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Finding, Severity
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.netconfig.spans import all_located, spans, with_lines
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place

TEXT = """\
network:
  version: 2
  ethernets:
    eth0:
      mtu: 9000
      addresses: [10.0.0.1/24,
                  10.0.0.2/24]
      routes:
      - to: default
        via: 10.0.0.1
    eth1: &b
      mtu: &m "15 00"
      dhcp4: yes  # on
    "eth 2":
      <<: *b
      mtu: *m
  x: [{a: 1}]
"""


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (("version",), "version: 2"),
        (("network", "version"), "version: 2"),
        (("ethernets", "eth0", "mtu"), "mtu: 9000"),
        (("ethernets", "eth0", "addresses"), "addresses"),
        (("ethernets", "eth0", "addresses", 1), "10.0.0.2/24"),
        (("ethernets", "eth0", "routes", 0), "to"),
        (("ethernets", "eth0", "routes", 0, "via"), "via: 10.0.0.1"),
        (("ethernets", "eth1", "dhcp4"), "dhcp4: yes"),
        (("ethernets", "eth 2"), '"eth 2"'),
        (("x", 0, "a"), "a: 1"),
    ],
)
def test_a_key_is_told_by_its_line_and_columns(path: tree.Path, meant: str) -> None:
    """With its value where that is one value; the `network:` at the top may be left out."""
    assert of(TEXT, path) == meant


def test_what_comes_from_an_anchor_is_where_the_anchor_is() -> None:
    """Below a merge key; an alias itself is at its key."""
    found = spans(TEXT)(("ethernets", "eth 2", "dhcp4"))
    assert found == spans(TEXT)(("ethernets", "eth1", "dhcp4"))
    assert of(TEXT, ("ethernets", "eth 2", "mtu")) == "mtu"
    found = spans(TEXT)(("ethernets", "eth 2", "mtu"))
    assert found is not None and found.line == 16


def test_of_a_missing_key_the_mapping_that_should_have_it_is_told() -> None:
    """And nothing where that is the whole file."""
    assert of(TEXT, ("ethernets", "eth0", "set-name")) == "eth0"
    assert of(TEXT, ("ethernets", "eth0", "addresses", 7, "x")) == "addresses"
    assert spans(TEXT)(("bonds", "bond0")) is None
    assert spans(TEXT)(()) is None


@pytest.mark.parametrize(
    "text", ["", "a: [", "- 1\n", "a: \x00", "just text", "a: " + "[" * 100_000]
)
def test_a_text_without_keys_has_no_places_of_keys(text: str) -> None:
    assert spans(text)(("a",)) is None


def test_a_byte_order_mark_is_no_column() -> None:
    """As nobody sees it."""
    assert spans("\ufeffa: 1\n")(("a",)) == (1, 1, 1, 5)


LEAVES = st.none() | st.booleans() | st.integers(0, 99) | st.text("ab: #'\"é\U0001f600", max_size=5)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), TREES), st.sampled_from([None, 2]))
def test_each_leaf_of_a_json_text_is_at_its_own_value(
    plain: dict[str, object], indent: int
) -> None:
    """By the text from there on, whatever is in it."""
    text = json.dumps(plain, indent=indent, ensure_ascii=False)
    span = spans(text)
    for path, node in tree.leaves(read_yaml(text, "f")):
        found = span(path)
        if path and not isinstance(node.value, (tuple, dict)):
            assert found is not None
            said = cut(text, found)
            key = f"{json.dumps(path[-1])}: " if isinstance(path[-1], str) else ""
            assert said == key + json.dumps(node.value, ensure_ascii=False)


def test_findings_about_a_key_get_its_line_and_whole_way_and_the_others_stay_as_they_are() -> None:
    """What stands in another file, and what has its line already."""
    key = ("ethernets", "eth0", "mtu")
    places = (
        Place("f", key),
        Place("g", key),
        Place("f", key, line=1),
        Place("f"),
        Place("f", ("bonds",)),
        "eth0",
    )
    said = [Finding("a-rule", Severity.NOTE, "is so", one) for one in places]
    found = [one.where for one in all_located(said, {"f": TEXT})]
    assert found == [Place("f", ("network", *key), 5, 7, 5, 16), *places[1:]]


def test_of_several_errors_the_first_in_the_file_is_raised_with_the_others_in_it() -> None:
    second = HypervNetError("b", where=Place("f", ("ethernets", "eth1", "mtu")))
    second.others = (HypervNetError("a", where=Place("f", ("ethernets", "eth0", "mtu"))),)
    first = with_lines(second, {"f": TEXT})
    assert [str(one) for one in (first, *first.others)] == [
        "f:5:12: network.ethernets.eth0.mtu: a",
        "f:12:12: network.ethernets.eth1.mtu: b",
    ]
    assert first.texts == {"f": TEXT}
    assert not second.others


def of(text: str, path: tree.Path) -> str:
    """What stands at the span of a path."""
    found = spans(text)(path)
    assert found is not None
    return cut(text, found)


def cut(text: str, found: tuple[int, int, int, int]) -> str:
    """The part of the text within lines and columns."""
    line, column, end_line, end_column = found
    lines = text.split("\n")[line - 1 : end_line]
    lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][column - 1 :]
    return "\n".join(lines)


def test_an_error_of_a_value_is_at_the_value_and_one_of_a_key_at_the_key() -> None:
    """And what is found of a mistyped key is at the key alone."""
    text = (
        'network:\n  version: 2\n  ethernets:\n    eth0: {mtu: many, dhpc4: true}\n    "a b": {}\n'
    )
    with pytest.raises(HypervNetError) as caught:
        read_network_config(text, "f")
    error = caught.value
    said = [
        error.where,
        *(one.where for one in error.others),
        *(one.where for one in error.findings),
    ]
    places = [one for one in said if isinstance(one, Place)]
    assert [(str(one), one.end_column) for one in places] == [
        ("f:4:17: network.ethernets.eth0.mtu", 21),
        ("f:5:5: network.ethernets['a b']", 10),
        ("f:4:23: network.ethernets.eth0.dhpc4", 28),
    ]


@pytest.mark.parametrize("above", ["", "network:\n"])
def test_the_key_of_what_is_found_is_that_of_the_file(above: str) -> None:
    """Whether or not the config is below `network:` there."""
    text = f"{above} version: 2\n ethernets: {{eth0: {{}}}}\n"
    said = Finding("a-rule", Severity.NOTE, "is so", Place("f", ("ethernets",)))
    (found,) = all_located([said], {"f": text})
    assert isinstance(found.where, Place)
    assert found.where.key == (("network", "ethernets") if above else ("ethernets",))
