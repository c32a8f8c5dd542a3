"""A secret that begins with a sign which means something else to YAML."""

from __future__ import annotations

import pytest

from hyperv_net.secrets.masking import masked


@pytest.mark.parametrize(
    "secret",
    [*(f"{sign}topsecret1" for sign in "*&!@`%\"'[{|>"), "- topsecret1", "? topsecret1"],
)
@pytest.mark.parametrize(
    "text", ["auth:\n  password: %s\nmtu: 9000\n", "{auth: {password: %s}, mtu: 9000}\n"]
)
def test_it_is_hidden_whether_the_text_is_yaml_with_it_or_none(secret: str, text: str) -> None:
    assert "topsecret1" not in masked(text % secret)


def test_an_anchor_of_something_and_its_alias_stay() -> None:
    text = "a: {password: &one topsecret1}\nb: {password: *one}\n"
    assert masked(text) == "a: {password: &one (hidden)}\nb: {password: *one}\n"


@pytest.mark.parametrize("ahead", ["!topsecret1", "!<topsecret1>", "!topsecret1 &a", "&topsecret1"])
@pytest.mark.parametrize(
    "value", ["rest", "'rest'", '"rest"', "|\n    rest\n  ", "[rest]", "{rest: 1}"]
)
@pytest.mark.parametrize("text", ["auth:\n  password: %s\nmtu: 9000\n", "{password: %s}\n"])
def test_what_yaml_takes_for_a_tag_or_an_anchor_of_it_is_hidden_too(
    ahead: str, value: str, text: str
) -> None:
    shown = masked(text % f"{ahead} {value}")
    assert "topsecret1" not in shown
    assert "mtu: 9000" in shown or "mtu" not in text


def test_a_tag_of_yamls_own_stays() -> None:
    assert masked("password: !!str topsecret1\n") == "password: !!str (hidden)\n"


def test_nor_is_the_rest_shown_behind_a_tag_that_no_reader_of_yaml_takes() -> None:
    assert "rest" not in masked("{auth: {password: !top!secret1 rest}}\n")
