"""A source that announces more than is followed."""

from __future__ import annotations

from hyperv_net.announcements.course import Known
from hyperv_net.announcements.seats import MOST
from hyperv_net.announcements.source import Heard
from hyperv_net.journal.entry import Happening
from tests.announcements.test_following import ME, STARTED, after, heard, told

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
