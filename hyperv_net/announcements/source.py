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
    '' where not even the id could, so that it may be any.  `is_half` is whether the question is
    one of two, and has gone well so far: nothing is known yet, and nobody is silent.
    """

    announcements: tuple[Announcement, ...] | None
    wait: float
    trouble: str = ""
    unread: tuple[str, ...] = ()
    is_half: bool = False


class Took(NamedTuple):
    """What a source makes of being told to go ahead with an event.

    `trouble` is why it does not, in one line, and empty where it does.  `is_refused` is whether it
    will not; otherwise it could not be told now, and `wait` is the number of seconds after
    which it may be tried again.
    """

    trouble: str = ""
    is_refused: bool = False
    wait: float = 0.0


class Source(NamedTuple):
    """A source: its name in the settings, how it is asked, and how it is told to go ahead.

    `ask` takes the time, in seconds since the epoch, returns in bounded time and raises nothing
    that is the outside's fault.  `acknowledge` is None where nothing waits for this machine; it
    takes an id, and is as bounded as `ask`.  `apart` is the number of seconds between two
    things that are sent to it, whatever they are; neither of the two sends more than one.
    """

    name: str
    ask: Callable[[float], Heard]
    acknowledge: Callable[[str], Took] | None = None
    apart: float = 0.0
