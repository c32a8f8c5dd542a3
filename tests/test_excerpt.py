"""The line that an error is about, as a terminal shows it."""

from __future__ import annotations

import pytest

from hyperv_net.excerpt import excerpt
from hyperv_net.places import Place


@pytest.mark.parametrize(
    ("text", "place", "line", "carets"),
    [
        ("a: 1\n  b: 2\n", Place("f", (), 2, 3, 2, 7), "  b: 2", "  ^^^^"),
        ("a: 1\n", Place("f", (), 1, 4), "a: 1", "   ^"),
        ("\ta: 1 \n", Place("f", (), 1), " a: 1", " ^^^^"),
        ("a: [1,\n 2]\n", Place("f", (), 1, 4, 2, 4), "a: [1,", "   ^^^"),
        ("a: 1", Place("f", (), 1, 99, 1, 120), "a: 1", "    ^"),
        ("a:\t\x1b[2Jb", Place("f", (), 1, 8, 1, 9), "a: ?[2Jb", "       ^"),
        ("漢字: 1", Place("f", (), 1, 5, 1, 6), "漢字: 1", "      ^"),
        ("\ufeffa: 1\r\n", Place("f", (), 1, 4, 1, 5), "a: 1", "   ^"),
    ],
)
def test_carets_stand_below_what_is_meant(text: str, place: Place, line: str, carets: str) -> None:
    """In columns of the terminal, which gets nothing that it would obey."""
    assert excerpt(text, place) == (line, carets)


@pytest.mark.parametrize("place", [Place("f"), Place("f", (), 3, 1)])
def test_there_is_none_without_a_line(place: Place) -> None:
    assert excerpt("a: 1", place) is None


def test_a_secret_is_hidden_and_the_carets_follow() -> None:
    """Before it, on it and behind it."""
    text = 'x: {mtu: y, password: "hunter2hunter2", id: z}\n'
    hidden = 'x: {mtu: y, password: "(hidden)", id: z}'
    for part, shown in (
        ("mtu: y", "mtu: y"),
        ('password: "hunter2hunter2"', 'password: "(hidden)"'),
        ("id: z", "id: z"),
    ):
        column = text.index(part) + 1
        found = excerpt(text, Place("f", (), 1, column, 1, column + len(part)))
        assert found == (hidden, " " * hidden.index(shown) + "^" * len(shown))


def test_of_a_long_line_the_part_is_shown_that_is_meant() -> None:
    """One line of JSON may be all of a file."""
    text = "{" + ", ".join(f'"name{at}": {at}' for at in range(400)) + "}"
    column = text.index('"name300"') + 1
    line, carets = excerpt(text, Place("f", (), 1, column, 1, column + 14)) or ("", "")
    assert line.startswith("...") and len(line) <= 100
    assert line[len(carets) - 14 : len(carets)] == '"name300": 300' and carets.strip() == "^" * 14
