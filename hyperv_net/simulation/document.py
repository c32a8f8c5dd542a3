"""A simulation as its JSON has it (docs/simulate.md): its fields, and by their types its schema.

Annotations are read at run time here, on Python 3.9 too.
"""

from dataclasses import dataclass
from typing import Annotated, Optional

from hyperv_net.review.documents.findings import PlainFinding

SCHEMA = "hyperv-net/simulation/1"


@dataclass(frozen=True)
class Figures:
    """What the lab measured of such an event."""

    label: Annotated[str, "measured in the lab"]
    source: Annotated[str, "the document that has the table"]
    machine: str
    way: Annotated[str, "what was done"]
    figures: Annotated[dict[str, str], "column of the table to figure, as they are written there"]


@dataclass(frozen=True)
class Default:
    """A default route."""

    family: Annotated[int, "4 or 6"]
    device: str


@dataclass(frozen=True)
class MomentDocument:
    """One thing that happens to a pair, and how the pair is after it."""

    event: str
    actor: Annotated[str, "host, kernel, network, reconcile, drain, undrain, watch or nobody"]
    what: str
    why: Annotated[str, "the reason, in one clause; may be empty"]
    step: Annotated[Optional[str], "kind of the hook's step"]
    decided_by: Annotated[Optional[str], "the function that decided it"]
    changed: Annotated[tuple[str, ...], "what is another than before"]
    vf: Annotated[str, "name and state, or away"]
    synthetic: Annotated[str, "name and state, or -"]
    aggregate: Annotated[str, "name and the member that it sends by, or -"]
    path: Annotated[str, "VF, synthetic or none"]
    carries: Annotated[Optional[str], "the NIC that carries the traffic"]
    addresses: Annotated[dict[str, tuple[str, ...]], "device to addresses"]
    default_routes: tuple[Default, ...]
    marks: Annotated[tuple[str, ...], "what udev and hyperv-net have noted"]
    settled: Annotated[bool, "the end of an event: nobody has anything left to do"]
    warned: tuple[PlainFinding, ...]
    measured: tuple[Figures, ...]


@dataclass(frozen=True)
class StoryDocument:
    """What happens to one pair."""

    mac: str
    synthetic: Optional[str]
    vf: Annotated[Optional[str], "null while it is away"]
    mode: Annotated[str, "aggregate, transparent, vf-only or synthetic-only"]
    reason: str
    moments: Annotated[tuple[MomentDocument, ...], "empty where another program has the pair"]


@dataclass(frozen=True)
class SpanDocument:
    """From one moment of a pair to another, both part of it and counted from 0."""

    start: int
    end: int
    state: str


@dataclass(frozen=True)
class LaneDocument:
    """What one actor of a pair was, from moment to moment."""

    mac: str
    name: Annotated[str, "host, VF, synthetic NIC, aggregate or addresses"]
    spans: tuple[SpanDocument, ...]


@dataclass(frozen=True)
class SimulationDocument:
    """What happens to a machine when its VF comes and goes."""

    schema: str
    system: str
    target: Annotated[str, "a name of --target"]
    events: tuple[str, ...]
    pairs: tuple[StoryDocument, ...]
    lanes: tuple[LaneDocument, ...]
    findings: Annotated[tuple[PlainFinding, ...], "what was warned of, each once"]
