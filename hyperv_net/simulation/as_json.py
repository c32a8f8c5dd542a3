"""A simulation as versioned JSON (docs/simulate.md)."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.documents.findings import plain_findings
from hyperv_net.simulation.document import (
    SCHEMA,
    Default,
    Figures,
    LaneDocument,
    MomentDocument,
    SimulationDocument,
    SpanDocument,
    StoryDocument,
)
from hyperv_net.simulation.lanes import lanes
from hyperv_net.simulation.measured import LABEL

if TYPE_CHECKING:
    from hyperv_net.simulation.story import Moment, Simulation, Story


def document_of(simulation: Simulation) -> SimulationDocument:
    """The simulation as its document has it; keys are only ever added within a version."""
    return SimulationDocument(
        schema=SCHEMA,
        system=simulation.system.value,
        target=simulation.target,
        events=simulation.events,
        pairs=tuple(_story(one) for one in simulation.stories),
        lanes=tuple(
            LaneDocument(one.mac, one.name, tuple(SpanDocument(*span) for span in one.spans))
            for one in lanes(simulation)
        ),
        findings=plain_findings(simulation.findings),
    )


def _story(story: Story) -> StoryDocument:
    decision, pair = story.decision, story.decision.pair
    return StoryDocument(
        mac=pair.mac,
        synthetic=pair.synthetic.name if pair.synthetic else None,
        vf=pair.vf.name if pair.vf else None,
        mode=decision.mode.value,
        reason=decision.reason,
        moments=tuple(_moment(one) for one in story.moments),
    )


def _moment(moment: Moment) -> MomentDocument:
    view = moment.view
    return MomentDocument(
        event=moment.event,
        actor=moment.actor,
        what=moment.what,
        why=moment.why,
        step=moment.step or None,
        decided_by=moment.decided_by or None,
        changed=moment.changed,
        vf=view.vf,
        synthetic=view.synthetic,
        aggregate=view.aggregate,
        path=view.path,
        carries=view.carries or None,
        addresses=dict(view.addresses),
        default_routes=tuple(Default(*one) for one in view.routes),
        marks=view.marks,
        settled=moment.is_settled,
        warned=plain_findings(moment.warned),
        measured=tuple(
            Figures(LABEL, one.source, one.machine, one.way, dict(one.figures))
            for one in moment.measured
        ),
    )
