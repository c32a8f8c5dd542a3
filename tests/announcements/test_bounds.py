"""For how long an event holds the traffic that begins late, or is put off."""

from __future__ import annotations

from hyperv_net.announcements.course import IN_ALL, LONGEST, Known, begun, ended
from hyperv_net.journal.entry import Happening
from tests.announcements.test_following import ME, NOW, STARTED, after, drained, event, heard, told


def given_up() -> Known:
    """What is known of an event that is overdue, and was not started in half an hour."""
    found = after(drained(event()), heard(event()), LONGEST + 100, at=900 + LONGEST)
    assert (found.end, told(found)) == ((ME,), [Happening.GIVEN_UP])
    return ended(found.known, ME, is_done=True)


def test_one_that_starts_after_it_was_given_up_is_drained_for() -> None:
    found = after(given_up(), heard(STARTED), 60, at=3000)
    assert (found.begin, told(found)) == ((ME,), [Happening.STARTED])
    known = begun(found.known, ME, is_done=True)
    assert after(known, heard(STARTED), LONGEST - 1, at=5000).end == ()
    assert after(known, heard(STARTED), LONGEST, at=5000).end == (ME,)


def test_one_that_starts_late_has_its_half_hour_from_then() -> None:
    late = after(drained(event()), heard(event()), LONGEST, at=800 + LONGEST)
    started = after(late.known, heard(STARTED), 10, at=810 + LONGEST)
    assert after(started.known, heard(STARTED), LONGEST - 1, at=4500).end == ()
    assert after(started.known, heard(STARTED), LONGEST, at=4500).end == (ME,)


def test_one_that_is_put_off_after_it_was_given_up_is_drained_for_at_its_new_time() -> None:
    later = event(not_before=NOW + 7200)
    off = after(given_up(), heard(later), 60, at=3000)
    assert (off.begin, told(off)) == ((), [Happening.CHANGED])
    again = after(off.known, heard(later), 4080, at=7080)
    assert again.begin == (ME,)
    assert after(begun(again.known, ME, is_done=True), heard(later), LONGEST, at=9000).end == ()


def test_whatever_is_announced_again_and_again_holds_it_no_longer_in_all() -> None:
    known, seconds = drained(event()), 0.0
    for _ in range(20):
        for told_now in (event(), STARTED, event()):
            found = after(known, heard(told_now), 300, at=900)
            seconds += 300 if known.courses[0].standing.value == "draining" else 0
            known = found.known
            for owner in found.begin:
                known = begun(known, owner, is_done=True)
            for owner in found.end:
                known = ended(known, owner, is_done=True)
    assert (seconds, known.courses[0].standing.value) == (IN_ALL, "given-up")
