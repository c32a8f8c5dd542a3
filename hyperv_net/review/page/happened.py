"""What really happened, beside what is simulated: the stories of a history as lanes over time.

A column is a moment that the journal has, however much time is between it and the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from hyperv_net.journal.times import seconds_between
from hyperv_net.owners import PERSON
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.document import LeftOut
from hyperv_net.review.page.lanes import BY_SYNTHETIC, BY_VF, OFF, Lane, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.journal.document import PairOfStory, StoryOfHistory
    from hyperv_net.review.model import Review


@dataclass(frozen=True)
class Moment:
    """A time (UTC), the time since the first in words, and what happened then."""

    time: str
    after: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Happened:
    """One story: its moments, lanes, and in words what was carried and what went wrong."""

    title: str
    text: str
    moments: tuple[Moment, ...]
    lanes: tuple[Lane, ...]
    carried: tuple[str, ...]
    wrong: tuple[str, ...]


def happened_of(review: Review) -> tuple[Happened, ...]:
    """The stories of the history that the review was given, the oldest first."""
    return () if isinstance(review.history, LeftOut) else tuple(map(_happened, review.history))


def _happened(story: StoryOfHistory) -> Happened:
    told = sorted(_told(story), key=lambda one: one[0])
    grouped = [(time, [what for _, what in of]) for time, of in groupby(told, lambda one: one[0])]
    times = [time for time, _ in grouped]
    return Happened(
        _title(story),
        story.text,
        tuple(
            Moment(time.replace("T", " ").rstrip("Z"), _after(times[0], time), tuple(what))
            for time, what in grouped
        ),
        tuple(_lanes(story, times)),
        tuple(_carried(pair) for pair in story.pairs if pair.packets is not None),
        story.wrong,
    )


def _title(story: StoryOfHistory) -> str:
    if story.owner is not None and story.owner != PERSON:
        return story.owner
    names = ", ".join(map(_name, story.pairs))
    return f"{names}: {'drained by a person' if story.owner else 'a VF that went unannounced'}"


def _name(pair: PairOfStory) -> str:
    return pair.label or pair.mac


def _told(story: StoryOfHistory) -> Iterator[tuple[str, str]]:
    found = [
        (story.announced, "announced"),
        (story.not_before, "may begin"),
        (story.acknowledged, "acknowledged"),
        (story.started, "started"),
        (story.over, (story.ended or "over").replace("-", " ")),
    ]
    for pair in story.pairs:
        name = _name(pair)
        found.append((pair.drained, f"{name} is drained"))
        for one in pair.absences:
            found += [
                (one.vf_left, f"the VF of {name} is gone"),
                (one.vf_came, f"the VF of {name} is back"),
                (one.vf_joined, f"the VF of {name} has joined"),
            ]
        found.append((pair.undrained, f"{name} is drained no more"))
    yield from ((time, what) for time, what in found if time is not None)


def _after(first: str, time: str) -> str:
    seconds = seconds_between(first, time)
    return "" if not seconds else f"+{seconds:.1f} s"


def _lanes(story: StoryOfHistory, times: list[str]) -> Iterator[Lane]:
    if story.announced is not None:
        yield _lane(
            "announcement",
            times,
            (
                (story.announced, "scheduled", ""),
                (story.started, "started", ""),
                (story.over, (story.ended or "over").replace("-", " "), OFF),
            ),
        )
    for pair in story.pairs:
        name = _name(pair)
        if pair.absences:
            yield _lane(f"VF of {name}", times, tuple(_vf(pair)))
        yield _lane(f"traffic of {name}", times, tuple(_traffic(pair)))


def _vf(pair: PairOfStory) -> Iterator[tuple[str | None, str, str]]:
    """What a pair's VF was: from when, in words, and the kind."""
    yield ("", "there", "") if _was_there(pair) else ("", "away", OFF)
    for one in pair.absences:
        yield one.vf_left, "gone", OFF
        yield one.vf_came, "back", ""
        yield one.vf_joined, "joined", ""


def _traffic(pair: PairOfStory) -> Iterator[tuple[str | None, str, str]]:
    """The path of a pair's traffic: from when, in words, and its kind."""
    turns = [(pair.drained, "drained", True), (pair.undrained, "drained", False)]
    for one in pair.absences:
        # Whether one joins that came while it was drained is not always seen.
        back = one.vf_joined or (one.vf_came if pair.drained else None)
        turns += [(one.vf_left, "there", False), (back, "there", True)]
    now = {"drained": False, "there": _was_there(pair)}
    yield "", *_path(now)
    for time, what, is_so in sorted((one for one in turns if one[0]), key=lambda one: one[0] or ""):
        now[what] = is_so
        yield time, *_path(now)


def _path(now: Mapping[str, bool]) -> tuple[str, str]:
    if now["drained"]:
        return "synthetic NIC, drained", BY_SYNTHETIC
    return ("VF", BY_VF) if now["there"] else ("synthetic NIC", BY_SYNTHETIC)


def _was_there(pair: PairOfStory) -> bool:
    """Whether the VF was there at first; one that came without going had been away."""
    return not pair.absences or pair.absences[0].vf_left is not None


def _lane(name: str, times: list[str], states: Iterable[tuple[str | None, str, str]]) -> Lane:
    """The lane of states, each of which goes on until a later one begins."""
    begun = [(time, text, kind) for time, text, kind in states if time is not None]
    at = []
    for moment in times:
        # Of those that begin at one time the last one counts.
        now = [one for one in reversed(begun) if one[0] <= moment]
        at.append(max(now, key=lambda one: one[0], default=("", "", "")))
    found = ((text, kind, [*of]) for (text, kind), of in groupby(at, lambda one: one[1:]))
    return Lane(name, tuple(Part(text, kind, len(of)) for text, kind, of in found))


def _carried(pair: PairOfStory) -> str:
    if pair.packets is None:
        return ""
    synthetic, vf = pair.packets.synthetic, pair.packets.vf
    return (
        f"{_name(pair)} meanwhile: {synthetic.received} packets received and {synthetic.sent} sent "
        f"over the synthetic NIC, {vf.received} and {vf.sent} over the VF"
    )
