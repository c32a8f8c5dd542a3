"""The watch: sources asked as often as they want to be, and what follows from it done.

What it does it does by `Hands`, clocks and waiting among them.
"""

from __future__ import annotations

from hyperv_net.announcements.course import (
    PAUSES,
    REFUSALS,
    Known,
    Standing,
    acknowledged,
    begun,
    ended,
    is_kept_off,
    lapsed,
    stays,
)
from hyperv_net.announcements.following import Rules, follow, next_look, words
from hyperv_net.announcements.hearing import SILENCE, Happened
from hyperv_net.announcements.source import Heard, Took
from hyperv_net.announcements.turns import Sending
from hyperv_net.journal.entry import Happening
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hyperv_net.announcements.course import Course
    from hyperv_net.announcements.following import Followed
    from hyperv_net.announcements.source import Source
    from hyperv_net.announcements.turns import Turn

#: Seconds for the drains of events to be ended where nobody is asked any more.
WINDING_UP = 60.0

#: Seconds after which the seconds of a drain are kept: so many may be lost at a boot.
KEPT_EVERY = 60.0

#: Seconds between two looks: at the least, since a time may be missed by a hair, and where
#: nothing is due.
_SHORTEST, _LONGEST = 0.1, 60.0


class Hands(NamedTuple):
    """What the watch needs of the machine.

    `clock` is the time in seconds since the epoch, and `passed` a clock that nobody sets, in
    seconds.  `ask` begins to ask a source, and `let_go_ahead` to tell it to go ahead with the event
    of an id.  `wait` returns as soon as some have answered, with their answers by name, or
    after so many seconds.  `drain` and `undrain` move the
    traffic of all pairs for an owner, and return whether that is done; `drain` returns None where
    there is nothing to move.  `finish` does what is left of drains that nobody owns any more, and
    returns whether nothing is.  `has_lapsed` is whether traffic that was moved goes to a VF again.
    `keep` is given what is known whenever that is another, and `keep_seconds` where only the
    seconds are.  `tell` is given what is to be told.  `is_off` is whether hyperv-net is turned off.
    """

    clock: Callable[[], float]
    passed: Callable[[], float]
    ask: Callable[[Source], None]
    let_go_ahead: Callable[[Source, str], None]
    wait: Callable[[float], Mapping[str, Heard | Took]]
    drain: Callable[[str], bool | None]
    undrain: Callable[[str], bool]
    finish: Callable[[], bool]
    has_lapsed: Callable[[], bool]
    keep: Callable[[Known], None]
    keep_seconds: Callable[[Known], object]
    tell: Callable[[Sequence[Happened]], None]
    is_off: Callable[[], bool]


def watch(
    sources: Sequence[Source],
    rules: Rules,
    hands: Hands,
    taken: Followed,
    turns: Mapping[str, Turn],
) -> tuple[Known, Mapping[str, Turn]]:
    """Watch, beginning with what was `taken` up, until hyperv-net is turned off.

    `turns` are those of the sources, by name.  What is known then is returned, with the turns as
    they are then.  Raises what one of `hands` does.
    """
    takers = (one.name for one in sources if one.acknowledge is not None)
    rules = rules._replace(takers=frozenset(takers))
    known = carry_out(taken, hands)
    last = kept = hands.passed()
    while not hands.is_off():
        turns = _send(sources, turns, known, rules, hands)
        answers = hands.wait(_until(known, turns, hands, rules))
        now, before = hands.passed(), known
        known = _words_taken(known, turns, answers, hands)
        heard, turns = answered(turns, answers, now)
        if is_kept_off(known):
            known = lapsed(known) if hands.has_lapsed() else stays(known)
        found = follow(known, heard, hands.clock(), now - last, rules)
        last = now
        if _lasting(found.known) != _lasting(before):
            hands.keep(found.known)
            kept = now
        elif now - kept >= KEPT_EVERY and _counts(found.known):
            hands.keep_seconds(found.known)
            kept = now
        known = carry_out(found, hands)
    return known, turns


def _send(
    sources: Sequence[Source],
    turns: Mapping[str, Turn],
    known: Known,
    rules: Rules,
    hands: Hands,
) -> Mapping[str, Turn]:
    """Send what may be sent now; the turns then."""
    now, word = hands.passed(), words(known, rules)
    after = {**turns}
    for source in sources:
        turn = turns[source.name]
        rest, announcement = word.get(source.name, (None, None))
        sending = turn.sending(now, None if rest is None else now + rest)
        if sending is Sending.QUESTION:
            after[source.name] = turn.asking()
            hands.ask(source)
        elif sending is Sending.WORD and announcement is not None:
            after[source.name] = turn.to_tell(announcement.owner)
            hands.let_go_ahead(source, announcement.id)
    return after


def answered(
    turns: Mapping[str, Turn], answers: Mapping[str, Heard | Took], now: float
) -> tuple[Mapping[str, Heard], Mapping[str, Turn]]:
    """What was heard, and the turns once all of `answers` have come."""
    heard = {name: one for name, one in answers.items() if isinstance(one, Heard)}
    took = {name: one for name, one in answers.items() if isinstance(one, Took)}
    after = {
        **{name: turns[name].heard(one, now) for name, one in heard.items()},
        **{name: turns[name].took(one, now) for name, one in took.items()},
    }
    return heard, {**turns, **after}


def _words_taken(
    known: Known, turns: Mapping[str, Turn], answers: Mapping[str, Heard | Took], hands: Hands
) -> Known:
    """What is known once it is heard what became of the word to go ahead, which is told."""
    for name, took in answers.items():
        if not isinstance(took, Took):
            continue
        turn = turns[name]
        known = acknowledged(known, turn.told, took)
        one = next((one for one in known.courses if one.owner == turn.told), None)
        told = _of_word(one, took, turn.delays + 1) if one is not None else ()
        if told:
            hands.tell(told)
    return known


def _of_word(course: Course, took: Took, delays: int) -> Sequence[Happened]:
    """What is to be told of it: what is tried again may have started by then, or be taken."""
    kind = course.announcement.kind
    if not took.trouble:
        text = f"{kind} may start at any time"
        return [Happened(Happening.ACKNOWLEDGED, text, course.announcement)]
    if took.is_refused:
        text = f"{kind} could not be acknowledged: {took.trouble}"
        is_told = course.refusals == REFUSALS
    else:
        text = f"{kind} cannot be acknowledged yet: {took.trouble}"
        is_told = delays == SILENCE
    return [Happened(Happening.FAILED, text, course.announcement)] if is_told else []


def wind_up(
    taken: Followed, hands: Hands, turns: Mapping[str, Turn]
) -> tuple[Known, Mapping[str, Turn]]:
    """Do what was `taken` up where nobody is asked any more; what is known in the end, the turns.

    What fails is tried again, for WINDING_UP, and so is an end that is still to be done of what
    nobody owns any more.  What is still on its way may come in.
    """
    known = carry_out(taken, hands)
    last = hands.passed()
    end, tries = last + WINDING_UP, 0
    while last < end:
        if known.courses:
            pause = next_look(known, hands.clock(), Rules()) or 0.0
        elif hands.finish():
            break
        else:
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            tries += 1
        turns = rest(hands, turns, pause)
        last, before = hands.passed(), last
        found = follow(known, {}, hands.clock(), last - before, Rules())
        known = carry_out(found, hands)
    return known, turns


def rest(hands: Hands, turns: Mapping[str, Turn], seconds: float) -> Mapping[str, Turn]:
    """Wait where nobody is asked; the turns then, of which what was on its way may have come in."""
    _, after = answered(turns, hands.wait(max(_SHORTEST, seconds)), hands.passed())
    return after


def carry_out(found: Followed, hands: Hands) -> Known:
    """Do what was found to be done; what is known then."""
    known = found.known
    if found.told:
        hands.tell(found.told)
    # Where one follows on another the traffic does not go back in between.
    for owner in found.begin:
        known = begun(known, owner, is_done=hands.drain(owner))
    for owner in found.end:
        known = ended(known, owner, is_done=hands.undrain(owner))
    if _lasting(known) != _lasting(found.known):
        hands.keep(known)
    return known


def _until(known: Known, turns: Mapping[str, Turn], hands: Hands, rules: Rules) -> float:
    """Seconds for which there is nothing to do but to hear."""
    now, word = hands.passed(), words(known, rules)
    found = [_LONGEST]
    for name, turn in turns.items():
        found.append(turn.next(now + word[name][0] if name in word else None) - now)
    look = next_look(known, hands.clock(), rules)
    if look is not None:
        found.append(look)
    return max(_SHORTEST, min(found))


def _lasting(known: Known) -> Known:
    """What is worth keeping: all but the seconds that go by, the tries, and single silences."""
    silent = tuple((name, SILENCE) for name, count in known.unheard if count >= SILENCE)
    courses = (
        one._replace(held=0.0, pause=0.0, rest=0.0, tries=0, lapses=0) for one in known.courses
    )
    return Known(tuple(courses), silent)


def _counts(known: Known) -> bool:
    """Whether the seconds that go by are counted for something."""
    return any(one.standing is Standing.DRAINING for one in known.courses)
