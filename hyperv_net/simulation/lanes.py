"""A story as lanes beside each other, for a picture: who was what from which moment to which.

Nothing is drawn here.  A lane's spans follow each other without a gap, from the first moment to
the last, and two that touch have different words.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.simulation.story import Moment, Simulation, Story

AWAY = "away"


class Span(NamedTuple):
    """From the moment `start` to the moment `end`, both counted from 0 and both part of it."""

    start: int
    end: int
    state: str


class Lane(NamedTuple):
    """One actor of a pair: `name` is host, VF, synthetic NIC, aggregate or addresses."""

    mac: str
    name: str
    spans: tuple[Span, ...]


def lanes(simulation: Simulation) -> tuple[Lane, ...]:
    """Five lanes for each pair, of one without an aggregate four; none where nothing happens."""
    return tuple(
        Lane(story.decision.pair.mac, name, spans)
        for story in simulation.stories
        for name, state in _LANES.items()
        for spans in [_spans(story, state)]
        if spans and any(span.state != "-" for span in spans)
    )


def _spans(story: Story, state: Callable[[Moment], str]) -> tuple[Span, ...]:
    found: list[Span] = []
    for place, moment in enumerate(story.moments):
        word = state(moment)
        if found and found[-1].state == word:
            found[-1] = found[-1]._replace(end=place)
        else:
            found.append(Span(place, place, word))
    return tuple(found)


def _host(moment: Moment) -> str:
    return "keeps the VF" if moment.view.vf == AWAY else "gives the VF"


def _addresses(moment: Moment) -> str:
    held = [f"on {device}" for device, _ in moment.view.addresses]
    return ", ".join(held) or "none known"


_LANES: dict[str, Callable[[Moment], str]] = {
    "host": _host,
    "VF": lambda moment: moment.view.vf,
    "synthetic NIC": lambda moment: moment.view.synthetic,
    "aggregate": lambda moment: moment.view.aggregate,
    "addresses": _addresses,
}
