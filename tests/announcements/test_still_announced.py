"""What ends a drain while the source still tells of its event, and what does not."""

from __future__ import annotations

import pytest

from hyperv_net.announcements.announcement import Announcement
from hyperv_net.announcements.course import LONGEST, Known
from hyperv_net.announcements.following import Followed, take_up
from hyperv_net.announcements.source import Heard
from hyperv_net.journal.entry import Happening
from tests.announcements.test_following import (
    ME,
    STARTED,
    after,
    drained,
    event,
    heard,
    told,
)

NOBODYS = STARTED._replace(is_mine=False, is_mine_alone=False, names_nobody=True)


def unread(*ids: str, announcements: tuple[Announcement, ...] = ()) -> dict[str, Heard]:
    return {"azure": Heard(announcements, 5, "not an object", ids)}


def goes_on(found: Followed) -> bool:
    return (found.begin, found.end) == ((), ())


def test_one_that_names_nobody_any_more_is_still_of_this_machine() -> None:
    started = after(drained(event()), heard(NOBODYS), 5, at=900)
    assert goes_on(started) and told(started) == [Happening.STARTED]
    assert not started.known.courses[0].announcement.is_mine_alone
    assert after(started.known, heard(), 5, at=905).end == (ME,)


def test_one_that_names_nobody_from_its_beginning_is_nothing() -> None:
    assert after(Known(), heard(NOBODYS)) == Followed(Known())
    assert told(after(drained(), heard(NOBODYS._replace(id="E2")), 5)) == [Happening.OVER]


@pytest.mark.parametrize("which", ["E1", ""], ids=["its own", "any"])
def test_what_cannot_be_read_any_more_is_not_over_until_its_bound(which: str) -> None:
    found = after(drained(), unread(which), 5)
    assert goes_on(found) and told(found) == []
    assert after(found.known, unread(which), LONGEST).end == (ME,)


def test_another_one_that_cannot_be_read_ends_it_where_its_id_is_known() -> None:
    assert after(drained(), unread("E2"), 5).end == (ME,)


def test_a_drain_of_which_nothing_is_known_goes_on_while_its_event_names_nobody() -> None:
    taken = take_up(Known(), [ME], ["azure"], 0, is_anew=False)
    assert goes_on(after(taken.known, heard(NOBODYS), 5))
