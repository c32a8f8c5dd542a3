"""Which entries are a part of which story, and which of none."""

from __future__ import annotations

import pytest

from hyperv_net.journal.entry import Carried, Happening, Role
from hyperv_net.journal.packets import Packets, Path
from hyperv_net.journal.story import stories
from tests.journal.entries import MAC, OWNER, carried, entry
from tests.journal.test_story import H, Journal, announced, at

OTHER = "00:0d:3a:00:00:02"


def test_a_story_lasts_until_the_last_that_is_told_in_it() -> None:
    journal = announced()
    journal.entries.insert(1, entry(5, H.ACKNOWLEDGED, "", "", OWNER))
    for count in range(1, len(journal.entries) + 1):
        (story,) = stories(journal.entries[:count])
        assert story.last == journal.entries[count - 1].time
    assert story.acknowledged == at(5)


def test_a_story_lasts_from_its_first_entry_whatever_that_is() -> None:
    (story,) = stories([entry(7, H.NOT_DRAINED, "no link", owner=OWNER)])
    assert (story.began, story.last, story.wrong) == (at(7), at(7), ("no link",))


def test_a_vf_that_goes_after_a_drain_is_none_of_that() -> None:
    journal = Journal()
    journal.drained(0, "person")
    journal.undrained(10, "person")
    journal.vf(20, H.VF_LEFT)
    drain, loss = stories(journal.entries)
    assert (drain.pairs[0].vf_left, loss.owner, loss.pairs[0].vf_left) == ("", "", at(20))


def test_a_vf_that_goes_while_another_pair_is_drained_is_none_of_that() -> None:
    """One that was never drained, and one whose own drain is over."""
    drained = [
        entry(0, H.DRAINED, owner="person"),
        entry(0, H.DRAINED, mac=OTHER, owner="person"),
        entry(1, H.UNDRAINED, mac=OTHER, owner="person"),
    ]
    for before in (drained, drained[:1]):
        drain, loss = stories([*before, entry(2, H.VF_LEFT, mac=OTHER)])
        assert [one.vf_left for one in drain.pairs] == [""] * len(drain.pairs)
        assert [one.mac for one in loss.pairs] == [OTHER]


def test_a_vf_that_comes_and_was_not_missed_is_no_part_of_an_announcement() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.vf(1, H.VF_CAME)
    journal.vf(2, H.JOINED)
    journal.vf(3, H.MOVED)
    (story,) = stories(journal.entries)
    assert story.pairs == ()


def test_a_clock_that_was_set_back_takes_nothing_out_of_a_story() -> None:
    journal = Journal()
    journal.announcement(100, H.ANNOUNCED)
    journal.vf(50, H.VF_LEFT)
    (story,) = stories(journal.entries)
    assert story.pairs[0].vf_left == at(50)


def test_what_fails_for_no_pair_and_no_owner_is_told_of_none() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.entries.append(entry(1, H.FAILED, "the disk is full", ""))
    journal.entries.append(entry(1, H.UNHEARD, "no answer", ""))
    (story,) = stories(journal.entries)
    assert (story.wrong, story.pairs) == ((), ())


def test_what_fails_for_an_owner_is_wrong_and_a_step_is_not() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.entries.append(entry(1, H.STEP, "join vf0", owner=OWNER))
    journal.entries.append(entry(2, H.FAILED, "cannot be acknowledged", "", OWNER))
    (story,) = stories(journal.entries)
    assert story.wrong == ("cannot be acknowledged",)


def test_what_is_told_of_an_announcement_that_is_over_begins_no_other() -> None:
    journal = announced()
    journal.entries.append(entry(800, H.FAILED, "cannot be acknowledged", "", OWNER))
    journal.announcement(801, H.OVER)
    journal.undrained(802)
    (story,) = stories(journal.entries)
    assert (story.over, story.wrong) == (at(700), ("cannot be acknowledged",))


def test_an_event_that_drains_anew_after_its_end_is_another_story() -> None:
    """Its announcement was lost, as with a disk that was full."""
    journal = announced()
    journal.drained(5000)
    assert [one.began for one in stories(journal.entries)] == [at(0), at(5000)]


def test_an_event_that_drains_again_while_it_goes_on_is_not_over() -> None:
    """A person had ended its part meanwhile."""
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.drained(1)
    journal.undrained(2)
    journal.drained(3)
    (pair,) = stories(journal.entries)[0].pairs
    assert (pair.drained, pair.undrained, pair.is_over) == (at(1), "", False)


def test_what_has_started_stays_so_while_it_is_told_of_in_other_words() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    journal.announcement(5, H.STARTED)
    journal.announcement(6, H.CHANGED, "in other words")
    assert stories(journal.entries)[0].started == at(5)


def test_a_pair_keeps_its_name_where_an_entry_has_none() -> None:
    named = entry(0, H.DRAINED, owner="person")._replace(label="bond0")
    (story,) = stories([named, entry(1, H.VF_LEFT)])
    assert story.pairs[0].label == "bond0"


def nics(vf: int) -> tuple[Carried, ...]:
    return (*carried(1), Carried("vf0", Role.VF, vf, vf))


@pytest.mark.parametrize("happening", [H.MOVED, H.STEP])
def test_what_a_vf_has_carried_is_counted_until_it_was_last_seen(happening: Happening) -> None:
    """And an entry that could not count is passed over; one of another kind is no joining."""
    journal = Journal([entry(0, H.DRAINED, owner="person", carried=nics(5))])
    journal.entries.append(entry(1, H.MOVED, carried=()))
    journal.entries.append(entry(2, happening, carried=nics(9)))
    journal.entries.append(entry(3, H.VF_LEFT, carried=carried(1)))
    (pair,) = stories(journal.entries)[0].pairs
    assert pair.packets == Packets(Path(0, 0), Path(4, 4))
    assert [one.joined for one in pair.absences] == [""]
    assert pair.mac == MAC
