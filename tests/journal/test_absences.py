"""Each time that a VF was away, in what is told of its pair."""

from __future__ import annotations

from hyperv_net.journal.as_json import plain_story
from hyperv_net.journal.story import stories
from hyperv_net.journal.text import moments
from tests.journal.test_story import H, Journal, at


def test_a_vf_that_goes_twice_is_away_twice() -> None:
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    for time, happening in ((10, H.VF_LEFT), (20, H.VF_CAME), (80, H.VF_LEFT), (140, H.VF_CAME)):
        journal.vf(time, happening)
    (story,) = stories(journal.entries)
    (pair,) = story.pairs
    assert (pair.vf_left, pair.vf_came, pair.away) == (at(10), at(140), 70)
    told = [more for _, what, more in moments(story) if what == "VF back"]
    assert [one.partition(", ")[2] for one in told] == ["after 10.0 s", "after 60.0 s"]
    (plain,) = plain_story(story).pairs
    assert (plain.away_seconds, [one.seconds for one in plain.absences]) == (70, [10, 60])
    journal.vf(150, H.JOINED)
    journal.vf(200, H.VF_LEFT)
    (pair,) = stories(journal.entries)[0].pairs
    assert (pair.away, pair.joined) == (None, "")
    assert [one.joined for one in pair.absences] == ["", at(150), ""]
    journal.vf(210, H.JOINED)
    (pair,) = stories(journal.entries)[0].pairs
    assert pair.joined == at(210)


def test_a_vf_that_is_gone_goes_no_second_time() -> None:
    """As where a worker that was begun anew finds the same."""
    journal = Journal()
    journal.announcement(0, H.ANNOUNCED)
    for time, happening in ((10, H.VF_LEFT), (11, H.VF_LEFT), (20, H.VF_CAME)):
        journal.vf(time, happening)
    (pair,) = stories(journal.entries)[0].pairs
    assert [(one.left, one.came) for one in pair.absences] == [(at(10), at(20))]


def test_a_pair_whose_vf_never_went_was_not_away() -> None:
    journal = Journal()
    journal.drained(0)
    (pair,) = stories(journal.entries)[0].pairs
    assert (pair.absences, pair.away, pair.vf_left) == ((), None, "")


def test_a_drained_pair_is_over_once_its_vf_is_there_and_nobody_holds_its_traffic() -> None:
    """Though nobody saw it join: hyperv-net was turned off, or the kernel did it alone."""
    journal = Journal()
    journal.drained(0, "person")
    journal.vf(1, H.VF_LEFT)
    journal.undrained(2, "person")
    assert not stories(journal.entries)[0].pairs[0].is_over
    journal.vf(3, H.VF_CAME)
    assert stories(journal.entries)[0].pairs[0].is_over
    del journal.entries[2]
    assert not stories(journal.entries)[0].pairs[0].is_over


def test_a_vf_that_is_seen_to_join_alone_is_there() -> None:
    journal = Journal()
    journal.drained(0)
    for time, happening in ((1, H.JOINED), (2, H.VF_CAME), (3, H.VF_LEFT)):
        journal.vf(time, happening)
    (pair,) = stories(journal.entries)[0].pairs
    assert pair.vf_left == at(3)
    first, second = pair.absences
    assert (first.joined, first.came, second.left) == (at(1), at(2), at(3))
    del journal.entries[2]
    assert [one.left for one in stories(journal.entries)[0].pairs[0].absences] == ["", at(3)]
