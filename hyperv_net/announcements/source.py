"""What every source of announcements is to its caller."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.announcements.announcement import Announcement


class Heard(NamedTuple):
    """The answer to one question.

    `announcements` are all that there are at this moment, those of other machines too; None
    where the source could not be asked, so that nothing is known.  `wait` is the number of
    seconds after which it wants to be asked again at the earliest.  `trouble` is what went
    wrong, in one line.  `unread` are the ids of what is still announced but could not be read;
    '' where not even the id could, so that it may be any.
    """

    announcements: tuple[Announcement, ...] | None
    wait: float
    trouble: str = ""
    unread: tuple[str, ...] = ()


class Source(NamedTuple):
    """A source: its name in the settings, how it is asked, and how it is told to go ahead.

    `ask` takes the time, in seconds since the epoch, returns in bounded time and raises nothing
    that is the outside's fault.  `acknowledge` is None where nothing waits for this machine; it
    takes an id, and returns what went wrong, in one line.
    """

    name: str
    ask: Callable[[float], Heard]
    acknowledge: Callable[[str], str] | None = None
