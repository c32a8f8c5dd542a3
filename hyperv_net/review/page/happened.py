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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hyperv_net.journal.document import PairOfStory, StoryOfHistory
    from hyperv_net.review.model import Review

_BY_VF, _BY_SYNTHETIC, _OFF = "v", "y", "n"


@dataclass(frozen=True)
class Part:
    """A part of a lane, as wide as so many moments; `kind` is v (by the VF), y, n (off) or ''."""

    text: str
    kind: str
    moments: int


@dataclass(frozen=True)
class Lane:
    """What something was at the moments."""

    name: str
    parts: tuple[Part, ...]


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
            ]
        found += [
            (pair.joined, f"the VF of {name} has joined"),
            (pair.undrained, f"{name} is drained no more"),
        ]
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
                (story.over, (story.ended or "over").replace("-", " "), _OFF),
            ),
        )
    for pair in story.pairs:
        name = _name(pair)
        if pair.vf_left is not None:
            states: list[tuple[str | None, str, str]] = [("", "there", "")]
            for one in pair.absences:
                states += [(one.vf_left, "gone", _OFF), (one.vf_came, "back", "")]
            states.append((pair.joined, "joined", ""))
            yield _lane(f"VF of {name}", times, states)
        yield _lane(f"traffic of {name}", times, tuple(_traffic(pair)))


def _traffic(pair: PairOfStory) -> Iterator[tuple[str | None, str, str]]:
    """The path of a pair's traffic: from when, in words, and its kind."""
    yield "", "VF", _BY_VF
    yield pair.drained, "synthetic NIC, drained", _BY_SYNTHETIC
    if pair.drained is None:
        yield pair.vf_left, "synthetic NIC", _BY_SYNTHETIC
        yield pair.joined, "VF", _BY_VF
        return
    back = pair.joined or pair.vf_came
    is_there = pair.vf_left is None or (back is not None and back <= (pair.undrained or ""))
    if is_there:
        yield pair.undrained, "VF", _BY_VF
    else:
        yield pair.undrained, "synthetic NIC", _BY_SYNTHETIC
        if pair.undrained is not None:
            yield back, "VF", _BY_VF


def _lane(name: str, times: list[str], states: Iterable[tuple[str | None, str, str]]) -> Lane:
    """The lane of states, each of which goes on until a later one begins."""
    begun = [one for one in states if one[0] is not None]
    at = []
    for time in times:
        # Of those that begin at one time the last one counts.
        now = [one for one in begun if one[0] is not None and one[0] <= time]
        at.append(max(now, key=lambda one: one[0] or "") if now else ("", "", ""))
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
