"""What a line of a fleet is, and what a machine is called whose line is no record."""

from __future__ import annotations

import json
import re
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.commands import fleet_jobs
from hyperv_net.errors import HypervNetError
from hyperv_net.fleet import engines, model, reading, summary
from hyperv_net.fleet.alike import Reviewer, review_lines
from hyperv_net.fleet.reading import NoRecordError, name_of, record_of_line
from tests.fleet.machines import machines

GOOD = [json.dumps(one).encode() for one in machines(30)]
NAME = re.compile(r"line-[0-9a-f]{16}")
BAD = [
    b"{",
    b"[]",
    b"\xff{}",
    b'{"id": "a", "inventory": {}, "colour": 1}',
    b'{"id": 7, "inventory": {}}',
    b'{"id": "a", "id": "b", "inventory": {}}',
    b"\x0b",
    "\u2028\u00a0".encode(),
    b'{"id": "short", "inventory": ' + b"[" * 400,
]
#: As Python's json, Dask, Spark and others may have left a line's end.
ENDS = [b"\n", b"\r\n"]


def document(lines: list[bytes]) -> str:
    return json.dumps(summary.document(engines.summary_of_lines(lines)))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([*BAD, *GOOD[:4], b"", b" \t"]), max_size=12),
    st.lists(st.integers(0, 12), max_size=3),
    st.data(),
)
def test_any_split_gives_the_same_bytes_whatever_the_lines_are(
    lines: list[bytes], cuts: list[int], draw: st.DataObject
) -> None:
    at = sorted({0, len(lines), *(one for one in cuts if one < len(lines))})
    parts = [lines[start:end] for start, end in zip(at, at[1:])]
    ended = [[one + draw.draw(st.sampled_from(ENDS)) for one in part] for part in parts]
    merged = reduce(
        summary.merge,
        (
            engines.from_part(engines.part_of_lines(one))
            for one in draw.draw(st.permutations(ended))
        ),
        summary.EMPTY,
    )
    assert json.dumps(summary.document(merged)) == document(lines)


@pytest.mark.parametrize("line", BAD)
def test_a_line_is_the_same_as_bytes_and_as_text_with_any_end(line: bytes) -> None:
    (row,) = review_lines([line])
    given_as = [line + end for end in ENDS] + [line.decode("utf-8", "surrogateescape")]
    assert {one.id for one in review_lines(given_as)} == {row.id}


@pytest.mark.parametrize("line", [BAD[0], BAD[1], BAD[2], BAD[4], BAD[5]])
def test_a_machine_without_a_readable_id_is_called_by_its_line(line: bytes) -> None:
    first, again, other = review_lines([line, line, line + b" "])
    assert first == again
    assert NAME.fullmatch(first.id) and first.id != other.id
    assert (first.level, bool(first.error)) == ("network", True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"inventory": None}, "record: has no 'inventory'"),
        ({"colour": 1}, "record: colour: unknown key"),
        ({"network_config": 5}, "record: network_config: not a text"),
        ({"target": []}, "record: target: not a text"),
        ({"settings": "x"}, "record: settings: not an object"),
        ({"existing": {"etc/x": 1}}, "record: existing.etc/x: not a text"),
    ],
)
def test_a_readable_id_is_kept_where_something_else_is_wrong(
    wrong: dict[str, Any], told: str
) -> None:
    line = json.dumps({**next(machines(1)), "id": "vm-7", **wrong})
    (row,) = review_lines([line])
    assert row.id == "vm-7"
    assert row.error.startswith(told)


def test_blank_lines_are_no_machines() -> None:
    assert [*review_lines(["", "\n", "\r\n", " \t\r\n", b"", b"\n"])] == []


def test_a_line_that_is_too_long_is_one_machine_wherever_it_is_cut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where what is too long of it is blank, or its end is where the reading stops."""
    for module in (model, reading):
        monkeypatch.setattr(module, "LONGEST_RECORD", 40)
    for module in (reading, fleet_jobs):
        monkeypatch.setattr(module, "ENOUGH", 43)
    given_lines = [
        *(b"x" * number for number in range(38, 46)),
        *(b" " * number for number in (38, 40, 41, 42, 43, 44, 90)),
        b" " * 90 + b"{}",
        b"{}" + b" " * 90,
        b"x" * 40 + b"\r",
        b"x" * 41 + b"\r",
        b"x" * 200,
    ]
    for end in ENDS:
        file = tmp_path / "fleet"
        file.write_bytes(b"".join(one + end for one in given_lines))
        jobs = [job for chunk in fleet_jobs.chunks(str(file)) for job in chunk.jobs]
        rows = [Reviewer().review_line(one) for one in jobs if isinstance(one, bytes)]
        assert rows == [*review_lines(one + end for one in given_lines)]
        assert {one.id for one in rows if "longer than 40 bytes" in one.error} == {
            *(name_of(one) for one in jobs if isinstance(one, bytes) and len(one) > 40)
        }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "line 7: not JSON"),
        (b"\xff", "line 7: not UTF-8 at byte 0"),
        (b"[]", "line 7: not an object"),
        (b'{"id": "a"}', "line 7: has no 'inventory' (give each line an object"),
        (b'{"id": "", "inventory": {}}', "line 7: id: not a name"),
        (b'{"id": "a\\u001b[2J", "inventory": {}}', "line 7: id: not a name"),
        (b'{"id": "a", "id": "b", "inventory": {}}', 'line 7: the key "id" stands twice'),
    ],
)
def test_a_line_that_is_no_record_is_refused_with_its_place(line: bytes, told: str) -> None:
    with pytest.raises(NoRecordError) as refused:
        record_of_line(line, "line 7")
    assert isinstance(refused.value, HypervNetError)
    assert str(refused.value).startswith(told)
