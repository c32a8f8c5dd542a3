"""What an engine may be told of machines whose records do not say it."""

from __future__ import annotations

import json

from hyperv_net.fleet import engines
from hyperv_net.fleet.summary import document
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
