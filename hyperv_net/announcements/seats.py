"""Which announcements of a source are followed, where it tells of more than can be.

Those whose time is nearest are, and what is drained for keeps its seat whatever comes.  What
nothing is done about takes no seat from another: it is only remembered, so that it is not told
anew.
"""

from __future__ import annotations

from hyperv_net.announcements.announcement import Stage
from hyperv_net.announcements.course import Standing
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.announcements.course import Course

#: Announcements of a source that are followed at a time; Azure tells of one a machine, as a rule.
MOST = 16

#: Those of a source that are remembered, what is followed among them.
REMEMBERED = 4 * MOST


def seated(
    courses: Mapping[str, Course],
    announced: Mapping[str, Announcement],
    is_idle: Callable[[Announcement], bool],
) -> frozenset[str]:
    """The owners of what is followed or remembered of `announced`, which is all of one source's.

    `courses` are those before, and `is_idle` is whether nothing is done about one, ever.
    """
    going_on, waiting, idle = [], [], []
    for place, (owner, announcement) in enumerate(announced.items()):
        course = courses.get(owner)
        standing = course.standing if course is not None else Standing.OVER
        if course is not None and _is_drained_for(course):
            going_on.append(owner)
        elif is_idle(announcement) or standing is Standing.GIVEN_UP:
            # What was given up and is forgotten would be drained for once more.
            order = (standing is not Standing.GIVEN_UP, standing is not Standing.TOLD)
            idle.append((order, place, owner))
        else:
            is_known = standing is not Standing.OVER
            waiting.append((_time(announcement), not is_known, place, owner))
    followed = [*going_on, *(owner for *_, owner in sorted(waiting))][: max(MOST, len(going_on))]
    remembered = [owner for *_, owner in sorted(idle)][: max(0, REMEMBERED - len(followed))]
    return frozenset((*followed, *remembered))


def _is_drained_for(course: Course) -> bool:
    """Whether its traffic is off the VFs, or was: the seconds of that are counted in its course."""
    if course.standing is Standing.GIVEN_UP:
        return course.holds
    return course.holds or course.standing is Standing.DRAINING or course.held > 0


def _time(announcement: Announcement) -> float:
    """When it may begin, to be compared; what has begun comes first."""
    if announcement.stage is Stage.STARTED or announcement.not_before is None:
        return float("-inf")
    return announcement.not_before
