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
