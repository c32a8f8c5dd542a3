"""hyperv-net/announcement/1, as scripts write it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.own_document import SCHEMA, announcement_in
from hyperv_net.errors import HypervNetError
from hyperv_net.review.documents import described

WHOLE = {
    "schema": SCHEMA,
    "id": "move-7",
    "kind": "Freeze",
    "stage": "scheduled",
    "not_before": "2026-11-28T23:00:00Z",
    "interrupts": 2.5,
    "text": "to host\nh2",
}
WHEN = 1795906800.0


def read(document: Any, name: str = "") -> Announcement:
    return announcement_in(json.dumps(document).encode(), "where", "directory", name)


def test_a_whole_document_is_read_in_full() -> None:
    assert read(WHOLE) == Announcement(
        "directory", "move-7", "freeze", Stage.SCHEDULED, WHEN, interrupts=2.5, text="to host h2"
    )


def test_the_shortest_document_announces_what_has_begun() -> None:
    assert read({"schema": SCHEMA}, "x") == Announcement(
        "directory", "x", "migration", Stage.STARTED
    )


@pytest.mark.parametrize(
    ("fields", "stage", "not_before"),
    [
        ({"not_before": "2026-11-28T23:00:00Z"}, Stage.SCHEDULED, WHEN),
        ({"not_before": ""}, Stage.STARTED, None),
        ({"not_before": None, "stage": None}, Stage.STARTED, None),
        ({"stage": "scheduled"}, Stage.SCHEDULED, None),
        ({"stage": "started", "not_before": "2026-11-28T23:00:00Z"}, Stage.STARTED, None),
    ],
)
def test_what_has_a_time_is_scheduled_and_what_has_started_has_none(
    fields: dict[str, Any], stage: Stage, not_before: float | None
) -> None:
    found = read({"schema": SCHEMA, **fields}, "x")
    assert (found.stage, found.not_before) == (stage, not_before)


@pytest.mark.parametrize("seconds", [0, 0.5, 2])
def test_a_machine_may_stand_still_for_any_time_or_none(seconds: float) -> None:
    assert read({**WHOLE, "interrupts": seconds}).interrupts == seconds


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert read({**WHOLE, "more": [1]}) == read(WHOLE)


def test_the_name_of_the_file_is_its_id() -> None:
    assert read(WHOLE, "move-7") == read(WHOLE)
    with pytest.raises(HypervNetError, match="id: another id than the file's name, oth"):
        read(WHOLE, "other")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"schema": ...}, "where: not an announcement"),
        ({"schema": "hyperv-net/announcement/2"}, "where: not an announcement"),
        ({"schema": 7}, "where: not an announcement"),
        ({"id": ...}, "where: has no 'id'"),
        *(({"id": one}, "where: id: not ") for one in ("", "../x", "a b", "x" * 129, 7, ["x"])),
        *(({"kind": one}, "where: kind: not ") for one in ("", "a b", "x" * 33, 7)),
        *(({"stage": one}, "where: stage: ") for one in ("over", "", 7)),
        *(({"not_before": one}, "where: not_before: not a t") for one in ("soon", 7, ["x"])),
        *(({"interrupts": one}, "where: interrupts: not ") for one in (-1, "9", True, 1e999)),
        ({"text": 7}, "where: text: not a text"),
    ],
)
def test_what_is_none_is_refused_in_one_line_that_names_the_key(
    fields: dict[str, Any], said: str
) -> None:
    changed = {name: value for name, value in {**WHOLE, **fields}.items() if value is not ...}
    with pytest.raises(HypervNetError) as raised:
        read(changed)
    assert str(raised.value).startswith(said) and "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({"schema": ""}, '(begin it with "schema": "hyperv-net/announcement/1")'),
        ({"id": "other"}, "(leave it out)"),
        ({"kind": "a b"}, "(as in freeze)"),
        ({"not_before": "soon"}, "(write it as in 2026-11-28T23:00:00Z)"),
    ],
)
def test_who_wrote_it_is_told_how_it_is_written(fields: dict[str, Any], hint: str) -> None:
    with pytest.raises(HypervNetError) as raised:
        read({**WHOLE, **fields}, "move-7")
    assert str(raised.value).endswith(hint)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 99_999, '{"a": 1, "a": 2}'])
def test_what_is_no_document_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(HypervNetError, match="where") as raised:
        announcement_in(text.encode(), "where", "directory", "x")
    assert "\n" not in str(raised.value)


def test_the_schema_allows_what_is_read_and_refuses_what_is_not() -> None:
    schema = described(SCHEMA).schema()
    validator = jsonschema.Draft202012Validator(schema)
    for good in (WHOLE, {"schema": SCHEMA}, {"schema": SCHEMA, "not_before": None}):
        validator.validate(good)
        read(good, "move-7")
    assert {*schema["properties"]} == {*WHOLE}
    for field, wrong in (("stage", "over"), ("interrupts", "9"), ("text", 7), ("schema", "x")):
        assert not validator.is_valid({**WHOLE, field: wrong})
