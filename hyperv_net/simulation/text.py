"""A simulation as a table for each pair."""

from __future__ import annotations

import textwrap

from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import PLAIN_LOOK, finding_lines, indent, table
from hyperv_net.simulation.measured import LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.review.layout import Look
    from hyperv_net.simulation.measured import Measured
    from hyperv_net.simulation.story import Moment, Simulation, Story

_HEADING = ("EVENT", "WHAT HAPPENS", "VF", "SYNTHETIC", "AGGREGATE", "PATH")
#: Characters of a line of what happens where nobody says how wide all is: that has some 120 then.
_WIDTH = 50
_LAST = ("", "", "", "")


def simulation_text(simulation: Simulation, look: Look = PLAIN_LOOK) -> str:
    """What happens to each pair, and what is wrong in the end."""
    return "\n".join(_lines(simulation, look)) + "\n"


def _lines(simulation: Simulation, look: Look) -> Iterator[str]:
    if not simulation.stories:
        yield "The machine has no pair, and nothing to tell."
        return
    for story in simulation.stories:
        yield from _story(story, look)
        yield ""
    errors = [one for one in simulation.findings if one.severity is Severity.ERROR]
    if errors:
        yield look.heading("What must not be")
        for line in finding_lines(errors):
            yield from look.fitted(f"  {line}", 4)
    else:
        yield from look.fitted(
            "At the end of each event every pair has a path, no member an address, and no card "
            "two default routes."
        )


def _story(story: Story, look: Look) -> Iterator[str]:
    decision = story.decision
    head = f"{story.label}  {decision.pair.mac}  {decision.mode.value}: {decision.reason}"
    yield from look.fitted(head, 2)
    if not story.moments:
        yield from look.fitted("  another program has its NICs, and nothing of that shows here", 2)
        return
    rows: list[tuple[str, ...]] = [_HEADING]
    event = ""
    for moment in story.moments:
        rows += _rows(moment, "" if moment.event == event else moment.event, look)
        event = moment.event
    yield from indent(table(rows, look, taken=2))


def _rows(moment: Moment, event: str, look: Look) -> Iterator[tuple[str, ...]]:
    because = f": {moment.why}" if moment.why else ""
    lines = _wrapped(f"{moment.actor}: {moment.what}{because}", look)
    for one in moment.warned:
        lines += _wrapped(f"! {one.severity.value}: {one.message} [{one.rule}]", look, "  ")
    for measured in moment.measured:
        lines += _wrapped(_measured(measured), look, "  ")
    view = moment.view
    yield (event, lines[0], view.vf, view.synthetic, view.aggregate, view.path)
    yield from (("", line, *_LAST) for line in lines[1:])


def _wrapped(text: str, look: Look, margin: str = "") -> list[str]:
    """The lines of a text; where the table is to fit it breaks them itself."""
    if look.width is not None:
        return [text]
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_on_hyphens=False,
    )


def _measured(one: Measured) -> str:
    figures = ", ".join(f"{name} {text}" for name, text in one.figures)
    return f"{LABEL}: {figures} ({one.machine}, {one.way}; {one.source})"
