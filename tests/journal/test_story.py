"""What the entries come to: one story for each announcement, drain and VF that went by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.journal.entry import Carried, Entry, Happening, Role
from hyperv_net.journal.kept import stamp
from hyperv_net.journal.packets import Packets, Path, counted
from hyperv_net.journal.story import stories
from hyperv_net.journal.times import seconds_between, seconds_of
from tests.journal.entries import BEGIN, MAC, OWNER, any_entry, carried, entry

H = Happening
DAY = 86400


def at(seconds: float) -> str:
    return stamp(BEGIN + seconds)


@dataclass
class Journal:
    """Entries of a course of events."""

    entries: list[Entry] = field(default_factory=list)

    def announcement(self, seconds: float, happening: Happening, text: str = "") -> None:
        not_before = at(600) if happening is H.ANNOUNCED else ""
        self.entries.append(entry(seconds, happening, text, "", OWNER, not_before))

    def drained(self, seconds: float, owner: str = OWNER, *, packets: int = 0) -> None:
        self.entries.append(
            entry(seconds, H.DRAINED, "drained", owner=owner, carried=carried(packets, 500))
        )

    def undrained(self, seconds: float, owner: str = OWNER, *, packets: int = 0) -> None:
        self.entries.append(
            entry(seconds, H.UNDRAINED, "undrained", owner=owner, carried=carried(packets, 20))
        )

    def vf(self, seconds: float, happening: Happening, *, packets: int = 0) -> None:
        vf = None if happening is H.VF_LEFT else 10
        self.entries.append(entry(seconds, happening, "vf", carried=carried(packets, vf)))


def announced() -> Journal:
    """A live migration that Azure announced ten minutes ahead."""
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED, "freeze")
    journal.drained(480, packets=100)
    journal.announcement(600, H.STARTED)
    journal.vf(610, H.VF_LEFT, packets=150)
    journal.vf(640, H.VF_CAME, packets=300)
    journal.vf(641.5, H.JOINED, packets=310)
    journal.announcement(700, H.OVER)
    journal.undrained(701, packets=1000)
    return journal


def test_an_announced_migration_is_one_story_with_all_its_times() -> None:
    (story,) = stories(announced().entries)
    assert (story.owner, story.text, story.ended) == (OWNER, "freeze", "over")
    assert (story.announced, story.not_before) == (at(0), at(600))
    assert (story.started, story.over, story.last) == (at(600), at(700), at(701))
    (pair,) = story.pairs
    assert (pair.drained, pair.vf_left, pair.vf_came) == (at(480), at(610), at(640))
    assert (pair.joined, pair.undrained, pair.away) == (at(641.5), at(701), 30.0)
    assert pair.packets == Packets(Path(900, 900), Path(20, 20))
    assert story.wrong == () and pair.is_over


def test_a_vf_that_goes_unannounced_is_a_story_of_its_own() -> None:
    journal = Journal()
    journal.vf(0, H.VF_LEFT, packets=5)
    journal.vf(9, H.VF_CAME, packets=25)
    journal.vf(10, H.JOINED, packets=26)
    journal.vf(20, H.VF_LEFT)
    first, second = stories(journal.entries)
    assert (first.owner, first.announced, first.pairs[0].away) == ("", "", 9.0)
    assert first.pairs[0].packets == Packets(Path(21, 21), Path(10, 10))
    assert second.pairs[0].vf_left == at(20) and not second.pairs[0].is_over


def test_a_vf_that_is_there_at_a_boot_is_no_story() -> None:
    journal = Journal()
    journal.vf(0, H.VF_CAME)
    journal.vf(1, H.JOINED)
    assert stories(journal.entries) == ()


def test_two_drains_of_a_person_are_two_stories() -> None:
    journal = Journal()
    for begin in (0, 1000):
        journal.drained(begin, "person")
        journal.undrained(begin + 10, "person")
    assert [one.pairs[0].drained for one in stories(journal.entries)] == [at(0), at(1000)]


def test_a_drain_that_a_boot_has_ended_ends_where_the_next_one_begins() -> None:
    journal = Journal()
    journal.drained(0, "person")
    journal.drained(5000, "person")
    journal.undrained(5001, "person")
    first, second = stories(journal.entries)
    assert (first.pairs[0].undrained, second.pairs[0].undrained) == ("", at(5001))


def test_an_announcement_whose_machine_boots_in_its_midst_stays_one() -> None:
    """As at a Redeploy: the worker finds a VF that is another's, and drains again."""
    journal = announced()
    journal.entries[4:4] = [entry(630, H.VF_CAME), entry(631, H.DRAINED, owner=OWNER)]
    (story,) = stories(journal.entries)
    assert story.pairs[0].drained == at(480)


def test_what_a_person_and_an_event_drain_is_told_in_both() -> None:
    journal = announced()
    journal.entries.insert(1, entry(100, H.DRAINED, owner="person"))
    journal.entries.append(entry(800, H.UNDRAINED, owner="person"))
    event, person = stories(journal.entries)
    assert (event.owner, person.owner) == (OWNER, "person")
    assert event.pairs[0].vf_left == person.pairs[0].vf_left == at(610)


def test_an_event_under_an_id_that_comes_again_is_another_story() -> None:
    journal = announced()
    journal.announcement(10_000, H.ANNOUNCED, "again")
    assert [one.text for one in stories(journal.entries)] == ["freeze", "again"]


@pytest.mark.parametrize("happening", [H.CANCELLED, H.GIVEN_UP])
def test_how_an_announcement_ended_is_told(happening: Happening) -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.announcement(5, happening)
    (story,) = stories(journal.entries)
    assert (story.ended, story.over, story.pairs) == (happening.value, at(5), ())


def test_a_notice_that_is_shortened_counts_as_it_was_told_last() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.entries.append(entry(5, H.CHANGED, "sooner", "", OWNER, at(60)))
    (story,) = stories(journal.entries)
    assert (story.announced, story.not_before) == (at(0), at(60))


def test_what_had_started_and_is_to_come_after_all_starts_when_it_does() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.announcement(5, H.STARTED)
    journal.entries.append(entry(6, H.CHANGED, "after all", "", OWNER, at(60)))
    assert stories(journal.entries)[0].started == ""
    journal.announcement(60, H.STARTED)
    assert stories(journal.entries)[0].started == at(60)


def test_what_goes_wrong_is_told_once_where_it_belongs() -> None:
    journal = announced()
    failed = entry(611, H.FAILED, "cannot join")
    refused = entry(479, H.NOT_DRAINED, "eth0 has no link", owner=OWNER)
    journal.entries[1:1] = [refused]
    journal.entries[5:5] = [failed, failed]
    journal.entries.append(entry(5000, H.FAILED, "much later"))
    (story,) = stories(journal.entries)
    assert story.wrong == ("eth0 has no link", "cannot join")


def test_an_announcement_that_never_ended_does_not_take_all_that_follows() -> None:
    """Its source is asked no more, or the journal lost its end."""
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.vf(3 * DAY, H.VF_LEFT)
    announcement, loss = stories(journal.entries)
    assert announcement.pairs == () and loss.owner == ""
    for late, count in ((DAY, 1), (DAY + 1, 2)):
        journal.entries[1:] = []
        journal.vf(late, H.VF_LEFT)
        assert len(stories(journal.entries)) == count


def test_what_is_carried_once_the_traffic_was_given_back_is_not_counted() -> None:
    """A person ended the drain while the announcement went on."""
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.drained(1, packets=100)
    journal.undrained(2, packets=110)
    journal.entries.append(entry(50, H.MOVED, carried=carried(9000, 9000)))
    journal.announcement(60, H.OVER)
    (story,) = stories(journal.entries)
    assert story.pairs[0].packets == Packets(Path(10, 10), Path(20, 20))


def test_of_several_pairs_each_has_its_own_times() -> None:
    journal = announced()
    other = "00:0d:3a:00:00:02"
    journal.entries += [
        one._replace(mac=other, label="bond1")
        for one in journal.entries
        if one.mac and one.happening is not H.JOINED
    ]
    journal.entries.sort(key=lambda one: one.time)
    (story,) = stories(journal.entries)
    assert [one.mac for one in story.pairs] == [MAC, other]
    assert [one.joined for one in story.pairs] == [at(641.5), ""]
    assert story.pairs[1].label == "bond1"


@settings(max_examples=200)
@given(st.lists(any_entry(), max_size=30))
def test_any_entries_come_to_stories(entries: list[Entry]) -> None:
    """In the order in which they began, each drain and each announcement in one."""
    found = stories(entries)
    times = {one.time for one in entries}
    for story in found:
        assert {story.began, story.last} <= times
        assert story.owner in {one.owner for one in entries}
    owners = {
        one.owner
        for one in entries
        if one.owner and one.happening in (H.DRAINED, H.ANNOUNCED, H.OVER)
    }
    assert owners <= {story.owner for story in found}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([("a", 5)], None),
        ([("a", 5), ("a", 9)], 4),
        # Another VF, whose counter begins at its coming; and one of the same name.
        ([("a", 5), ("b", 9)], 9),
        ([("a", 5), ("a", 3)], 3),
        ([("a", 5), None, ("a", 9)], 9),
        ([None, ("a", 9), ("a", 10)], 10),
    ],
)
def test_the_counter_of_a_vf_begins_anew_with_each(
    counts: list[tuple[str, int] | None], expected: int | None
) -> None:
    synthetic = Carried("eth0", Role.SYNTHETIC, 1, 1)
    entries = []
    for one in counts:
        vf = (Carried(one[0], Role.VF, one[1], one[1]),) if one is not None else ()
        entries.append(entry(0, H.MOVED, carried=(synthetic, *vf)))
    found = counted(entries)
    assert (found.vf.sent if found is not None else None) == expected


def test_what_is_received_and_what_is_sent_are_counted_apart() -> None:
    def nics(synthetic: tuple[int, int], vf: tuple[int, int]) -> Entry:
        nics = (Carried("eth0", Role.SYNTHETIC, *synthetic), Carried("vf0", Role.VF, *vf))
        return entry(0, H.MOVED, carried=nics)

    entries = [nics((10, 20), (5, 5)), nics((11, 23), (6, 5)), nics((15, 24), (9, 9))]
    assert counted(entries) == Packets(Path(5, 4), Path(4, 4))
    # A VF that has sent less by now, or received less, is another one under the same name.
    for other in ((8, 30), (30, 8)):
        assert counted([*entries, nics((15, 24), other)]) == Packets(
            Path(5, 4), Path(4 + other[0], 4 + other[1])
        )


@given(st.floats(0, 4e9))
def test_a_time_is_read_as_it_is_written(seconds: float) -> None:
    assert abs((seconds_of(stamp(seconds)) or 0) - seconds) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-13-01", "2026-02-30", "2026-01-01T24:00", "2026-01-01T10:00+01:00"),
        "٢٠٢٦-01-01",
    ],
)
def test_what_is_no_time_in_utc_is_none(text: str) -> None:
    assert seconds_of(text) is None
    assert seconds_between(text, stamp(0)) is None
    assert seconds_between(stamp(0), text) is None


def test_a_clock_that_was_set_back_gives_no_duration() -> None:
    assert seconds_between(stamp(5), stamp(4)) is None
    assert seconds_between(stamp(5), stamp(5)) == 0
    assert seconds_of("2026-10-01") == seconds_of("2026-10-01 00:00Z") == BEGIN
