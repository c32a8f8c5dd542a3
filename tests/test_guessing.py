"""What was meant by a word that is not known."""

from __future__ import annotations

import pytest

from hyperv_net.guessing import did_you_mean

KEYS = ("to", "via", "mtu", "metric", "dhcp4", "on-link", "addresses", "optional")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mut", "mtu"),
        ("vai", "via"),
        ("iva", "via"),
        ("ot", "to"),
        ("dhpc4", "dhcp4"),
        ("adresses", "addresses"),
        ("on_link", "on-link"),
    ],
)
def test_it_is_the_word_that_is_most_alike_also_where_two_letters_changed_places(
    word: str, meant: str
) -> None:
    assert did_you_mean(word, KEYS) == f"did you mean {meant!r}?"


@pytest.mark.parametrize("word", ["", "x", "note", "umt", "nixos", "tie", 7])
def test_a_word_that_is_like_none_gets_no_guess(word: object) -> None:
    assert did_you_mean(word, iter(KEYS)) == ""
