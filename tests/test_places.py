"""A place in a file: how it is printed, and what a program gets of it."""

from __future__ import annotations

import json

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Finding, Inventory, Severity, System
from hyperv_net.inventory.snapshot import as_document, from_json
from hyperv_net.places import Place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("net.yaml"), "net.yaml"),
        (Place("net.yaml", ("ethernets", "eth0", "mtu")), "net.yaml: ethernets.eth0.mtu"),
        (Place("net.yaml", ("addresses", 1)), "net.yaml: addresses[1]"),
        (Place("etc/rc.conf", line=12), "etc/rc.conf:12"),
        (Place("net.yaml", ("mtu",), 12, 7, 12, 16), "net.yaml:12:7: mtu"),
        (Place("", ("bonds", "bond0")), "bonds.bond0"),
        (Place("net.yaml", column=7), "net.yaml"),
    ],
)
def test_a_place_is_printed_as_far_as_it_is_known(place: Place, text: str) -> None:
    """A line in one spelling, whoever knew it; a column without a line is none."""
    assert str(place) == text == f"{place}"
    assert str(HypervNetError("is wrong", where=place)) == f"{text}: is wrong"


def test_json_has_the_parts_of_a_place_beside_its_text() -> None:
    """As far as they are known; the key as the list of its parts, which no program has to read."""
    place = Place("net.yaml", ("ethernets", "a.b", "addresses", 0), 3, 5)
    said = Finding("some-rule", Severity.NOTE, "is so", place).document()
    assert said == {
        "rule": "some-rule",
        "severity": "note",
        "message": "is so",
        "where": "net.yaml:3:5: ethernets['a.b'].addresses[0]",
        "hint": "",
        "file": "net.yaml",
        "key": ["ethernets", "a.b", "addresses", 0],
        "line": 3,
        "column": 5,
    }
    assert "file" not in Finding("some-rule", Severity.NOTE, "is so", "eth0").document()


def test_what_stands_below_a_place_is_at_no_line_that_anybody_has_looked_up() -> None:
    """The line of a mapping is none of its keys'."""
    assert Place("f", ("a",), 3, 1, 4, 1).below("b", 0) == Place("f", ("a", "b", 0))


@pytest.mark.parametrize(
    "where",
    ["eth0", Place("/sys/class/net/eth0"), Place("f", ("a", 0), 3, 5, 4, 1), Place("", ("a",))],
)
def test_an_inventory_gives_a_place_back_that_was_written_as_json(where: Place | str) -> None:
    """By its parts, and not by its text."""
    said = Finding("some-rule", Severity.NOTE, "is so", where, "do it")
    inventory = Inventory(System.LINUX, "6.1", (), findings=(said,))
    assert from_json(json.dumps(as_document(inventory)), "f").findings == (said,)
