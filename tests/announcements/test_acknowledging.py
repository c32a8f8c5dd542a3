"""When a source is told to go ahead, and what is drained for that."""

from __future__ import annotations

import pytest

from hyperv_net.announcements import service
from hyperv_net.announcements.announcement import Announcement
from hyperv_net.announcements.course import (
    LONGEST,
    PAUSES,
    Known,
    Standing,
    acknowledged,
    begun,
    ended,
)
from hyperv_net.announcements.following import Followed, take_up, words
from hyperv_net.announcements.source import Heard, Took
from hyperv_net.journal.entry import Happening
from tests.announcements.test_following import (
    ME,
    NOW,
    RULES,
    SILENT,
    STARTED,
    after,
    drained,
    event,
    heard,
    told,
)

REFUSED = Took("the answer is 400", is_refused=True)


def word(found: Followed, **rules: object) -> tuple[Announcement, ...]:
    """What is to be told to go ahead now."""
    told = words(found.known, RULES._replace(**{"acknowledges": True, **rules}))  # type: ignore[arg-type]
    return tuple(one for rest, one in told.values() if not rest)


def test_one_is_acknowledged_once_where_that_is_set_and_it_is_nobody_elses() -> None:
    scheduled = event()
    known = drained(scheduled)
    assert word(after(known, heard(scheduled), 5, at=805), acknowledges=False) == ()
    found = after(known, heard(scheduled), 5, at=805, acknowledges=True)
    assert word(found) == (scheduled,)
    done = acknowledged(found.known, ME, Took())
    assert word(after(done, heard(scheduled), 5, at=810, acknowledges=True)) == ()


def test_a_refused_acknowledgement_is_given_up_after_some() -> None:
    known = drained(event())
    for _ in range(3):
        found = after(known, heard(event()), 5, at=805, acknowledges=True)
        assert word(found) == (event(),)
        known = acknowledged(found.known, ME, REFUSED)
        early = after(known, heard(event()), PAUSES[0] - 1, at=805, acknowledges=True)
        assert word(early) == ()
        known = after(known, SILENT, PAUSES[-1], at=805, acknowledges=False).known
    assert word(after(known, heard(event()), 5, at=805, acknowledges=True)) == ()


def test_what_cannot_be_taken_now_is_no_refusal_however_often() -> None:
    known = drained(event())
    for _ in range(20):
        found = after(known, heard(event()), 5, at=805, acknowledges=True)
        assert word(found) == (event(),)
        known = acknowledged(found.known, ME, Took("the answer is 500", wait=5))


@pytest.mark.parametrize(
    "announcement",
    [event(is_mine_alone=False), STARTED, event(kind="terminate")],
    ids=["others' as well", "started already", "not drained for"],
)
def test_nothing_else_is_acknowledged(announcement: Announcement) -> None:
    known = begun(after(Known(), heard(announcement), at=850).known, ME, is_done=True)
    found = after(known, heard(announcement), 5, at=855, acknowledges=True)
    assert word(found) == ()


def test_one_that_could_not_be_drained_is_not_acknowledged() -> None:
    known = begun(after(Known(), heard(event()), at=850).known, ME, is_done=False)
    assert word(after(known, heard(event()), 5, at=855, acknowledges=True)) == ()


def test_a_machine_with_nothing_to_move_acknowledges_too_and_looks_again() -> None:
    known = begun(after(Known(), heard(event()), at=850).known, ME, is_done=None)
    assert word(after(known, heard(event()), 5, at=855, acknowledges=True)) == (event(),)
    assert after(known, heard(event()), PAUSES[0], at=860).begin == (ME,)


def test_a_machine_without_pairs_says_that_there_is_nothing_to_move(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "move_here", lambda *arguments, **rest: [])
    assert service._Machine(confined=False).drain(ME) is None


def test_it_is_drained_at_once_where_its_wait_can_be_ended() -> None:
    far = event(not_before=NOW + 7200)
    found = after(Known(), heard(far), acknowledges=True)
    assert found.begin == (ME,)
    known = begun(found.known, ME, is_done=True)
    for _ in range(3):
        found = after(known, heard(far), PAUSES[-1], at=60, acknowledges=True)
        assert (found.end, word(found)) == ((), (far,))
        known = acknowledged(found.known, ME, REFUSED)
    refused = after(known, heard(far), 5, at=200, acknowledges=True)
    assert refused.end == (ME,)
    known = ended(refused.known, ME, is_done=True)
    assert after(known, heard(far), 5, at=205, acknowledges=True).begin == ()
    assert after(known, heard(far), 5, at=7080, acknowledges=True).begin == (ME,)


def test_it_waits_for_its_time_where_nobody_can_be_told_to_go_ahead() -> None:
    for announcement, takers in ((event(), ()), (event(is_mine_alone=False), ("azure",))):
        found = after(Known(), heard(announcement), acknowledges=True, takers=frozenset(takers))
        assert found.begin == ()
        known = begun(after(found.known, {}, at=850).known, ME, is_done=True)
        now = after(known, heard(announcement), at=855, acknowledges=True, takers=frozenset(takers))
        assert word(now, takers=frozenset(takers)) == ()


def test_a_drain_ahead_that_starts_nothing_is_given_up_and_begun_again_at_its_time() -> None:
    far = event(not_before=NOW + 7200)
    known = begun(after(Known(), heard(far), acknowledges=True).known, ME, is_done=True)
    known = after(known, heard(far), 1, at=1, acknowledges=True).known
    known = acknowledged(known, ME, Took())
    found = after(known, heard(far), LONGEST + 200, at=2000, acknowledges=True)
    assert (found.end, told(found)) == ((ME,), [Happening.GIVEN_UP])
    known = ended(found.known, ME, is_done=True)
    waiting = after(known, heard(far), 5, at=2005, acknowledges=True)
    assert waiting.begin == ()
    assert after(waiting.known, heard(far), 5, at=7080, acknowledges=True).begin == (ME,)


FAR = event(not_before=NOW + 7200)


def drained_ahead() -> Known:
    """What is known of one that is drained for so that its wait can be ended."""
    return begun(after(Known(), heard(FAR), acknowledges=True).known, ME, is_done=True)


@pytest.mark.parametrize(
    "later",
    [event(is_mine_alone=False), event(is_mine=False, is_mine_alone=False, names_nobody=True)],
    ids=["named with others", "nobody named"],
)
def test_one_that_was_acknowledged_is_held_whatever_is_heard_of_it(later: Announcement) -> None:
    """It may begin at any moment from then on."""
    known = acknowledged(drained_ahead(), ME, Took())
    found = after(known, heard(later._replace(not_before=NOW + 7200)), 5, acknowledges=True)
    assert (found.end, found.known.courses[0].standing) == ((), Standing.DRAINING)


def test_one_that_was_acknowledged_is_held_over_a_restart_before_its_source_is_heard() -> None:
    known = acknowledged(drained_ahead(), ME, Took())
    taken = take_up(known, [ME], ["azure", "directory"], 5, is_anew=False).known
    another = {"directory": Heard((), 2.0)}
    for answers in (another, SILENT, heard(FAR)):
        found = after(taken, answers, 5, acknowledges=True)
        assert (found.end, found.known.courses[0].standing) == ((), Standing.DRAINING)


def test_one_that_was_drained_ahead_and_is_not_acknowledged_is_held_over_a_restart_too() -> None:
    taken = take_up(drained_ahead(), [ME], ["azure"], 5, is_anew=False)
    found = after(taken.known, SILENT, 5, acknowledges=True)
    assert (found.end, found.known.courses[0].standing) == ((), Standing.DRAINING)
