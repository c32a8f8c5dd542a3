"""The parser of devd.conf(5): what devd reads it reads, and what would end devd it refuses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.bake.package import own_package
from tests.devd.grammar import DevdSyntaxError, Match, Rule, parse

OURS = own_package()["data/freebsd/hyperv-net.conf"]
_COMMENT = re.compile(r"#[^\n]*")
_PLAIN = _COMMENT.sub("", OURS)
_TOKENS = [match.span() for match in re.finditer(r'"[^"]*"|[;{}]|[A-Za-z0-9_-]+', _PLAIN)]


def test_our_file_is_read_and_its_rules_stand_before_the_base_systems() -> None:
    """devd runs only the rules of the highest priority; hyperv.conf has 10 and 11."""
    rules = parse(OURS)
    assert len(rules) == 5
    assert all(rule.kind == "notify" and rule.priority > 11 for rule in rules)
    assert all(len(rule.actions) == 1 for rule in rules)


def test_each_part_of_a_file_is_read() -> None:
    """Comments of three kinds, options, short forms, a string over two lines."""
    text = """\
# one
options { directory "/etc/devd"; set name "a|b"; };
// two
attach 5 { device-name "ed0"; class "x"; };
notify 0 {
    match "system" "IFNET"; media-type "Ethernet"; /* three
    lines ** of it */
    action "logger \\
        up";
};
nomatch 1 { };
"""
    assert parse(text) == (
        Rule("attach", 5, (Match("device-name", "ed0"), Match("class", "x")), (), ()),
        Rule("notify", 0, (Match("system", "IFNET"),), ("ethernet",), ("logger up",)),
        Rule("nomatch", 1, (), (), ()),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('notify 0 { action "a"; }', "line 1: the end of the file where ; belongs"),
        ('notify 0 { action "a" };', "} where ; belongs"),
        ('notify 0 { action ""; };', "line 1: '\"' begins nothing"),
        ('notify 0 {\n action "a "b" c"; };', "line 2: b where ; belongs"),
        ('notify 0 { action "a; };', "'\"' begins nothing"),
        ('notify { action "a"; };', "{ where a number belongs"),
        ('0 { action "a"; };', "0 where attach or detach or nomatch or notify or options"),
        ('notify 0 action "a";', "action where { belongs"),
        ('notify 0 { match "system"; };', "; where a string belongs"),
        ("notify 0 { match system IFNET; };", "system where a string belongs"),
        ('notify 0 { run "a"; };', "run where match or action"),
        ('notify -1 { action "a"; };', "'-' begins nothing"),
        ('notify 0 { match "a" "(b"; };', "no regular expression: (b"),
        ('notify 0 { match "a" "\\d+"; };', "not a POSIX expression"),
        ('notify 0 { match "a" "b+?"; };', "not a POSIX expression"),
        ('notify 0 { media-type "wlan"; };', "no media type: wlan"),
        ("options { };", "} where directory or pid-file or set belongs"),
        ('options { set match "a"; };', "match is a keyword"),
        ("/* never closed", "'/' begins nothing"),
    ],
)
def test_what_devd_could_not_read_is_an_error_with_its_line(text: str, says: str) -> None:
    """Any of these in any file would end devd, and with it all hotplug."""
    with pytest.raises(DevdSyntaxError, match=re.escape(says)):
        parse(text)


@given(st.sampled_from(_TOKENS))
def test_no_token_of_our_file_can_be_left_out(span: tuple[int, int]) -> None:
    """Whichever is missing, the parser says so."""
    with pytest.raises(DevdSyntaxError):
        parse(_PLAIN[: span[0]] + _PLAIN[span[1] :])


@given(st.sampled_from(_TOKENS))
def test_no_token_of_our_file_can_be_there_twice(span: tuple[int, int]) -> None:
    """Whichever is doubled, the parser says so."""
    with pytest.raises(DevdSyntaxError):
        parse(f"{_PLAIN[: span[1]]} {_PLAIN[span[0] :]}")


@given(st.integers(0, len(_PLAIN)))
def test_no_quote_can_be_added_to_our_file(place: int) -> None:
    """Wherever it is put, inside a string too."""
    with pytest.raises(DevdSyntaxError):
        parse(f'{_PLAIN[:place]}"{_PLAIN[place:]}')
