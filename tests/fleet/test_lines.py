"""What a line of a fleet is, and what a machine is called whose line is no record."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.commands import fleet_jobs
from hyperv_net.errors import HypervNetError
from hyperv_net.fleet import engines, model, reading, summary, tables
from hyperv_net.fleet.alike import Reviewer, review_lines
from hyperv_net.fleet.reading import NoRecordError, name_of, record_of_line
from hyperv_net.fleet.reviewing import review
from hyperv_net.fleet.rows import row_of_error
from hyperv_net.visible import visible
from tests.fleet.machines import machines

GOOD = [json.dumps(one).encode() for one in machines(30)]
(ROW,) = review_lines(GOOD[:1])
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


@pytest.mark.parametrize("depth", [60, 70, 300, 600, 900, 20_000])
def test_how_deep_a_line_may_go_does_not_depend_on_who_reads_it(depth: int) -> None:
    nested, flow = "[" * depth + "]" * depth, "{a: " * depth + "}" * depth
    good = next(machines(1))
    every = [
        nested,
        json.dumps({**good, "inventory": "INVENTORY"}).replace('"INVENTORY"', nested),
        json.dumps({**good, "inventory": nested}),
        json.dumps({**good, "network_config": f"version: 2\nethernets: {flow}\n"}),
        json.dumps({**good, "settings": "SETTINGS"}).replace('"SETTINGS"', f'{{"kvp": {nested}}}'),
    ]
    rows = [*review_lines(every)]
    assert below(500, lambda: [*review_lines(every)]) == rows
    assert not any("mistake" in one.error for one in rows)


def below(frames: int, call: Callable[[], Any]) -> Any:
    """What a call comes to that so many others led to."""
    return call() if frames == 0 else below(frames - 1, call)


def test_many_objects_beside_each_other_are_not_deep() -> None:
    one = next(machines(1))
    nics = [
        {**one["inventory"]["nics"][0], "name": f"eth{place}", "lowers": []} for place in range(99)
    ]
    (row,) = review_lines([json.dumps({**one, "inventory": {**one["inventory"], "nics": nics}})])
    assert "nested" not in row.error


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
        (
            b"{",
            "line 7: not JSON: Expecting property name enclosed in double quotes at character 2",
        ),
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


#: What a line of a good machine may be made into: the same, another one, and none.
EDITS = [
    ("\\n", "\\u000a"),
    ("\\n", "\\\\n"),
    ("\\n", " "),
    ('"vm-', '"vm\\u002d'),
    ('"vm-', '"vm\\"'),
    ('"vm-', '"é-'),
    ('"vm-', '"\u202e'),
    ('"id"', '"i\\u0064"'),
    ('"id"', '"name"'),
    ('"id"', '"target": "id", "id"'),
    ('"id"', '"id": "other", "id"'),
    ('"kernel"', '"id": "nested", "kernel"'),
    ('"network_config"', '"network_config": "x", "network_config"'),
    ('"network_config"', '"network-config"'),
    ('"network_config"', '"colour": "network_config", "network_config"'),
    ('"inventory"', '"settings": {"kvp": "off"}, "inventory"'),
    ('"inventory"', '"settings": {"pairs": ["eth0=eth1"]}, "inventory"'),
    ('"inventory"', '"existing": {"etc/10.0.0.1": "x"}, "inventory"'),
    ("'", '\\"'),
    ("'", "\x01"),
    (": ", ":"),
    (": ", " :\t"),
    ("}", "} "),
    ("}}", "}"),
    ("dhcp4: true", "dhcp4: true, x: 00:0D:3A:00:00:01"),
    ("dhcp4: true", "dhcp4: true\\n    # of 00-0d-3a-00-00-01, 10.0.0.9 and enP7s1np0"),
    ('"lowers": []', '"lowers": ["enP77s1"]'),
    ('"findings": []', '"findings": [], "00:0d:3a:00:00:01": "/dev/x"'),
    ('"eth0"', '"e\x7f"'),
]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(EDITS), max_size=2),
    st.lists(st.sampled_from(GOOD), min_size=2, max_size=4),
    st.booleans(),
)
def test_a_line_gets_the_row_of_its_record_however_it_is_written(
    edits: list[tuple[str, str]], lines: list[bytes], is_text: bool
) -> None:
    """Also after others that are alike but for what was edited."""
    reviewer = Reviewer()
    for whole in lines:
        text = whole.decode()
        if is_text:
            document = json.loads(text)
            text = json.dumps({**document, "inventory": json.dumps(document["inventory"])})
        edited = text
        for old, new in edits:
            edited = edited.replace(old, new)
        for one in (text.encode(), edited.encode()):
            assert reviewer.review_line(one) == row_alone(one)


def test_a_line_that_is_no_json_is_not_alike_with_one_that_is() -> None:
    """A letter that stands for an escape in the key is one that no line of JSON has."""
    good = GOOD[0].replace(b"'", b'\\"')
    reviewer = Reviewer()
    assert reviewer.review_line(good).error == ""
    for raw in (good.replace(b'\\"', b"\x02"), good.replace(b"\\n", b"\n")):
        assert "not JSON" in reviewer.review_line(raw).error


def row_alone(line: bytes) -> model.Row:
    """The row of a line by the plan of its record."""
    try:
        return review(record_of_line(line))
    except NoRecordError as error:
        return row_of_error(error.machine or name_of(line), error)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(GOOD[:5]), st.text(max_size=3), st.booleans())
def test_the_lines_of_machines_are_those_of_their_rows(
    line: bytes, odd: str, is_wrong: bool
) -> None:
    (row,) = review_lines([line])
    row = row.of_another(f"{row.id}{odd}", row.exact)
    if is_wrong:
        row = row_of_error(row.id, HypervNetError(f"a{odd}b"))
    lines = tables.MachineLines()
    for one in (ROW, row, ROW, row):
        of_json, of_csv = lines.of(one)
        assert of_json == f"{json.dumps(one.document())}\n"
        (cells,) = csv.reader(io.StringIO(of_csv, newline=""), strict=True)
        assert len(cells) == len(tables.MACHINE_COLUMNS) and of_csv.endswith("\n")
        told = dict(zip(tables.MACHINE_COLUMNS, cells))
        assert told["shape"] == one.shape and told["exact"] == one.exact
        assert told["error"] == visible(one.error)
        assert told["rules"] == " ".join(dict.fromkeys(found.rule for found in one.found))
