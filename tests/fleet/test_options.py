"""Settings and targets, of a record or for all: machines with others are never alike."""

from __future__ import annotations

import json

from hyperv_net.fleet import engines
from hyperv_net.fleet.alike import Reviewer
from hyperv_net.fleet.inputs import inputs_of, inputs_of_line
from hyperv_net.fleet.reading import record_of
from hyperv_net.fleet.reviewing import review
from hyperv_net.fleet.summary import document
from hyperv_net.rules.allowing import Allow
from tests.fleet.machines import machines

RECORD = next(machines(1))
BARE = json.dumps({key: value for key, value in RECORD.items() if key != "target"})


def test_a_target_and_settings_are_those_of_records_that_say_none() -> None:
    (alone,) = engines.summary_of_lines([BARE]).groups.values()
    assert alone.example.error.startswith("target: nothing says what configures")
    told = {**RECORD, "target": "networkd", "settings": {"aggregate": "team"}}
    as_record = engines.summary_of_lines([json.dumps(told)])
    as_option = engines.part_of_lines([BARE], "networkd", {"aggregate": "team"})
    assert json.loads(as_option) == document(as_record)
    own = engines.summary_of_lines([json.dumps(RECORD)], "networkd")
    assert own.targets == {"netplan": 1}


def test_machines_with_other_settings_or_targets_get_rows_of_their_own() -> None:
    reviewer = Reviewer()
    others: tuple[dict[str, object], ...] = (
        {},
        {"settings": {"enabled": False}},
        {"target": "networkd"},
    )
    records = [record_of({**RECORD, **other}) for other in others]
    rows = [reviewer.review(one) for one in records]
    assert rows == [review(one) for one in records]
    assert len({one.shape for one in rows}) == len(others)


def test_a_line_with_settings_or_files_is_taken_apart() -> None:
    assert inputs_of_line(json.dumps(RECORD)) is not None
    for key, value in (("settings", {"kvp": "off"}), ("existing", {"etc/x": "y"})):
        assert inputs_of_line(json.dumps({**RECORD, key: value})) is None


def test_what_names_one_pair_is_looked_at_by_each_machine_alone() -> None:
    pairs = {"pairs": ["eth0=enP1s1"]}
    assert inputs_of(record_of({**RECORD, "settings": pairs})) is None
    assert Reviewer(settings=pairs)._is_told_apart
    assert Reviewer(allows=[Allow("fits-the-vf", "x")])._is_told_apart
    assert not Reviewer(allows=[Allow("fits-the-vf", "")])._is_told_apart


def test_what_a_record_says_comes_before_the_options() -> None:
    record = record_of({**RECORD, "settings": {"enabled": False}})
    assert Reviewer(settings={"enabled": True}).review(record) == review(record)
