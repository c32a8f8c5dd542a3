"""The story of a machine as lanes: who was what, event after event and step after step.

The steps are those of the simulation (docs/simulate.md); nothing is known here of how long one
takes, so each has a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from hyperv_net.facts import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.page.lanes import BY_SYNTHETIC, BY_VF, OFF, Lane, Part
from hyperv_net.simulation.story import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hyperv_net.review.model import Review
    from hyperv_net.simulation.document import (
        LaneDocument,
        MomentDocument,
        SimulationDocument,
        StoryDocument,
    )

#: What is unfolded: the failover itself.
_SHOWN = ("detach", "attach")
#: They begin on a machine that is off, so that nothing was before them.
_FROM_OFF = ("boot", "late")


@dataclass(frozen=True)
class Step:
    """One thing that happens; `why` is empty where a step that is seen before tells it."""

    actor: str
    what: str
    why: str
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """One event of a story; its lanes have a column more where it is told what was before it."""

    name: str
    meaning: str
    is_shown: bool
    has_before: bool
    steps: tuple[Step, ...]
    lanes: tuple[Lane, ...]
    measured: str


@dataclass(frozen=True)
class Timeline:
    """The events of one pair, or of several to which the same happens."""

    title: str
    events: tuple[Event, ...]


def timelines_of(review: Review) -> tuple[Timeline, ...]:
    """A timeline for each way that it goes, with the names of the first pair that goes it."""
    if review.timeline is None:
        return ()
    alike: dict[tuple[tuple[str, ...], ...], list[StoryDocument]] = {}
    for story in review.timeline.pairs:
        steps = [(one.event, one.actor, one.path) for one in story.moments]
        alike.setdefault((*steps, (story.mode,)), []).append(story)
    found = (_timeline(review.timeline, stories) for stories in alike.values())
    return tuple(one for one in found if one.events)


def _timeline(simulation: SimulationDocument, stories: Sequence[StoryDocument]) -> Timeline:
    story = stories[0]
    lanes = [one for one in simulation.lanes if one.mac == story.mac]
    numbers = range(len(story.moments))
    ranges = [
        (name, [*group]) for name, group in groupby(numbers, lambda at: story.moments[at].event)
    ]
    told = set[str]()
    # What is unfolded is read first.
    steps = {
        at[0]: _steps((story.moments[number] for number in at), told)
        for name, at in sorted(ranges, key=lambda one: one[0] not in _SHOWN)
    }
    events = (_event(name, story, lanes, at, steps[at[0]]) for name, at in ranges)
    return Timeline("; ".join(map(_title, stories)), tuple(events))


def _steps(moments: Iterable[MomentDocument], told: set[str]) -> tuple[Step, ...]:
    """The steps; what `told` has is not told again."""
    steps = []
    for one in moments:
        why = "" if one.why in told else one.why
        told.add(one.why)
        errors = tuple(
            warned.message for warned in one.warned if warned.severity == Severity.ERROR.value
        )
        steps.append(Step(one.actor, one.what, why, errors))
    return tuple(steps)


def _event(
    name: str,
    story: StoryDocument,
    lanes: Sequence[LaneDocument],
    at: Sequence[int],
    steps: tuple[Step, ...],
) -> Event:
    has_before = at[0] > 0 and name not in _FROM_OFF
    figures = [figure for number in at for figure in story.moments[number].measured]
    return Event(
        name=name,
        meaning=EVENTS.get(name, ""),
        is_shown=name in _SHOWN,
        has_before=has_before,
        steps=steps,
        lanes=tuple(
            Lane(one.name, tuple(_parts(one, story, at[0] - has_before, at[-1]))) for one in lanes
        ),
        measured="; ".join(
            f"{one.label}: {', '.join(f'{k} {v}' for k, v in one.figures.items())} "
            f"({one.machine}, {one.way})"
            for one in figures[:1]
        ),
    )


def _title(story: StoryDocument) -> str:
    return " + ".join(one for one in (story.synthetic, story.vf) if one) or story.mac


def _parts(lane: LaneDocument, story: StoryDocument, first: int, last: int) -> Iterator[Part]:
    for span in lane.spans:
        start, end = max(span.start, first), min(span.end, last)
        if start <= end:
            yield Part(span.state, _kind(lane, span.state, story.moments[start]), end - start + 1)


def _kind(lane: LaneDocument, state: str, moment: MomentDocument) -> str:
    if state in ("away", "-", "none", "none known", "keeps the VF") or state.startswith("no "):
        return OFF
    if lane.name == "aggregate":
        return BY_VF if moment.path == "VF" else BY_SYNTHETIC
    kinds = {"VF": BY_VF, "synthetic NIC": BY_SYNTHETIC}
    return kinds.get(lane.name, "") if " up" in state else ""
