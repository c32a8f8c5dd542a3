"""A failover as lanes beside each other: who was what, from step to step.

The steps are those of the simulation's story (docs/simulate.md); nothing is known here of how
long one takes, so each is as wide as the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hyperv_net.review.model import Review
    from hyperv_net.simulation.document import (
        LaneDocument,
        MomentDocument,
        SimulationDocument,
        StoryDocument,
    )

#: Of the whole story, a failover.
_EVENTS = ("detach", "attach")
_STEP, _NAMES, _LANE, _TOP = 112, 112, 38, 26
#: Pixels of a letter of a state (11.5 px, mono).
_LETTER = 7.0
_GAP = 4


@dataclass(frozen=True)
class Text:
    """A text at its place."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Part:
    """A part of a lane; `kind` is off, by-vf, by-synthetic or other."""

    text: str
    kind: str
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """The lanes of one pair, or of several to which the same happens."""

    title: str
    width: int
    height: int
    events: tuple[Text, ...]
    names: tuple[Text, ...]
    spans: tuple[Part, ...]
    moments: tuple[MomentDocument, ...]
    measured: tuple[str, ...]


def timelines_of(review: Review) -> tuple[Timeline, ...]:
    """A timeline for each way that it goes, with the names of the first pair that goes it."""
    if review.timeline is None:
        return ()
    alike: dict[tuple[tuple[str, ...], ...], list[StoryDocument]] = {}
    for story in review.timeline.pairs:
        steps = [(one.event, one.actor, one.path) for one in story.moments]
        alike.setdefault((*steps, (story.mode,)), []).append(story)
    found = (_timeline(review.timeline, stories) for stories in alike.values())
    return tuple(one for one in found if one.moments)


def _timeline(simulation: SimulationDocument, stories: Sequence[StoryDocument]) -> Timeline:
    story = stories[0]
    places = [number for number, one in enumerate(story.moments) if one.event in _EVENTS]
    moments = tuple(story.moments[number] for number in places)
    lanes = [one for one in simulation.lanes if one.mac == story.mac]
    rows = [(_TOP + (number + 0.75) * _LANE, lane) for number, lane in enumerate(lanes)]
    figures = (figure for one in moments for figure in one.measured)
    return Timeline(
        title="; ".join(map(_title, stories)),
        width=_NAMES + _STEP * len(moments),
        height=int(_TOP + _LANE * len(lanes)) + 6,
        events=tuple(
            Text(one.event, _NAMES + _STEP * number - _GAP / 2, 0)
            for number, one in enumerate(moments)
            if number == 0 or one.event != moments[number - 1].event
        ),
        names=tuple(Text(lane.name, 0, y) for y, lane in rows),
        spans=tuple(part for y, lane in rows for part in _parts(lane, y, places, story)),
        moments=moments,
        measured=tuple(
            f"{one.label}: {', '.join(f'{k} {v}' for k, v in one.figures.items())} "
            f"({one.machine}, {one.way})"
            for one in figures
        )[:1],
    )


def _title(story: StoryDocument) -> str:
    return " + ".join(one for one in (story.synthetic, story.vf) if one) or story.mac


def _parts(
    lane: LaneDocument, y: float, places: Sequence[int], story: StoryDocument
) -> Iterator[Part]:
    for span in lane.spans:
        inside = [number for number, place in enumerate(places) if span.start <= place <= span.end]
        if not inside:
            continue
        width = _STEP * len(inside) - _GAP
        letters = int((width - 16) / _LETTER)
        text = span.state if len(span.state) <= letters else f"{span.state[: letters - 1]}\u2026"
        x = _NAMES + _STEP * inside[0]
        yield Part(text, _kind(lane, span.state, story.moments[places[inside[0]]]), x, y, width)


def _kind(lane: LaneDocument, state: str, moment: MomentDocument) -> str:
    if state in ("away", "-", "none", "keeps the VF") or state.startswith("no "):
        return "off"
    if lane.name == "aggregate":
        return "by-vf" if moment.path == "VF" else "by-synthetic"
    is_up = " up" in state
    kinds = {"VF": "by-vf", "synthetic NIC": "by-synthetic"}
    return kinds.get(lane.name, "other") if is_up else "other"
