"""What begins and ends because of what is announced."""

from __future__ import annotations

import pytest

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import (
    LONGEST,
    PAUSES,
    Known,
    begun,
    ended,
)
from hyperv_net.announcements.following import Followed, Rules, follow, next_look
from hyperv_net.announcements.hearing import SILENCE, Happened
from hyperv_net.announcements.source import Heard
from hyperv_net.journal.entry import Happening

NOW = 1_800_000_000.0
RULES = Rules(takers=frozenset(["azure"]))
ME = "azure:E1"


def event(**changed: object) -> Announcement:
    """A freeze in a quarter of an hour, as Azure announces most."""
    scheduled = Announcement("azure", "E1", "freeze", Stage.SCHEDULED, NOW + 900)
    return scheduled._replace(**changed)  # type: ignore[arg-type]


def heard(*announcements: Announcement) -> dict[str, Heard]:
    return {"azure": Heard(announcements, 5)}


SILENT = {"azure": Heard(None, 5, "timed out")}
STARTED = event(stage=Stage.STARTED, not_before=None)


def after(
    known: Known, answers: dict[str, Heard], passed: float = 0, *, at: float = 0, **rules: object
) -> Followed:
    """What follows `at` seconds after NOW, `passed` seconds after what is known."""
    return follow(known, answers, NOW + at, passed, RULES._replace(**rules))  # type: ignore[arg-type]


def drained(announcement: Announcement = STARTED) -> Known:
    """What is known once the traffic was moved because of an announcement."""
    found = after(Known(), heard(announcement), at=800)
    assert found.begin == (announcement.owner,)
    return begun(found.known, announcement.owner, is_done=True)


def told(found: Followed) -> list[Happening]:
    return [one.happening for one in found.told]


@pytest.mark.parametrize("kind", ["freeze", "reboot", "redeploy", "migrate", "something-new"])
def test_it_is_drained_as_long_before_its_time_as_is_set(kind: str) -> None:
    found = after(Known(), heard(event(kind=kind)))
    assert (found.begin, told(found)) == ((), [Happening.ANNOUNCED])
    assert next_look(found.known, NOW, RULES) == 780
    early = after(found.known, {}, 779, at=779)
    assert early.begin == ()
    due = after(found.known, {}, 780, at=780)
    assert (due.begin, due.end, told(due)) == ((ME,), (), [])


def test_ahead_is_as_far_as_the_settings_say() -> None:
    assert after(Known(), heard(event()), ahead=900).begin == (ME,)
    assert after(Known(), heard(event()), at=899, ahead=0).begin == ()
    assert after(Known(), heard(event()), at=900, ahead=0).begin == (ME,)


@pytest.mark.parametrize(
    "announcement", [STARTED, event(stage=Stage.STARTED), event(not_before=None)]
)
def test_it_is_drained_at_once_where_it_has_started_or_nobody_knows_when(
    announcement: Announcement,
) -> None:
    assert after(Known(), heard(announcement)).begin == (ME,)


@pytest.mark.parametrize("kind", ["preempt", "terminate"])
def test_what_never_gives_the_vf_back_is_only_told_of(kind: str) -> None:
    found = after(Known(), heard(STARTED._replace(kind=kind)))
    assert (found.begin, told(found)) == ((), [Happening.ANNOUNCED, Happening.STARTED])
    over = after(found.known, heard(), 600, at=600)
    assert (over.end, told(over), over.known) == ((), [Happening.OVER], Known())


def test_what_is_another_machines_is_nothing() -> None:
    found = after(Known(), heard(STARTED._replace(is_mine=False)))
    assert found == Followed(Known())


def test_an_answer_about_another_source_or_by_a_name_that_is_none_is_nothing() -> None:
    for wrong in (STARTED._replace(source="directory"), STARTED._replace(id="a b")):
        assert after(Known(), heard(wrong)) == Followed(Known())


def test_it_ends_with_its_removal_and_is_forgotten_once_that_is_done() -> None:
    over = after(drained(), heard(), 300)
    assert (over.end, told(over)) == ((ME,), [Happening.OVER])
    assert ended(over.known, ME, is_done=True) == Known()


def test_an_end_that_fails_is_tried_again_after_a_pause() -> None:
    known = ended(after(drained(), heard(), 300).known, ME, is_done=False)
    assert after(known, heard(), PAUSES[0] - 1).end == ()
    assert next_look(known, NOW, RULES) == PAUSES[0]
    assert after(known, heard(), PAUSES[0]).end == (ME,)


def test_a_drain_that_fails_is_tried_again_as_long_as_it_is_announced() -> None:
    known = after(Known(), heard(STARTED)).known
    for pause in (*PAUSES, PAUSES[-1]):
        known = begun(known, ME, is_done=False)
        assert after(known, heard(STARTED), pause - 1).begin == ()
        found = after(known, heard(STARTED), pause)
        assert found.begin == (ME,)
        known = found.known
    known = begun(known, ME, is_done=True)
    assert after(known, heard(STARTED), 600).begin == ()
    # What was half done is undone too.
    failed = begun(after(Known(), heard(STARTED)).known, ME, is_done=False)
    assert after(failed, heard(), 1).end == (ME,)


def test_one_that_goes_before_its_time_is_cancelled() -> None:
    waiting = after(Known(), heard(event())).known
    cancelled = after(waiting, heard(), 60, at=60)
    assert (cancelled.end, told(cancelled)) == ((), [Happening.CANCELLED])
    known = drained(event())
    undone = after(known, heard(), 60, at=850)
    assert (undone.end, told(undone)) == ((ME,), [Happening.CANCELLED])
    # One that has gone when its time is over may have been while nobody heard.
    assert told(after(known, heard(), 200, at=1000)) == [Happening.OVER]


def test_a_source_that_is_silent_ends_nothing_but_the_bound_does() -> None:
    known = drained()
    found = after(known, SILENT, LONGEST - 1)
    assert (found.end, told(found)) == ((), [])
    assert next_look(found.known, NOW, RULES) == 1
    bounded = after(found.known, SILENT, 1)
    assert (bounded.end, told(bounded)) == ((ME,), [Happening.GIVEN_UP])


def test_one_that_was_given_up_is_not_begun_again_until_it_has_gone() -> None:
    given_up = ended(after(drained(), heard(STARTED), LONGEST).known, ME, is_done=True)
    again = after(given_up, heard(STARTED), 3600)
    assert (again.begin, again.end, again.told) == ((), (), ())
    gone = after(again.known, heard(), 5)
    assert (told(gone), gone.known) == ([Happening.OVER], Known())
    assert after(gone.known, heard(STARTED), 5).begin == (ME,)


def test_the_bound_counts_from_its_beginning_and_not_from_the_drain_ahead_of_it() -> None:
    found = after(Known(), heard(event()), at=780)
    known = begun(found.known, ME, is_done=True)
    assert after(known, SILENT, 120 + LONGEST - 1, at=900 + LONGEST - 1).end == ()
    assert after(known, SILENT, 120 + LONGEST, at=900 + LONGEST).end == (ME,)


def test_a_clock_that_is_set_neither_ends_a_drain_nor_makes_it_last() -> None:
    known = drained()
    ahead = after(known, heard(STARTED), 5, at=10 * LONGEST)
    assert (ahead.end, ahead.told) == ((), ())
    assert after(known, heard(STARTED), LONGEST, at=-10 * LONGEST).end == (ME,)


def test_a_notice_that_is_shortened_is_followed() -> None:
    waiting = after(Known(), heard(event())).known
    sooner = after(waiting, heard(event(not_before=NOW + 110)), 5, at=5)
    assert (sooner.begin, told(sooner)) == ((ME,), [Happening.CHANGED])


def test_one_that_is_put_off_is_undone_until_its_time_comes_again() -> None:
    later = event(not_before=NOW + 7200)
    off = after(drained(event()), heard(later), 5, at=805)
    assert (off.end, told(off)) == ((ME,), [Happening.CHANGED])
    waiting = ended(off.known, ME, is_done=True)
    again = after(waiting, heard(later), 6275, at=7080)
    assert again.begin == (ME,)
    # By a few seconds it is not worth it.
    assert after(drained(event()), heard(event(not_before=NOW + 950)), 5, at=805).end == ()


def test_one_that_is_put_off_has_its_half_hour_at_its_new_time() -> None:
    known = drained(event())
    later = event(not_before=NOW + 7200)
    off = after(known, heard(later), 50, at=850)
    again = after(ended(off.known, ME, is_done=True), heard(later), 6230, at=7080)
    known = begun(again.known, ME, is_done=True)
    assert next_look(known, NOW + 7080, RULES) == 120 + LONGEST


def test_a_start_is_told_once_and_changes_nothing_of_the_drain() -> None:
    found = after(drained(event()), heard(STARTED), 5, at=900)
    assert (found.begin, found.end, told(found)) == ((), (), [Happening.STARTED])
    assert after(found.known, heard(STARTED), 5, at=905).told == ()


def test_one_that_goes_on_to_be_another_machines_alone_is_over() -> None:
    assert after(drained(), heard(STARTED._replace(is_mine=False)), 5).end == (ME,)


def test_several_are_followed_each_for_itself() -> None:
    other = STARTED._replace(id="E2")
    known = drained()
    both = after(known, heard(STARTED, other), 5)
    assert both.begin == (other.owner,)
    known = begun(both.known, other.owner, is_done=True)
    assert after(known, heard(other), 5).end == (ME,)


def test_a_source_in_trouble_is_told_once_and_so_is_its_recovery() -> None:
    known = Known()
    said: list[Happened] = []
    for _ in range(SILENCE + 3):
        found = after(known, SILENT, 5)
        known, said = found.known, [*said, *found.told]
    assert [(one.happening, one.text) for one in said] == [
        (Happening.UNHEARD, "azure cannot be asked: timed out")
    ]
    assert told(after(known, heard(), 5)) == [Happening.HEARD_AGAIN]
    once = after(Known(), SILENT, 5).known
    assert after(once, heard(), 5).told == ()


def test_a_clock_that_is_set_back_ends_no_drain() -> None:
    """Unlike the source itself that tells of a later time."""
    known = drained(event())
    assert after(known, heard(event()), 5, at=100).end == ()
    assert after(known, heard(event(not_before=NOW + 7200)), 5, at=805).end == (ME,)
