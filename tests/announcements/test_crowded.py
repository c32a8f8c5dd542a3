"""A source that announces more than is followed."""

from __future__ import annotations

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import LONGEST, Known, Standing, begun, ended
from hyperv_net.announcements.seats import MOST, REMEMBERED
from hyperv_net.announcements.source import Heard
from hyperv_net.journal.entry import Happening
from tests.announcements.test_following import ME, NOW, STARTED, after, event, heard, told

CROWD = tuple(STARTED._replace(source="directory", id=f"D{number}") for number in range(MOST + 1))


def test_a_source_that_announces_much_hides_no_other() -> None:
    known = after(Known(), {"directory": Heard(CROWD, 2)}).known
    assert ME in after(known, heard(STARTED), 5).begin
    assert len(known.courses) == MOST


def test_what_is_passed_over_is_told_once_until_all_is_followed_again() -> None:
    found = after(Known(), {"directory": Heard(CROWD, 2)})
    failed = [one for one in found.told if one.happening is Happening.FAILED]
    assert [one.text for one in failed] == [
        "directory announces more than 16 at a time: the others are passed over"
    ]
    again = after(found.known, {"directory": Heard(CROWD, 2)}, 2)
    silent = after(again.known, {"directory": Heard(None, 2, "gone")}, 2)
    assert (told(again), told(silent), silent.known.crowded) == ([], [], ("directory",))
    fewer = after(silent.known, {"directory": Heard(CROWD[:MOST], 2)}, 2)
    assert fewer.known.crowded == ()


def waiting(count: int, **changed: object) -> tuple[Announcement, ...]:
    """So many that are hours away, the last of them first."""
    return tuple(
        event(id=f"W{number}", not_before=NOW + 36_000 - number, **changed)
        for number in range(count)
    )


def owners(known: Known) -> set[str]:
    return {one.announcement.id for one in known.courses}


def test_whose_time_is_near_has_the_seat_of_one_that_is_hours_away() -> None:
    known = after(Known(), heard(*waiting(MOST))).known
    found = after(known, heard(*waiting(MOST), event()), 5)
    assert owners(found.known) == {"E1", *(f"W{number}" for number in range(1, MOST))}
    started = after(known, heard(*waiting(MOST), STARTED), 5)
    assert started.begin == (ME,)


def test_whoever_is_first_in_the_document_has_no_seat_by_that() -> None:
    found = after(Known(), heard(*waiting(MOST + 4)))
    assert owners(found.known) == {f"W{number}" for number in range(4, MOST + 4)}


def test_of_two_at_the_same_time_the_one_that_has_a_seat_keeps_it() -> None:
    same = tuple(event(id=f"W{number}") for number in range(MOST))
    known = after(Known(), heard(*same)).known
    found = after(known, heard(event(id="New"), *same), 5)
    assert owners(found.known) == owners(known) and len(told(found)) == 1


def test_one_that_is_drained_for_is_never_passed_over() -> None:
    crowd = tuple(STARTED._replace(id=f"D{number}") for number in range(MOST))
    known = after(Known(), heard(*crowd)).known
    for one in crowd:
        known = begun(known, one.owner, is_done=True)
    off = tuple(one._replace(stage=Stage.SCHEDULED, not_before=NOW + 50) for one in crowd)
    found = after(known, heard(STARTED, *off), 5)
    assert (found.begin, found.end) == ((), ())
    assert owners(found.known) == {one.id for one in crowd}


def test_what_nothing_is_done_about_takes_no_seat() -> None:
    gone = tuple(event(id=f"T{number}", kind="terminate") for number in range(MOST))
    known = after(Known(), heard(*gone)).known
    found = after(known, heard(*gone, *waiting(MOST - 1), STARTED), 5)
    assert len(found.known.courses) == 2 * MOST and found.begin == (ME,)
    assert found.known.crowded == ()
    assert told(after(found.known, heard(*gone, *waiting(MOST - 1), STARTED), 5)) == []


def test_what_was_given_up_takes_no_seat_and_is_not_drained_for_again() -> None:
    crowd = tuple(STARTED._replace(id=f"D{number}") for number in range(MOST))
    known = after(Known(), heard(*crowd)).known
    for one in crowd:
        known = begun(known, one.owner, is_done=True)
    known = after(known, heard(*crowd), LONGEST, at=1800).known
    assert {one.standing for one in known.courses} == {Standing.GIVEN_UP}
    for one in crowd:
        known = ended(known, one.owner, is_done=True)
    gone = tuple(event(id=f"T{number}", kind="terminate") for number in range(2 * REMEMBERED))
    found = after(known, heard(*gone, *crowd, STARTED), 5, at=1805)
    assert found.begin == (ME,)
    assert {one.id for one in crowd} < owners(found.known)
    assert len(found.known.courses) == REMEMBERED
    again = after(begun(found.known, ME, is_done=True), heard(*gone, *crowd, STARTED), 5, at=1810)
    assert (again.begin, told(again)) == ((), [])
