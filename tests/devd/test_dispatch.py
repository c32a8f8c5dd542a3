"""The model of devd(8): one rule an event, with its variables put in."""

from __future__ import annotations

import pytest

from tests.devd.dispatch import commands, variables_of
from tests.devd.grammar import parse

UP = "!system=IFNET subsystem=hn0 type=LINK_UP"


def test_only_the_rule_of_the_highest_priority_runs() -> None:
    """Of two equal ones the first; all actions of the one that is chosen."""
    rules = parse('notify 1 { action "a"; }; notify 9 { action "b"; action "c"; }; notify 9 { };')
    assert commands(rules, UP) == ("b", "c")


def test_a_rule_without_an_action_mutes_those_below() -> None:
    """It is the one that runs."""
    rules = parse('notify 0 { action "a"; }; notify 1 { match "subsystem" "hn0"; };')
    assert commands(rules, UP) == ()
    assert commands(rules, UP.replace("hn0", "em0")) == ("a",)


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ("hn0", True),
        ("HN0", True),
        ("hn", False),
        ("n0", False),
        ("!em.*", True),
        ("!hn.*", False),
        ("(em0|hn0)", True),
        # Without parentheses it is `^em0` or `hn0$`.
        ("em0|hn0", True),
        ("em0|n0", True),
        ("h|em0", True),
    ],
)
def test_an_expression_fits_the_whole_value(expression: str, fits: bool) -> None:
    """Whatever the case of the letters, and turned round by a `!`."""
    rules = parse(f'notify 0 {{ match "subsystem" "{expression}"; action "a"; }};')
    assert bool(commands(rules, UP)) is fits


def test_a_variable_that_is_not_there_is_empty() -> None:
    """So a rule of today that asks for vm_guest never fits with a devd that has none."""
    rules = parse('notify 0 { match "vm_guest" "hv"; action "a"; };')
    assert commands(rules, UP) == ("a",)
    assert commands(rules, UP, constants={}) == ()


def test_a_variable_is_one_word_for_the_shell() -> None:
    """Quoted as FreeBSD's sh reads it; devd of before 2016 did not."""
    rules = parse('notify 0 { action "run $subsystem x$$y $gone"; };')
    assert commands(rules, UP, constants={}) == ("run $'hn0' x$y $''",)
    assert commands(rules, UP, constants={}, quotes=False) == ("run hn0 x$y ",)
    odd = r'!system=IFNET subsystem="a\"b' + "'c\" type=LINK_UP"
    assert commands(rules, odd)[0].startswith("run $'a\"b\\'c' ")


def test_the_media_type_is_asked_of_the_interface() -> None:
    """By the name that the event has."""
    rules = parse('notify 0 { media-type "ethernet"; action "a"; };')
    assert commands(rules, UP, lambda name: "ethernet" if name == "hn0" else "802.11") == ("a",)
    assert commands(rules, UP, lambda name: "802.11") == ()


def test_an_event_is_taken_apart() -> None:
    """Values with and without quotes, up to what is none."""
    found = variables_of('!system=DEVFS subsystem=CDEV cdev="a b" type=CREATE rest')
    assert found == {"system": "DEVFS", "subsystem": "CDEV", "cdev": "a b", "type": "CREATE"}
