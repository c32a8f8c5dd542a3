"""A simulation as a table for each pair."""

from __future__ import annotations

import textwrap

from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import finding_lines, table
from hyperv_net.simulation.measured import LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.simulation.measured import Measured
    from hyperv_net.simulation.story import Moment, Simulation, Story

_HEADING = ("EVENT", "WHAT HAPPENS", "VF", "SYNTHETIC", "AGGREGATE", "PATH")
#: Characters of a line of what happens; with the other columns a line has some 120.
_WIDTH = 50
_LAST = ("", "", "", "")


def simulation_text(simulation: Simulation) -> str:
    """What happens to each pair, and what is wrong in the end."""
    return "\n".join(_lines(simulation)) + "\n"


def _lines(simulation: Simulation) -> Iterator[str]:
    if not simulation.stories:
        yield "The machine has no pair, and nothing to tell."
        return
    for story in simulation.stories:
        yield from _story(story)
        yield ""
    errors = [one for one in simulation.findings if one.severity is Severity.ERROR]
    if errors:
        yield "What must not be"
        yield from (f"  {line}" for line in finding_lines(errors))
    else:
        yield (
            "At the end of each event every pair has a path, no member an address, and no card "
            "two default routes."
        )


def _story(story: Story) -> Iterator[str]:
    decision = story.decision
    yield f"{story.label}  {decision.pair.mac}  {decision.mode.value}: {decision.reason}"
    if not story.moments:
        yield "  another program has its NICs, and nothing of that shows here"
        return
    rows: list[tuple[str, ...]] = [_HEADING]
    event = ""
    for moment in story.moments:
        rows += _rows(moment, "" if moment.event == event else moment.event)
        event = moment.event
    yield from (f"  {line}" for line in table(rows))


def _rows(moment: Moment, event: str) -> Iterator[tuple[str, ...]]:
    because = f": {moment.why}" if moment.why else ""
    lines = _wrapped(f"{moment.actor}: {moment.what}{because}")
    for one in moment.warned:
        lines += _wrapped(f"! {one.severity.value}: {one.message} [{one.rule}]", "  ")
    for measured in moment.measured:
        lines += _wrapped(_measured(measured), "  ")
    view = moment.view
    yield (event, lines[0], view.vf, view.synthetic, view.aggregate, view.path)
    yield from (("", line, *_LAST) for line in lines[1:])


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )


def _measured(one: Measured) -> str:
    figures = ", ".join(f"{name} {text}" for name, text in one.figures)
    return f"{LABEL}: {figures} ({one.machine}, {one.way}; {one.source})"
