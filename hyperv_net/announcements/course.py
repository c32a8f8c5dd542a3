"""What is known of each announcement that is about this machine, from one question to the next."""

from __future__ import annotations

from enum import Enum

from hyperv_net.owners import LONGEST_OF_EVENT
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.announcements.source import Took

#: Seconds that the traffic is kept off the VFs for one announcement, all in all: one that begins
#: late or is put off is granted LONGEST anew, up to this.
IN_ALL = LONGEST_OF_EVENT

#: Seconds of it at a time.  Events of Azure's Scheduled Events are gone within 10 minutes of their
#: start (main.py of scheduled-events-mock-server).
LONGEST = IN_ALL / 3

#: How often a source is told to go ahead that refuses it.
REFUSALS = 3

#: Seconds until what has failed is tried again; the last one from then on.
PAUSES = (10.0, 20.0, 40.0, 60.0)


class Standing(str, Enum):
    """What an announcement comes to here.

    TOLD: nothing is done about it.  WAITING: its time has not come.  DRAINING: no VF is to carry
    traffic.  GIVEN_UP: it goes on for too long.  OVER: it is not announced any more, and its
    drain is still to be ended.
    """

    TOLD = "told"
    WAITING = "waiting"
    DRAINING = "draining"
    GIVEN_UP = "given-up"
    OVER = "over"


class Course(NamedTuple):
    """An announcement as it was last heard, and how far it has come here.

    `is_certain` is whether this service has heard it itself, and not read of it.  `holds` is
    whether it may own drains.  `held` is for how many seconds it has been DRAINING, all in all, and
    `limit` for how many it may.  `is_moved` is whether the traffic of all pairs was moved off their
    VFs, and `has_nothing` whether there was none to move.  `tries` counts what failed one time
    after another, and `pause` is the number of seconds until the next try.  `is_acknowledged` is
    whether its source was told to go ahead, and `refusals` how often it has refused that; `rest`
    is the number of seconds until it is told again.  `carried` is how much of `held` is of those
    before it by the same id, whose traffic has not gone back since.  `lapses` counts how often the
    traffic was found on a VF, one look after another, though it had been moved.
    """

    announcement: Announcement
    standing: Standing
    is_certain: bool = True
    holds: bool = False
    held: float = 0.0
    limit: float = LONGEST
    is_moved: bool = False
    tries: int = 0
    pause: float = 0.0
    is_acknowledged: bool = False
    refusals: int = 0
    has_nothing: bool = False
    rest: float = 0.0
    carried: float = 0.0
    lapses: int = 0

    @property
    def owner(self) -> str:
        """Who owns its drains."""
        return self.announcement.owner

    @property
    def is_forgotten(self) -> bool:
        """Whether there is nothing left to do."""
        return self.standing is Standing.OVER and not self.holds

    def granted(self, left: float = 0.0) -> Course:
        """The same, with LONGEST from its beginning in `left` seconds on, and IN_ALL at most."""
        before = self.limit if self.held else 0.0
        return self._replace(limit=max(before, min(self.held + left + LONGEST, IN_ALL)))

    def anew(self) -> Course:
        """The same, of which nothing was tried yet."""
        return self._replace(is_moved=False, has_nothing=False, tries=0, pause=0.0, lapses=0)

    def given_back(self) -> Course:
        """The same, which holds no traffic: what others held before it counts no more."""
        return self._replace(
            holds=False,
            held=max(0.0, self.held - self.carried),
            limit=max(0.0, self.limit - self.carried),
            carried=0.0,
        )

    def followed(self) -> Course:
        """What another event by its id begins with: the seconds of what is still held go on."""
        over = Course(self.announcement, Standing.OVER)
        if not self.holds:
            return over
        return over._replace(holds=True, held=self.held, limit=self.limit, carried=self.held)


class Known(NamedTuple):
    """All courses, and of each source that is silent how many questions it has not answered.

    `crowded` are the sources that announce more than is followed.
    """

    courses: tuple[Course, ...] = ()
    unheard: tuple[tuple[str, int], ...] = ()
    crowded: tuple[str, ...] = ()


def begun(known: Known, owner: str, *, is_done: bool | None) -> Known:
    """What is known once a drain was tried; `is_done` is None where there is nothing to move.

    It is tried again then as well, since a pair may come.
    """

    def change(one: Course) -> Course:
        tried = _tried(one, is_done=bool(is_done))
        return tried._replace(is_moved=bool(is_done), has_nothing=is_done is None)

    return _with(known, owner, change)


def ended(known: Known, owner: str, *, is_done: bool) -> Known:
    """What is known once a drain was to be undone."""

    def change(one: Course) -> Course:
        tried = _tried(one, is_done=is_done)
        return tried.given_back() if is_done else tried._replace(holds=True)

    return _with(known, owner, change)


def acknowledged(known: Known, owner: str, took: Took) -> Known:
    """What is known once a source was told to go ahead: only what it refuses counts against it."""

    def change(one: Course) -> Course:
        if not took.is_refused:
            return one._replace(is_acknowledged=one.is_acknowledged or not took.trouble)
        refusals = one.refusals + 1
        return one._replace(refusals=refusals, rest=PAUSES[min(refusals, len(PAUSES)) - 1])

    return _with(known, owner, change)


def is_kept_off(known: Known) -> bool:
    """Whether traffic was moved off its VF, and is to stay there."""
    return any(map(_is_kept_off, known.courses))


def _is_kept_off(one: Course) -> bool:
    return one.standing is Standing.DRAINING and one.is_moved


def lapsed(known: Known) -> Known:
    """What is known once such traffic has gone back by itself: for one event it is moved again.

    At once the first time; where it is back at each look, as of a VF that flaps, after PAUSES.
    """
    if any(map(_is_to_be_moved_again, known.courses)):
        return known
    owner = next((one.owner for one in known.courses if _is_kept_off(one)), "")

    def change(one: Course) -> Course:
        pause = PAUSES[min(one.lapses, len(PAUSES)) - 1] if one.lapses else 0.0
        return one._replace(is_moved=False, pause=pause, lapses=one.lapses + 1)

    return _with(known, owner, change)


def _is_to_be_moved_again(one: Course) -> bool:
    return one.standing is Standing.DRAINING and one.lapses > 0 and not one.is_moved


def stays(known: Known) -> Known:
    """What is known once a look has found such traffic where it was moved to."""
    return known._replace(courses=tuple(one._replace(lapses=0) for one in known.courses))


def _tried(one: Course, *, is_done: bool) -> Course:
    tries = 0 if is_done else one.tries + 1
    pause = PAUSES[min(tries, len(PAUSES)) - 1] if tries else 0.0
    return one._replace(tries=tries, pause=pause)


def _with(known: Known, owner: str, change: Callable[[Course], Course]) -> Known:
    changed = (change(one) if one.owner == owner else one for one in known.courses)
    return known._replace(courses=tuple(one for one in changed if not one.is_forgotten))
