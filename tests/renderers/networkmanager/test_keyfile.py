"""The text of keyfiles: what is written is read again, and lines stay lines."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hyperv_net.renderers.networkmanager.keyfile import as_text, escaped, listed, read

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")))


@given(TEXTS)
def test_a_value_is_read_as_it_was_written(value: str) -> None:
    text = as_text({"a": {"key": escaped(value)}, "b": {}})
    # What blanks a value ends with are GKeyFile's to drop.
    assert read(text).plain("a", "key") == value.rstrip(" ")
    assert len(text.split("\n")) == 5


@given(st.lists(st.text(st.characters(whitelist_categories=("L", "P")), min_size=1)))
@example(["\\", "a;b", ";", "\\;"])
def test_a_list_is_read_as_it_was_written(values: list[str]) -> None:
    text = as_text({"a": {"key": listed(values)}})
    assert read(text).elements("a", "key") == tuple(values)


@given(st.text())
def test_the_lines_of_a_file_joined_are_the_file(text: str) -> None:
    assert "".join(one.text for one in read(text).lines) == text


@pytest.mark.parametrize("value", ["\0", "\x1b", "a\x7f", "\x85", "\u2028"])
def test_a_control_character_has_no_place(value: str) -> None:
    with pytest.raises(ValueError, match="control"):
        escaped(value)


def test_old_names_of_sections_are_those_of_today() -> None:
    found = read("[802-3-ethernet]\nmtu = 1400\n#mtu=1\n[x]\nmtu=2\n")
    assert (found.get("ethernet", "mtu"), found.get("x", "mtu")) == ("1400", "2")
