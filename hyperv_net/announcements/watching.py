"""The watch: sources asked as often as they want to be, and what follows from it done.

What it does it does by `Hands`, clocks and waiting among them.
"""

from __future__ import annotations

from hyperv_net.announcements.course import REFUSALS, Known, acknowledged, begun, ended
from hyperv_net.announcements.following import Rules, follow, next_look
from hyperv_net.announcements.hearing import SILENCE, Happened
from hyperv_net.journal.entry import Happening
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.announcements.following import Followed
    from hyperv_net.announcements.source import Heard, Source

#: Seconds between two questions to one source at the least, whatever it says.
LEAST = 1.0

#: Seconds for the drains of events to be ended where nobody is asked any more.
WINDING_UP = 60.0

#: Seconds between two looks: at the least, since a time may be missed by a hair, and where
#: nothing is due.
_SHORTEST, _LONGEST = 0.1, 60.0


class Hands(NamedTuple):
    """What the watch needs of the machine.

    `clock` is the time in seconds since the epoch, and `passed` a clock that nobody sets, in
    seconds.  `ask` begins to ask a source, and `wait` returns as soon as some have answered,
    with their answers by name, or after so many seconds.  `drain` and `undrain` move the
    traffic of all pairs for an owner, and return whether that is done; `drain` returns None where
    there is nothing to move.  `keep` is given what
    is known whenever that is another, and `tell` what is to be told.  `is_off` is whether
    hyperv-net is turned off.
    """

    clock: Callable[[], float]
    passed: Callable[[], float]
    ask: Callable[[Source], None]
    wait: Callable[[float], Mapping[str, Heard]]
    drain: Callable[[str], bool | None]
    undrain: Callable[[str], bool]
    keep: Callable[[Known], None]
    tell: Callable[[Sequence[Happened]], None]
    is_off: Callable[[], bool]


def watch(sources: Sequence[Source], rules: Rules, hands: Hands, taken: Followed) -> Known:
    """Watch, beginning with what was `taken` up, until hyperv-net is turned off.

    What is known then is returned.  Raises what one of `hands` does.
    """
    takers = (one.name for one in sources if one.acknowledge is not None)
    rules = rules._replace(takers=frozenset(takers))
    known = carry_out(taken, sources, hands)
    due = {one.name: hands.passed() for one in sources}
    asked: set[str] = set()
    last = hands.passed()
    while not hands.is_off():
        for source in sources:
            if source.name not in asked and hands.passed() >= due[source.name]:
                asked.add(source.name)
                hands.ask(source)
        answers = hands.wait(_until(known, due, asked, hands, rules))
        for name, heard in answers.items():
            asked.discard(name)
            due[name] = hands.passed() + max(LEAST, heard.wait)
        last, before = hands.passed(), last
        found = follow(known, answers, hands.clock(), last - before, rules)
        if _lasting(found.known) != _lasting(known):
            hands.keep(found.known)
        known = carry_out(found, sources, hands)
    return known


def wind_up(taken: Followed, hands: Hands) -> Known:
    """Do what was `taken` up where nobody is asked any more; what is known in the end.

    What fails is tried again, for WINDING_UP.
    """
    known = carry_out(taken, (), hands)
    last = hands.passed()
    end = last + WINDING_UP
    while known.courses and last < end:
        hands.wait(max(_SHORTEST, next_look(known, hands.clock(), Rules()) or 0.0))
        last, before = hands.passed(), last
        found = follow(known, {}, hands.clock(), last - before, Rules())
        known = carry_out(found, (), hands)
    return known


def carry_out(found: Followed, sources: Sequence[Source], hands: Hands) -> Known:
    """Do what was found to be done; what is known then."""
    known = found.known
    if found.told:
        hands.tell(found.told)
    # Where one follows on another the traffic does not go back in between.
    for owner in found.begin:
        known = begun(known, owner, is_done=hands.drain(owner))
    for owner in found.end:
        known = ended(known, owner, is_done=hands.undrain(owner))
    for announcement in found.acknowledge:
        trouble = _acknowledge(announcement, sources)
        known = acknowledged(known, announcement.owner, is_done=not trouble)
        is_last = any(
            one.owner == announcement.owner and one.refusals >= REFUSALS for one in known.courses
        )
        # What is tried again may have started by then, or be taken.
        if is_last or not trouble:
            hands.tell([_told(announcement, trouble)])
    if _lasting(known) != _lasting(found.known):
        hands.keep(known)
    return known


def _acknowledge(announcement: Announcement, sources: Sequence[Source]) -> str:
    """What went wrong, in one line."""
    for one in sources:
        if one.name == announcement.source and one.acknowledge is not None:
            return one.acknowledge(announcement.id)
    return "it takes none"


def _told(announcement: Announcement, trouble: str) -> Happened:
    if trouble:
        text = f"{announcement.kind} could not be acknowledged: {trouble}"
        return Happened(Happening.FAILED, text, announcement)
    text = f"{announcement.kind} may start at any time"
    return Happened(Happening.ACKNOWLEDGED, text, announcement)


def _until(
    known: Known, due: Mapping[str, float], asked: set[str], hands: Hands, rules: Rules
) -> float:
    """Seconds for which there is nothing to do but to hear."""
    now = hands.passed()
    found = [_LONGEST, *(when - now for name, when in due.items() if name not in asked)]
    look = next_look(known, hands.clock(), rules)
    if look is not None:
        found.append(look)
    return max(_SHORTEST, min(found))


def _lasting(known: Known) -> Known:
    """What is worth keeping: all but the seconds that go by, the tries, and single silences."""
    silent = tuple((name, SILENCE) for name, count in known.unheard if count >= SILENCE)
    courses = (one._replace(held=0.0, pause=0.0, rest=0.0, tries=0) for one in known.courses)
    return Known(tuple(courses), silent)
