"""What follows from what is announced: whose drains begin and end, and what is told of it.

Times of the wall clock are compared with the source's alone, since it is by that clock that
it says when something begins.  How long a drain goes on is counted in seconds that have passed,
so that a clock which is set neither ends one nor makes it last.
"""

from __future__ import annotations

from hyperv_net.announcements.announcement import UNKNOWN, Announcement, Stage
from hyperv_net.announcements.course import IN_ALL, REFUSALS, Course, Known, Standing
from hyperv_net.announcements.hearing import SILENCE, Happened, crowding, hear, silence
from hyperv_net.journal.entry import Happening
from hyperv_net.owners import source_and_event
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hyperv_net.announcements.source import Heard

#: Seconds by which a time must have moved away for a drain to be undone until then.
SLACK = 60.0


class Rules(NamedTuple):
    """What the settings say: seconds ahead of which to drain, and whether to acknowledge.

    `takers` are the names of the sources that can be told to go ahead.
    """

    ahead: float = 120.0
    acknowledges: bool = False
    takers: frozenset[str] = frozenset()


class Followed(NamedTuple):
    """What is known now, the owners whose drains begin and end, and what is told."""

    known: Known
    begin: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    told: tuple[Happened, ...] = ()


def take_up(
    known: Known, owners: Iterable[str], sources: Collection[str], passed: float, *, is_anew: bool
) -> Followed:
    """What a service begins with, `passed` seconds after `known` was kept.

    `owners` are those who own drains at this moment: one of which nothing is known is taken for
    an event that goes on, until its source is heard.  What none of `sources` tells of any more
    is over.  `is_anew` is whether the machine has booted since, which ended all drains.
    """
    courses = {}
    for one in _aged(known.courses, passed):
        courses[one.owner] = one._replace(is_certain=False)
        if is_anew:
            courses[one.owner] = courses[one.owner].anew().given_back()
    for owner in owners:
        source, name = source_and_event(owner)
        adopted = Announcement(source, name, UNKNOWN, Stage.STARTED)
        before = courses.get(owner) or Course(adopted, Standing.DRAINING, is_moved=True)
        courses[owner] = before._replace(holds=True)
    told = []
    for owner, one in courses.items():
        source = one.announcement.source
        if source not in sources and one.standing is not Standing.OVER:
            courses[owner] = one._replace(standing=Standing.OVER)
            text = f"{one.announcement.kind}: nobody asks {source} any more"
            told.append(Happened(Happening.OVER, text, one.announcement))
    return _with_work(Known(tuple(courses.values())), told)


def follow(
    known: Known, answers: Mapping[str, Heard], now: float, passed: float, rules: Rules
) -> Followed:
    """What follows from the `answers` of the sources that were asked just now.

    `now` is the time in seconds since the epoch, and `passed` the number of seconds that have
    gone by since `known`.  A source that was not asked, or could not be, ends nothing.
    """
    told: list[Happened] = []
    courses = {one.owner: one for one in _aged(known.courses, passed)}
    for source, heard in answers.items():
        if heard.announcements is not None:
            told += hear(courses, source, heard, now)
    put_off = {one.owner for one in known.courses if _is_moved_away(one, courses.get(one.owner))}
    told += _in_time(courses, put_off, now, rules)
    unheard = silence(known, answers, told)
    crowded = crowding(known, courses, answers, told)
    return _with_work(Known(tuple(courses.values()), unheard, crowded), told)


def _aged(courses: Iterable[Course], passed: float) -> Iterator[Course]:
    for one in courses:
        held = one.held + passed if one.standing is Standing.DRAINING else one.held
        pause, rest = max(0.0, one.pause - passed), max(0.0, one.rest - passed)
        yield one._replace(held=held, pause=pause, rest=rest)


def _is_moved_away(before: Course, after: Course | None) -> bool:
    """Whether its source itself tells of another time, or of a start that is still to come."""
    if after is None:
        return False
    old, new = before.announcement, after.announcement
    return (old.stage, old.not_before) != (new.stage, new.not_before)


def _in_time(
    courses: dict[str, Course], put_off: Collection[str], now: float, rules: Rules
) -> Iterator[Happened]:
    """What the time changes; of those that are `put_off` the source itself has changed it."""
    for owner, one in courses.items():
        left = _left(one.announcement, now)
        if one.standing is Standing.GIVEN_UP and left > rules.ahead + SLACK and one.held < IN_ALL:
            # It was put off, and comes after all.
            one = one.anew()._replace(standing=Standing.WAITING)
        # Its wait ends by that, so that it is worth a drain before its time, though only once.
        is_early = _may_be_told(one, rules) and not one.held
        if one.standing is Standing.WAITING and (left <= rules.ahead or is_early):
            one = one.anew().granted(min(left, rules.ahead))._replace(standing=Standing.DRAINING)
        elif (
            one.standing is Standing.DRAINING
            and left > rules.ahead + SLACK
            and (owner in put_off or _takes(one, rules))
            and _is_for_later(one, rules)
        ):
            one = one.anew()._replace(standing=Standing.WAITING)
        if one.standing is Standing.DRAINING and one.held >= one.limit:
            one = one.anew()._replace(standing=Standing.GIVEN_UP)
            yield Happened(
                Happening.GIVEN_UP,
                f"{one.announcement.kind} goes on for {round(one.held / 60)} minutes, and "
                "holds the traffic no longer",
                one.announcement,
            )
        courses[owner] = one


def _is_for_later(one: Course, rules: Rules) -> bool:
    """Whether nothing happens ahead of its time, by what was heard since this service began.

    One whose source was told to go ahead may begin at any moment, whatever is heard of it since.
    """
    return one.is_certain and not one.is_acknowledged and not _may_be_told(one, rules)


def _left(announcement: Announcement, now: float) -> float:
    """Seconds until it may begin; 0 where it has begun, or may at any time."""
    if announcement.stage is Stage.STARTED or announcement.not_before is None:
        return 0.0
    return max(0.0, announcement.not_before - now)


def _with_work(known: Known, told: Iterable[Happened]) -> Followed:
    """What is to be done now; what holds nothing and is over is forgotten."""
    courses = []
    begin, end = [], []
    silent = _silent(known)
    for one in known.courses:
        if one.is_forgotten:
            continue
        if _is_to_begin(one, silent) and not one.pause:
            begin.append(one.owner)
            # Before it is done, so that whoever takes up after a kill knows of it.
            one = one._replace(holds=True)
        if _is_to_end(one) and not one.pause:
            end.append(one.owner)
        courses.append(one)
    known = known._replace(courses=tuple(courses))
    return Followed(known, tuple(begin), tuple(end), tuple(told))


def _silent(known: Known) -> frozenset[str]:
    """The sources that have not answered for so long that nobody waits for them."""
    return frozenset(name for name, count in known.unheard if count >= SILENCE)


def _is_to_begin(one: Course, silent: Collection[str]) -> bool:
    """Whether a drain is still to be made.

    One that this service has only read of may be over: it waits for its source, though not for
    one that is silent.
    """
    is_heard = one.is_certain or one.announcement.source in silent
    return one.standing is Standing.DRAINING and is_heard and not one.is_moved


def _is_to_end(one: Course) -> bool:
    return one.holds and one.standing is not Standing.DRAINING


def _takes(one: Course, rules: Rules) -> bool:
    """Whether its source can be told to go ahead, so that it is drained ahead of its time."""
    return rules.acknowledges and one.announcement.source in rules.takers


def _may_be_told(one: Course, rules: Rules) -> bool:
    """Whether its source may be told to go ahead, or was."""
    return (
        _takes(one, rules)
        and one.refusals < REFUSALS
        and one.is_certain
        and one.announcement.stage is Stage.SCHEDULED
        and one.announcement.is_mine_alone
    )


def _is_to_be_acknowledged(one: Course, rules: Rules) -> bool:
    return (
        _may_be_told(one, rules)
        and not one.is_acknowledged
        and one.standing is Standing.DRAINING
        and (one.is_moved or one.has_nothing)
    )


def words(known: Known, rules: Rules) -> dict[str, tuple[float, Announcement]]:
    """What each source is to be told to go ahead with next, and in how many seconds."""
    found: dict[str, tuple[float, Announcement]] = {}
    for one in known.courses:
        source = one.announcement.source
        if _is_to_be_acknowledged(one, rules) and (
            source not in found or one.rest < found[source][0]
        ):
            found[source] = (one.rest, one.announcement)
    return found


def next_look(known: Known, now: float, rules: Rules) -> float | None:
    """Seconds until there is something to move, whatever is heard until then; None: never."""
    found = []
    silent = _silent(known)
    for one in known.courses:
        if one.standing is Standing.WAITING:
            found.append(_left(one.announcement, now) - rules.ahead)
        if one.standing is Standing.DRAINING:
            found.append(one.limit - one.held)
        if _is_to_begin(one, silent) or _is_to_end(one):
            found.append(one.pause)
    return max(0.0, min(found)) if found else None
