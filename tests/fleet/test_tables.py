"""The text of a fleet for people, and the lines of CSV for spreadsheets."""

from __future__ import annotations

import dataclasses
import json

import pytest

from hyperv_net.fleet.alike import review_all
from hyperv_net.fleet.reading import record_of
from hyperv_net.fleet.summary import summary_of
from hyperv_net.fleet.tables import MachineLines, csv_line, summary_text
from hyperv_net.review.layout import Look
from tests.fleet.machines import machines

WRONG = "version: 2\nethernets:\n  eth0: {mtu: many, dhcp4: 7, addresses: [10.0.0.300/24]}\n"
RECORDS = [*machines(60), {**next(machines(1)), "id": "vm-wrong", "network_config": WRONG}]
WHOLE = summary_of(review_all(map(record_of, RECORDS)))


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_text_fits_the_terminal(width: int) -> None:
    lines = summary_text(WHOLE, Look(width=width)).splitlines()
    assert max(map(len, lines)) <= width


def test_a_pipe_gets_a_line_a_group_and_each_reason_whole() -> None:
    lines = summary_text(WHOLE).splitlines()
    assert lines.index("") == 1 + len(WHOLE.groups)
    (why,) = (one for one in lines if one.startswith("  vm-wrong  "))
    assert why.endswith("not an MTU from 68 to 65536: 'many' (and 2 more)")
    assert lines[-1].endswith(" machines with files to change")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(begins: str) -> None:
    """A spreadsheet shows what stands behind a leading apostrophe as it is."""
    assert csv_line([f"{begins}1", "a"]).strip('"').startswith(f"'{begins}1")


def test_rows_of_one_shape_have_the_names_of_their_own_aggregates() -> None:
    lines = MachineLines()
    (first, *_) = (one.example for one in WHOLE.groups.values() if one.example.aggregates)
    for name in ("bond0", "bond7"):
        of_json, of_csv = lines.of(dataclasses.replace(first, aggregates=(name,)))
        assert json.loads(of_json)["aggregates"] == [name]
        assert f",{name}," in of_csv
