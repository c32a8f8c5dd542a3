"""`review --history`: what really happened, on the page and in the document."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.journal.as_json import history_document, plain_story
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.journal.lines import line_of
from hyperv_net.journal.reading import entries_of
from hyperv_net.journal.story import stories
from hyperv_net.review.document import as_plain
from hyperv_net.review.json_text import json_text
from hyperv_net.review.page.happened import Happened, _happened
from hyperv_net.review.page.lanes import Part
from tests.commands.calling import example
from tests.journal.entries import OWNER, entry
from tests.journal.test_history import ENTRIES, hostile
from tests.journal.test_story import Journal
from tests.paths import EXAMPLES

GIVEN = {
    "journal": lambda entries: "".join(map(line_of, entries)),
    "document": lambda entries: json_text(as_plain(history_document(stories(entries), entries, 0))),
}


def happened(entries: list[Entry]) -> Happened:
    (story,) = stories(entries)
    return _happened(plain_story(story))


def lanes(found: Happened) -> dict[str, list[tuple[str, int]]]:
    return {one.name: [(part.text, part.columns) for part in one.parts] for one in found.lanes}


def test_an_announced_migration_is_three_lanes() -> None:
    found = happened(ENTRIES)
    assert [one.after for one in found.moments][:3] == ["", "+480.0 s", "+600.0 s"]
    assert found.moments[2].what == ("may begin", "started")
    assert lanes(found) == {
        "announcement": [("scheduled", 2), ("started", 4), ("over", 2)],
        "VF of bond0": [("there", 3), ("gone", 1), ("back", 1), ("joined", 3)],
        "traffic of bond0": [("VF", 1), ("synthetic NIC, drained", 6), ("VF", 1)],
    }
    assert found.carried == (
        "bond0 meanwhile: 900 packets received and 900 sent over the synthetic NIC, "
        "20 and 20 over the VF",
    )


def test_a_vf_that_goes_unannounced_is_two_lanes() -> None:
    journal = Journal()
    journal.vf(0, Happening.VF_LEFT)
    journal.vf(9, Happening.VF_CAME)
    journal.vf(10, Happening.JOINED)
    found = happened(journal.entries)
    assert found.title.endswith(": a VF that went unannounced")
    assert list(lanes(found).values()) == [
        [("gone", 1), ("back", 1), ("joined", 1)],
        [("synthetic NIC", 2), ("VF", 1)],
    ]


def test_a_vf_that_goes_twice_is_gone_twice_on_the_page() -> None:
    journal = Journal()
    journal.announcement(0, Happening.ANNOUNCED)
    journal.drained(1)
    for time in (10, 80):
        journal.vf(time, Happening.VF_LEFT)
        journal.vf(time + 10, Happening.VF_CAME)
    found = happened(journal.entries)
    assert [*lanes(found).values()][1] == [
        *(("there", 2), ("gone", 1), ("back", 1), ("gone", 1), ("back", 2)),
    ]
    told = [one.split()[-1] for moment in found.moments for one in moment.what]
    assert told.count("gone") == told.count("back") == 2


def course(*happenings: tuple[float, Happening], owner: str = "") -> Happened:
    """What is told of a VF to which this happens, while something is announced or not."""
    journal = Journal()
    if owner:
        journal.announcement(0, Happening.ANNOUNCED)
    for time, happening in happenings:
        journal.vf(time, happening)
    return happened(journal.entries)


LEFT, CAME, JOINED = Happening.VF_LEFT, Happening.VF_CAME, Happening.JOINED


def test_a_vf_that_nobody_drains_carries_the_traffic_each_time_that_it_has_joined() -> None:
    twice = ((10, LEFT), (20, CAME), (21, JOINED), (30, LEFT), (40, CAME), (41, JOINED))
    vf, traffic = course(*twice, owner=OWNER).lanes[1:]
    assert [one.text for one in vf.parts] == ["there", *["gone", "back", "joined"] * 2]
    # The last column is the time from which on it was to begin.
    assert [(one.text, one.columns) for one in traffic.parts] == [
        *(("VF", 1), ("synthetic NIC", 2), ("VF", 1), ("synthetic NIC", 2), ("VF", 2)),
    ]


def test_a_vf_that_goes_again_before_it_has_joined_has_not_carried_anything() -> None:
    vf, traffic = course((10, LEFT), (20, CAME), (30, LEFT), (40, CAME), (41, JOINED)).lanes
    assert [one.text for one in vf.parts] == ["gone", "back", "gone", "back", "joined"]
    assert [(one.text, one.columns) for one in traffic.parts] == [("synthetic NIC", 4), ("VF", 1)]


def test_a_vf_that_comes_and_joins_in_one_look_has_joined() -> None:
    vf, traffic = course((10, LEFT), (20, CAME), (20, JOINED)).lanes
    assert [one.text for one in vf.parts] == ["gone", "joined"]
    assert [one.text for one in traffic.parts] == ["synthetic NIC", "VF"]


def test_a_vf_that_comes_without_going_had_been_away() -> None:
    journal = Journal()
    journal.drained(0, "person")
    journal.vf(1, CAME)
    journal.vf(2, JOINED)
    journal.vf(3, LEFT)
    journal.undrained(4, "person")
    vf, traffic = happened(journal.entries).lanes
    assert [one.text for one in vf.parts] == ["away", "back", "joined", "gone"]
    assert [one.text for one in traffic.parts] == ["synthetic NIC, drained", "synthetic NIC"]
    # It is not over while the VF is away.
    journal.vf(50, CAME)
    (found,) = stories(journal.entries)
    assert [one.came[-7:] for one in found.pairs[0].absences] == ["01.000Z", "50.000Z"]
    assert [one.text for one in happened(journal.entries).lanes[-1].parts][-1] == "VF"


def test_traffic_that_is_given_back_without_a_vf_stays_on_the_synthetic_nic() -> None:
    journal = Journal()
    journal.drained(0, "person")
    journal.vf(1, Happening.VF_LEFT)
    journal.undrained(2, "person")
    journal.vf(3, Happening.VF_CAME)
    traffic = happened(journal.entries).lanes[-1]
    assert traffic.parts == (
        Part("synthetic NIC, drained", "y", 2),
        Part("synthetic NIC", "y", 1),
        Part("VF", "v", 1),
    )


@pytest.mark.parametrize("form", GIVEN)
def test_the_page_and_the_document_tell_it(form: str, tmp_path: Path) -> None:
    """That the document fits its schema, the tests' own watch over what is printed tells."""
    given = tmp_path / "history"
    given.write_text(GIVEN[form](ENTRIES))
    page, document = tmp_path / "page.html", tmp_path / "plan.json"
    words = ["review", *example(EXAMPLES / "linux-netplan"), "--history", str(given)]
    main([*words, "--format", "html", "-o", str(page), "--also", f"json={document}"])
    text = page.read_text(encoding="utf-8")
    assert '<a href="#history">' in text and OWNER in text
    assert re.search(r"<td colspan=6 class=y>synthetic NIC, drained", text)
    (story,) = json.loads(document.read_text())["history"]
    assert (story["owner"], story["pairs"][0]["away_seconds"]) == (OWNER, 30.0)
    main([*words[:-2], "--format", "html", "-o", str(page), "--also", f"json={document}"])
    assert "#history" not in page.read_text(encoding="utf-8")
    assert "history" not in json.loads(document.read_text())


def test_hostile_texts_of_a_journal_are_texts_on_the_page(tmp_path: Path) -> None:
    given = tmp_path / "history"
    entries = [one._replace(text=f"<script>{one.text}") for one in hostile()]
    given.write_text(GIVEN["journal"](entries))
    page = tmp_path / "page.html"
    words = [*example(EXAMPLES / "linux-netplan"), "--history", str(given)]
    main(["review", *words, "--format", "html", "-o", str(page)])
    text = page.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in text
    assert text.count("<script>") == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)


@pytest.mark.parametrize(
    "text",
    [
        "no history",
        '{"schema": "hyperv-net/status/1", "entries": []}',
        '{"schema": "hyperv-net/history/1"}',
        '{"schema": "hyperv-net/history/1", "entries": [{"time": "now"}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_history_is_one_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "history"
    given.write_text(text)
    words = [*example(EXAMPLES / "linux-netplan"), "--history", str(given)]
    assert main(["review", *words]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"hyperv-net: {given}: ") and said.count("\n") == 1


def test_a_journal_with_a_damaged_line_is_one_still() -> None:
    text = line_of(entry(0, Happening.STEP)) + '{"time": "cut o'
    assert len(entries_of(text, "journal")) == 1
    assert entries_of("", "journal") == ()
    with pytest.raises(HypervNetError):
        entries_of('{"time": "cut o', "journal")
