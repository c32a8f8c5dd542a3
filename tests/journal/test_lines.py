"""One line of the journal: what is in it, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hyperv_net.journal.entry import Carried, Entry, Happening, Role
from hyperv_net.journal.lines import checked, entry_of, line_of, told
from tests.journal.entries import MAC, OWNER, carried, entry

STEP = entry(0, Happening.STEP, "join vf0")
PLAIN = json.loads(line_of(STEP))


def test_a_line_has_what_there_is_to_tell_and_no_more() -> None:
    assert line_of(STEP) == (
        '{"time":"2026-10-01T00:00:00.000Z","happening":"step","text":"join vf0",'
        f'"mac":"{MAC}"}}\n'
    )
    whole = entry(1, Happening.DRAINED, owner=OWNER, carried=carried(1, 2))._replace(label="bond0")
    assert {*json.loads(line_of(whole))} == {*Entry._fields} - {"text", "not_before"}


def test_of_more_nics_than_a_line_has_the_first_are_kept() -> None:
    nics = tuple(Carried(f"vf{number}", Role.VF, number, 0) for number in range(17))
    line = line_of(STEP._replace(carried=nics))
    assert entry_of(line) == STEP._replace(carried=nics[:16])
    many = json.loads(line)["carried"]
    assert checked({**PLAIN, "carried": many})
    with pytest.raises(ValueError, match="carried"):
        checked({**PLAIN, "carried": [*many, many[0]]})


def test_a_line_without_end_is_none() -> None:
    line = line_of(STEP).rstrip().ljust(16 << 10)
    assert entry_of(line) == STEP
    assert entry_of(f"{line} ") is None
    assert entry_of("[" * 9000) is None


def test_an_empty_line_is_none_that_is_damaged() -> None:
    assert told(["", " \t", line_of(STEP)]) == ((STEP,), 0)


@pytest.mark.parametrize("count", [0, 2**64 - 1])
def test_a_count_is_what_a_kernel_counts_to(count: int) -> None:
    nic = {"nic": "eth0", "role": "VF", "received": count, "sent": count}
    found = checked({**PLAIN, "carried": [nic]})
    assert found.carried == (Carried("eth0", Role.VF, count, count),)


NIC: dict[str, Any] = {"nic": "eth0", "role": "VF", "received": 1, "sent": 1}
NO_LISTS: tuple[Any, ...] = (5, {}, {"a": 1}, "x", None)
NO_NICS: tuple[Any, ...] = (5, [], {}, {**NIC, "nic": "a b"})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        *(({"carried": one}, "carried") for one in NO_LISTS),
        *(({"carried": [one]}, "nic") for one in NO_NICS),
        *(({"carried": [{**NIC, "sent": one}]}, "sent") for one in (-1, 2**64, 1.0, True, None)),
        ({"carried": [{**NIC, "role": "both"}]}, "both"),
        *(({"label": one}, "label") for one in ("a b", 5)),
        *(({"mac": one}, "mac") for one in ("0", MAC.upper(), 5)),
        *(({"not_before": one}, "not_before") for one in ("soon", 5, "1" * 41)),
        *(({"owner": one}, "owner") for one in (":x", "a b", "x" * 193, 5)),
        *(({"time": one}, "time") for one in ("", "now", None, "2026-10-01T00:00:00Z")),
        ({"happening": "nothing-known"}, "nothing-known"),
        ({"text": 5}, "text"),
    ],
)
def test_what_is_no_entry_is_refused_by_its_key(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked({**PLAIN, **fields})


@pytest.mark.parametrize("plain", [None, 5, [], "x"])
def test_what_is_no_object_is_no_entry(plain: Any) -> None:
    with pytest.raises(ValueError, match="not an object"):
        checked(plain)


def test_what_is_null_is_as_what_is_not_there() -> None:
    """As `history` has it in its document."""
    assert checked({**PLAIN, "owner": None, "not_before": None, "label": None}) == STEP
