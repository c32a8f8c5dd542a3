"""What means no good, in what is told of a running machine and of a fleet."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.fleet.index import index_page
from hyperv_net.fleet.model import Found, Row
from hyperv_net.fleet.summary import summary_of
from hyperv_net.fleet.tables import MACHINE_COLUMNS, MachineLines, findings_csv, groups_csv
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.journal.entry import Happening
from hyperv_net.journal.kept import add
from hyperv_net.model import System
from hyperv_net.visible import visible
from tests.journal.entries import OWNER, entry
from tests.review.formats.poisoned import HOSTILE
from tests.review.formats.test_hostile import Tags, keys


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_history_of_hostile_texts_is_words(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(number: int, text: str) -> str:
        root = tmp_path / str(number)
        found = [
            entry(0, Happening.ANNOUNCED, text, "", OWNER),
            entry(1, Happening.FAILED, text, owner=OWNER),
            entry(2, Happening.STEP, text),
        ]
        add(f"{root}/{KEPT_IN[System.LINUX]}", found)
        assert main(["history", "--root", str(root), "--format", form]) == 0
        return capsys.readouterr().out

    ordinary = told(0, "ordinary")
    for number, text in enumerate(HOSTILE, 1):
        found = told(number, text)
        assert all(one.isprintable() or one == "\n" for one in found)
        if form == "json":
            document = json.loads(found)
            assert keys(document) == keys(json.loads(ordinary))
            assert document["entries"][2]["text"] == text
        else:
            assert len(found.splitlines()) == len(ordinary.splitlines())


def row(text: str) -> Row:
    """The row of a machine whose names and errors are this text."""
    found = (Found("unknown-key", "warning", text, 1),)
    one = Row(
        *(text, "linux", "netplan", "look", {"aggregate": 1}, (text,), {"kept": 1}),
        *({"same": 1}, {"warning": 1}, found, 0, "0f", "0e", ()),
    )
    return one


def rows(text: str) -> list[Row]:
    """One that was planned, and one that was not."""
    return [row(text), dataclasses.replace(row(text), shape="1f", errors=(text,))]


def test_a_fleets_lines_of_hostile_machines_are_a_line_and_a_row_each() -> None:
    for text in HOSTILE:
        for one in rows(text):
            of_json, of_csv = MachineLines().of(one)
            assert of_json.count("\n") == 1 and of_json.isascii()
            assert json.loads(of_json) == one.document()
            (cells,) = csv.reader(io.StringIO(of_csv, newline=""))
            assert len(cells) == len(MACHINE_COLUMNS)
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
            assert all(letter.isprintable() or letter in "\n\t" for letter in of_csv)


def test_a_fleets_tables_have_the_same_columns_whatever_its_machines_are_called() -> None:
    for text in HOSTILE:
        summary = summary_of(rows(text))
        for table, number in ((groups_csv(summary), 10), (findings_csv(summary), 6)):
            found = list(csv.reader(io.StringIO(visible(table), newline="")))
            assert [len(one) for one in found] == [number] * 3
            cells = [cell for one in found for cell in one]
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_a_fleets_index_has_the_same_elements_whatever_its_machines_are_called() -> None:
    def elements(text: str) -> list[tuple[str, tuple[str, ...]]]:
        page = Tags()
        page.feed(index_page(summary_of(rows(text)), {"0f": f"groups/{text}.html"}))
        page.close()
        return page.found

    ordinary = elements("a")
    for text in HOSTILE:
        assert elements(text) == ordinary, text
