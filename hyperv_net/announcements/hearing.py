"""What is told when an announcement appears, changes and goes, and when a source falls silent."""

from __future__ import annotations

from hyperv_net.announcements.announcement import ID, UNKNOWN, Stage
from hyperv_net.announcements.course import IN_ALL, Course, Standing
from hyperv_net.announcements.seats import MOST, seated
from hyperv_net.journal.entry import Happening
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.announcements.course import Known
    from hyperv_net.announcements.source import Heard

#: Kinds after which the machine, or its place, is gone, so that no VF comes back: Azure's
#: (scheduled-events.md), and Google's (getting-live-migration-notice, which once had a shutdown
#: for what is terminate now).
NOT_GIVEN_BACK = frozenset(("preempt", "terminate", "shutdown"))

#: Questions in a row that a source leaves open before that is told: one alone is nothing, since
#: Azure asks for a second try now and then.
SILENCE = 3

#: The stages of one that begins, before and after.
_BEGINNING = (Stage.SCHEDULED, Stage.STARTED)


class Happened(NamedTuple):
    """What is to be told, about an announcement, or about a source alone (None).

    `text` says what, without the announcement's name and what `happening` says.
    """

    happening: Happening
    text: str
    announcement: Announcement | None = None


def hear(courses: dict[str, Course], source: str, heard: Heard, now: float) -> Iterator[Happened]:
    """Change `courses` by what `source` has answered, at the time `now`.

    What is followed goes on while its id is announced, unless others alone are named with it; and
    nothing is over by an answer of which an id could not be read.  Of more than can be followed
    some are passed over (`seats`).
    """
    mine = _mine(courses, source, heard)
    for owner, course in list(courses.items()):
        if course.announcement.source != source or owner in mine:
            continue
        if course.standing is Standing.OVER:
            continue
        if course.announcement.id in heard.unread:
            courses[owner] = course._replace(is_certain=True)
        elif "" not in heard.unread:
            courses[owner] = course.anew()._replace(standing=Standing.OVER)
            yield _gone(course.announcement, now)
    seats = seated(courses, mine, lambda one: one.kind in NOT_GIVEN_BACK)
    for owner, announcement in mine.items():
        if owner not in seats:
            courses.pop(owner, None)
            continue
        before = courses.get(owner)
        if before is not None and _is_another(before, announcement, now):
            yield _gone(before.announcement, now)
            # Whose traffic stays where it is, though it is moved for it anew.
            before = before.followed()
        if before is None or before.standing is Standing.OVER:
            yield from _new(announcement)
        else:
            yield from _changed(before.announcement, announcement)
        was = before or Course(announcement, Standing.WAITING)
        if (was.announcement.stage, announcement.stage) == _BEGINNING:
            was = _begins(was)
        courses[owner] = was._replace(
            announcement=announcement, standing=_standing(was, announcement), is_certain=True
        )


def _is_another(before: Course, announcement: Announcement, now: float) -> bool:
    """Whether what is told by the same id is another event, and the one before is over.

    What has not begun yet may be told anew, as one that is put off is.  What has may be said to
    have, however late, or the same be written once more.
    """
    was = before.announcement
    if before.standing is Standing.OVER or not was.edition or not announcement.edition:
        return False
    if announcement.is_told_again(was) or (was.stage, announcement.stage) == _BEGINNING:
        return False
    return was.edition != announcement.edition and _has_begun(was, now)


def crowding(
    known: Known,
    courses: Mapping[str, Course],
    answers: Mapping[str, Heard],
    told: list[Happened],
) -> tuple[str, ...]:
    """The sources of which some is not followed; `told` gets each that was not among them."""
    crowded = dict.fromkeys(known.crowded)
    for source, heard in answers.items():
        if heard.announcements is None:
            continue
        if not _mine(courses, source, heard).keys() - courses.keys():
            crowded.pop(source, None)
        elif source not in crowded:
            crowded[source] = None
            text = f"{source} announces more than {MOST} at a time: the others are passed over"
            told.append(Happened(Happening.FAILED, text))
    return tuple(crowded)


def _mine(courses: Mapping[str, Course], source: str, heard: Heard) -> dict[str, Announcement]:
    """What is about this machine, by owner; of several by one id the first."""
    told = [one for one in heard.announcements or () if one.source == source and ID.match(one.id)]
    followed = {owner for owner, course in courses.items() if course.standing is not Standing.OVER}
    still = {
        one.owner: one._replace(is_mine=True, is_mine_alone=False)
        for one in reversed(told)
        if one.names_nobody and one.owner in followed
    }
    mine: dict[str, Announcement] = {}
    for one in told:
        if one.is_mine:
            mine.setdefault(one.owner, one)
    return {**still, **mine}


def _begins(course: Course) -> Course:
    """One that begins now, however late: it is worth the bound's seconds anew."""
    if course.standing is Standing.GIVEN_UP and course.held < IN_ALL:
        return course.anew()._replace(standing=Standing.WAITING)
    return course.granted() if course.standing is Standing.DRAINING else course


def _standing(before: Course, announcement: Announcement) -> Standing:
    """What one that is announced comes to, before the time is looked at."""
    if announcement.kind in NOT_GIVEN_BACK:
        return Standing.TOLD
    is_new = before.standing in (Standing.OVER, Standing.TOLD)
    return Standing.WAITING if is_new else before.standing


def _new(announcement: Announcement) -> Iterator[Happened]:
    text = ": ".join(filter(None, (announcement.kind, announcement.text)))
    yield Happened(Happening.ANNOUNCED, text, announcement)
    if announcement.stage is Stage.STARTED:
        yield Happened(Happening.STARTED, announcement.kind, announcement)


def _changed(before: Announcement, now: Announcement) -> Iterator[Happened]:
    if before.kind == UNKNOWN != now.kind:
        yield from _new(now)
    elif before.stage is not now.stage and now.stage is Stage.STARTED:
        yield Happened(Happening.STARTED, now.kind, now)
    elif before.stage is not now.stage:
        yield Happened(Happening.CHANGED, f"{now.kind} is still to come, after all", now)
    elif before.not_before != now.not_before and now.stage is Stage.SCHEDULED:
        yield Happened(Happening.CHANGED, f"{now.kind} is to come at another time", now)


def _gone(announcement: Announcement, now: float) -> Happened:
    """One that has gone before its time was cancelled; it may have started while nobody heard."""
    if _has_begun(announcement, now):
        return Happened(Happening.OVER, announcement.kind, announcement)
    return Happened(Happening.CANCELLED, announcement.kind, announcement)


def _has_begun(announcement: Announcement, now: float) -> bool:
    """Whether it has started, or may have while nobody heard."""
    is_due = announcement.not_before is not None and now >= announcement.not_before
    return announcement.stage is Stage.STARTED or is_due


def silence(
    known: Known, answers: Mapping[str, Heard], told: list[Happened]
) -> tuple[tuple[str, int], ...]:
    """How many questions of each source are open now; what is worth telling goes to `told`."""
    counts = dict(known.unheard)
    for source, heard in answers.items():
        if heard.is_half:
            continue
        if heard.announcements is not None:
            if counts.pop(source, 0) >= SILENCE:
                told.append(Happened(Happening.HEARD_AGAIN, f"{source} answers again"))
            continue
        counts[source] = counts.get(source, 0) + 1
        if counts[source] == SILENCE:
            why = heard.trouble or "it does not answer"
            told.append(Happened(Happening.UNHEARD, f"{source} cannot be asked: {why}"))
    return tuple(counts.items())
