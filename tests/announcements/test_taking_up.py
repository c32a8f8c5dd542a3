"""What a service begins with, after another one or after a boot."""

from __future__ import annotations

from hyperv_net.announcements.course import LONGEST, Known, Standing, ended
from hyperv_net.announcements.following import take_up
from hyperv_net.journal.entry import Happening
from tests.announcements.test_following import (
    ME,
    SILENT,
    STARTED,
    after,
    drained,
    event,
    heard,
    told,
)


def test_a_service_takes_up_where_the_last_one_was() -> None:
    taken = take_up(drained(), [ME], ["azure"], 60, is_anew=False)
    assert (taken.begin, taken.end, taken.told) == ((), (), ())
    assert taken.known.courses[0].held == 60
    going_on = after(taken.known, heard(STARTED), 5)
    assert (going_on.begin, going_on.end, going_on.told) == ((), (), ())
    assert after(taken.known, heard(), 5).end == (ME,)
    assert after(taken.known, SILENT, LONGEST - 60).end == (ME,)


def test_after_a_boot_it_is_drained_again_once_it_is_heard_again() -> None:
    taken = take_up(drained(), [], ["azure"], 60, is_anew=True)
    assert (taken.begin, taken.end) == ((), ())
    assert after(taken.known, SILENT, 5).begin == ()
    assert after(taken.known, heard(STARTED), 5).begin == (ME,)
    over = after(taken.known, heard(), 5)
    assert (over.end, told(over), over.known) == ((), [Happening.OVER], Known())


def test_a_service_that_was_ended_before_it_drained_does_it_then() -> None:
    known = after(Known(), heard(STARTED)).known
    taken = take_up(known, [], ["azure"], 60, is_anew=False)
    assert after(taken.known, heard(STARTED), 5).begin == (ME,)


def test_a_drain_of_which_nothing_is_known_ends_once_its_source_tells_of_no_such_event() -> None:
    taken = take_up(Known(), [ME], ["azure"], 0, is_anew=False)
    assert (taken.begin, taken.end) == ((), ())
    assert after(taken.known, heard(), 5).end == (ME,)
    assert after(taken.known, SILENT, LONGEST).end == (ME,)
    going_on = after(taken.known, heard(STARTED), 5)
    assert (going_on.begin, going_on.end) == ((), ())
    assert told(going_on) == [Happening.ANNOUNCED, Happening.STARTED]


def test_what_a_source_began_that_is_asked_no_more_is_over_at_once() -> None:
    taken = take_up(drained(), [ME], ["directory"], 0, is_anew=False)
    assert (taken.end, told(taken)) == ((ME,), [Happening.OVER])
    assert ended(taken.known, ME, is_done=True) == Known()


def test_what_waits_stays_known_over_a_restart() -> None:
    waiting = after(Known(), heard(event())).known
    taken = take_up(waiting, [], ["azure"], 60, is_anew=True)
    assert [one.standing for one in taken.known.courses] == [Standing.WAITING]
    assert after(taken.known, heard(event()), 5, at=65).told == ()


def test_what_waits_is_drained_in_time_though_its_source_is_silent_since_the_restart() -> None:
    """Its source may tell that it is over, and so it is asked some times before that."""
    waiting = after(Known(), heard(event())).known
    known = take_up(waiting, [], ["azure"], 60, is_anew=False).known
    begun = []
    for at in (785, 790, 795):
        found = after(known, SILENT, 5, at=at)
        known = found.known
        begun.append(found.begin)
    assert begun == [(), (), (ME,)]
