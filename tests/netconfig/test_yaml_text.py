"""YAML text as a tree: agreement with yaml.safe_load, and every way to be refused."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net import tree
from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig import yaml_text
from hyperv_net.netconfig.yaml_text import MAX_DEPTH, MAX_SIZE, read_yaml
from hyperv_net.places import Place


@pytest.fixture(params=["with libyaml", "pure Python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here runs with both of PyYAML's parsers."""
    if request.param == "pure Python":
        monkeypatch.setattr(yaml_text, "LOADER", yaml.SafeLoader)


def plain(text: str) -> Any:
    """What a text says, without origins."""
    return tree.to_plain(read_yaml(text, "f.yaml"))


def refusal(text: str) -> str:
    """The one line of error that a text ends in."""
    with pytest.raises(HypervNetError) as caught:
        read_yaml(text, "f.yaml")
    line = str(caught.value)
    assert line.startswith("f.yaml")
    assert "\n" not in line
    assert len(line) < 200
    return line


SCALARS = """
    1 -1 +1 0 00 017 08 0x1F 0b101 -0b11 1_000 1.5 -.5 1e3 1.0e+3 1. ._ 12e03 0o17 0.0
    true True TRUE yes on off No n y ~ null Null 'quoted' "a\\tb" a:b 2001-01-01
    10.0.0.4 10.0.0.4/24
"""


@pytest.mark.parametrize("text", ["", "# only a comment", "--- a\n...\n", *SCALARS.split()])
def test_a_scalar_means_what_safe_load_makes_of_it(text: str) -> None:
    """Numbers, booleans, nulls and strings are those of YAML 1.1, except dates, which stay text."""
    loaded = yaml.safe_load(text)
    wanted = text if type(loaded).__name__ == "date" else loaded
    found = plain(text)
    assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.parametrize("text", ["52:54:00:12:34:56", "1:30", "190:20:30.15", "02:00:00:00:00:01"])
def test_numbers_in_base_60_stay_text(text: str) -> None:
    """A MAC address made of digits is not a number, though YAML 1.1 says so."""
    assert plain(f"a: {text}") == {"a": text}


def test_dates_and_lone_signs_stay_text() -> None:
    """What PyYAML would turn into dates or cannot construct at all is text here."""
    assert plain("[2001-12-14t21:59:43.10-05:00, =, <<]") == [
        "2001-12-14t21:59:43.10-05:00",
        "=",
        "<<",
    ]


_keys = st.text("ab-_.9é", min_size=1, max_size=4)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("aé \n:#'\"1~-{", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=12,
)


@given(_values, st.booleans())
def test_what_yaml_writes_is_read_back(value: Any, flow: bool) -> None:
    """Any plain data that PyYAML writes comes back the same, in block and in flow style."""
    assert plain(yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)) == value


def test_merge_keys_and_aliases_are_put_in_place() -> None:
    """`<<` merges mappings, the nearer and the earlier winning; each place has its own origins."""
    text = "a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc: {<<: [*a, *b], y: 5}\nd: [*a]\n"
    root = read_yaml(text, "f.yaml")
    assert tree.to_plain(root) == yaml.safe_load(text)
    found = tree.at(root, ("c", "z"))
    assert found == tree.Node(4, (("c", "z"),))


def test_json_is_read_as_well() -> None:
    """JSON with escapes, as some datasources deliver it."""
    assert plain('{"a": [1, true, null, "\\u00e9\\/"], "b": {}}') == {
        "a": [1, True, None, "é/"],
        "b": {},
    }


def test_a_key_may_be_a_number_and_may_repeat_itself() -> None:
    """A whole number as a key is its text; a key twice with one value is harmless."""
    assert plain("1: a\n'2': b\nc: {d: 1}\nc: {d: 1}\n") == {"1": "a", "2": "b", "c": {"d": 1}}


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a:\n  - [1\n", 2, "not YAML"),
        ("a: b: c", 1, "not YAML"),
        ("a: 1\n\tb: 2", 2, "not YAML"),
        ("a: @x", 1, "not YAML"),
        ("%YAML 99999999999999999999999.1\n---\na", 1, "not YAML"),
        ('a: "\\UFFFFFFFF"', 1, "not YAML"),
        ("a\n\x00b", 2, "U+0000"),
        ("a\n\n\x1b[31m", 3, "U+001B"),
        ("a: \ud800", 1, "U+D800"),
        ('a: "x\\0y"', 1, "U+0000"),
        ('a: "\\e[2J"', 1, "U+001B"),
        ("--- 1\n--- 2\n", 2, "second document"),
        ("a: 1\na: 2\n", 2, "twice"),
        ("a: 1\na: true\n", 2, "twice"),
        ("x:\n  true: 1", 2, "key 'true' is not text"),
        ("~: 1", 1, "not text"),
        ("1.5: 1", 1, "not text"),
        ("0x10: 1", 1, "not text"),
        ("? [a]\n: 1", 1, "key is a list or a mapping"),
        ("{a: b}: 1", 1, "key is a list or a mapping"),
        ("a: &x b\n*x : 1", 2, "key is an alias"),
        ("'" + "k" * 300 + "': 1", 1, "key is longer"),
        ("a: &a [*a]", 1, "alias '*a'"),
        ("a: *nothing", 1, "nothing"),
        ("a: {<<: 3}", 1, "'<<'"),
        ("a: !!python/object/apply:os.system [ls]", 1, "!!python/object"),
        ("a: !custom b", 1, "!custom"),
        ("a: !!binary aGk=", 1, "!!binary"),
        ("a: !!set {b}", 1, "!!set"),
        ("a: !!int x", 1, "usable int"),
        ("a: !!bool x", 1, "usable bool"),
        ("a: .nan", 1, "usable float"),
        ("a: -.inf", 1, "usable float"),
        ("a: " + "9" * 5000, 1, "usable int"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_in_one_line(text: str, line: int, part: str) -> None:
    """The error names the file, the line and what is wrong there."""
    found = refusal(text)
    assert found.startswith(f"f.yaml:{line}:") or "not YAML" in part
    assert part in found


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "a:\n "])
def test_deep_nesting_is_refused(opening: str) -> None:
    """A hundred thousand levels end in an error, not in a crash."""
    text = (
        opening * 100_000
        if opening != "a:\n "
        else "".join(" " * depth + "a:\n" for depth in range(MAX_DEPTH + 2))
    )
    assert f"deeper than {MAX_DEPTH} levels" in refusal(text)


def test_nesting_through_aliases_counts() -> None:
    """An alias brings its own depth to the place where it is used."""
    steps = [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MAX_DEPTH + 1)]
    assert "deeper than" in refusal("\n".join(["a0: &a0 [x]", *steps]))
    assert plain("\n".join(["a0: &a0 [x]", *steps[: MAX_DEPTH - 2]]))


def test_aliases_that_explode_are_refused() -> None:
    """Ten times ten times … aliases are counted before they are put in place."""
    steps = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert f"more than {MAX_SIZE} values" in refusal("\n".join(["a0: &a0 [x]", *steps]))


def test_a_long_text_behind_many_aliases_is_refused() -> None:
    """Characters count too, so that one megabyte cannot be used a thousand times."""
    text = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 1000)}]"
    assert "more than" in refusal(text)


def test_a_longer_text_than_allowed_is_refused() -> None:
    """The limit on characters is checked before anything is parsed."""
    assert "longer than" in refusal("#" * (yaml_text.MAX_TEXT + 1))


@given(st.text(max_size=60) | st.text("{}[]&*!|>'\"%@`#,:?-<=~ \n\tab01x.", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text is, there is a tree or one line of error."""
    try:
        read_yaml(text, "f.yaml")
    except HypervNetError as error:
        assert str(error).startswith("f.yaml")
        assert len(str(error).splitlines()) == 1


WHOLE = (
    "network:\n  ethernets: {eth0: {addresses: [a: 1, ? b, {c: d}, &x [e], *x]}}\n  version: 2\n",
    "a: !!seq [b: 'c', !!map {\"d\": e}]\n",
)


@given(st.sampled_from(WHOLE), st.data())
def test_a_text_that_is_cut_and_changed_is_read_or_refused(whole: str, data: st.DataObject) -> None:
    """Wherever it ends: in a pair that has no braces of its own, or ahead of a value."""
    at, end = (data.draw(st.integers(0, len(whole))) for _ in range(2))
    text = whole[:at] + data.draw(st.text("{}[]&*!'\":?,- \nx", max_size=2)) + whole[at:]
    try:
        read_yaml(text[:end], "f.yaml")
    except HypervNetError as error:
        assert str(error).startswith("f.yaml")


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ('a: 1\nb: "x\nc: 2\n\nd: 3\n', "2:4", '"'),
        ("a: !!str 'x\nb: 1\n", "1:10", "'"),
        ('a: &b "x\n---\nb: 1\n', "1:7", '"'),
        ('"abc: 1\nb: 2\n', "1:1", '"'),
        ('a: ["x, 1]\nb: 2\n', "1:5", '"'),
        ('a: "x\nb: "y"\nc: 1\n', "1:4", '"'),
        ('a: "\u00e4" # \U0001f600\nb: \'\u00e4\n', "2:4", "'"),
        ("a:\n  b: [1, 2\n  c: 3\n", "2:6", "']'"),
        ("a: [1, 2", "1:4", "']'"),
        ("a:\n  - [1,\n", "2:5", "']'"),
        ("a: {b: 1\nc: [2]\n", "1:4", "'}'"),
        ('{\n "a": [1,\n "b": 2\n', "2:7", "']'"),
        ("\ufeffa: 1\nb: {c: [1, {d: 2}\n", "2:8", "']'"),
        ("a:\n  b: [c:", "2:6", "']'"),
        ("a: [b: 1, c\nd: 2\n", "1:4", "']'"),
        ("a: !!seq &b [? c", "1:13", "']'"),
    ],
)
def test_what_nothing_closes_is_told_where_it_was_opened(text: str, place: str, hint: str) -> None:
    """One character of it, for the caret, and with what closes it."""
    with pytest.raises(HypervNetError) as caught:
        read_yaml(text, "f.yaml")
    where, said = caught.value.where, str(caught.value)
    assert said.startswith(f"f.yaml:{place}: not YAML: the ")
    assert said.endswith(f"(close it with {hint})")
    assert isinstance(where, Place)
    assert (where.end_line, where.end_column) == (where.line, where.column + 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{\n "a": 1\n "b": 2\n}\n', "3:5"),
        ("a: [1,\n  2\n  3: 4]\nb: 1\n", "3:4"),
        ("a: 'it's'\nb: 1\n", "1:8"),
    ],
)
def test_what_is_wrong_within_what_is_closed_is_told_where_it_is(text: str, place: str) -> None:
    said = refusal(text)
    assert said.startswith(f"f.yaml:{place}: not YAML: ") and "opens here" not in said
