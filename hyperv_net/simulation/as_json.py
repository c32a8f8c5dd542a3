"""A simulation as versioned JSON (docs/simulate.md)."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.json_text import json_text
from hyperv_net.simulation.lanes import lanes
from hyperv_net.simulation.measured import LABEL

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.simulation.lanes import Lane
    from hyperv_net.simulation.measured import Measured
    from hyperv_net.simulation.story import Moment, Simulation, Story

SIMULATION_SCHEMA = "hyperv-net/simulation/1"


def simulation_document(simulation: Simulation) -> str:
    """The simulation; keys are only ever added within a schema version."""
    return json_text(
        {
            "schema": SIMULATION_SCHEMA,
            "system": simulation.system.value,
            "target": simulation.target,
            "events": list(simulation.events),
            "pairs": [_story(one) for one in simulation.stories],
            "lanes": [_lane(one) for one in lanes(simulation)],
            "findings": [one.document() for one in simulation.findings],
        }
    )


def _story(story: Story) -> dict[str, Any]:
    decision, pair = story.decision, story.decision.pair
    return {
        "mac": pair.mac,
        "synthetic": pair.synthetic.name if pair.synthetic else None,
        "vf": pair.vf.name if pair.vf else None,
        "mode": decision.mode.value,
        "reason": decision.reason,
        "moments": [_moment(one) for one in story.moments],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    view = moment.view
    return {
        "event": moment.event,
        "actor": moment.actor,
        "what": moment.what,
        "why": moment.why,
        "step": moment.step or None,
        "decided_by": moment.decided_by or None,
        "changed": list(moment.changed),
        "vf": view.vf,
        "synthetic": view.synthetic,
        "aggregate": view.aggregate,
        "path": view.path,
        "carries": view.carries or None,
        "addresses": {device: list(addresses) for device, addresses in view.addresses},
        "default_routes": [{"family": family, "device": device} for family, device in view.routes],
        "marks": list(view.marks),
        "settled": moment.is_settled,
        "warned": [one.document() for one in moment.warned],
        "measured": [_measured(one) for one in moment.measured],
    }


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "label": LABEL,
        "source": one.source,
        "machine": one.machine,
        "way": one.way,
        "figures": dict(one.figures),
    }


def _lane(lane: Lane) -> dict[str, Any]:
    return {"mac": lane.mac, "name": lane.name, "spans": [one._asdict() for one in lane.spans]}
