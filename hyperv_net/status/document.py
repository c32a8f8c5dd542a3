"""The document hyperv-net/status/1 (docs/status.md)."""

from dataclasses import dataclass
from typing import Annotated, Optional

from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.review.documents.findings import PlainFinding

SCHEMA = "hyperv-net/status/1"


@dataclass(frozen=True)
class Packets:
    """How many there were."""

    received: int
    sent: int


@dataclass(frozen=True)
class Percent:
    """The same in percent; null where there were none."""

    received: Optional[float]
    sent: Optional[float]


@dataclass(frozen=True)
class ShareOfVf:
    """How much of a pair's traffic goes over its VF."""

    vf: Packets
    all: Packets
    percent: Percent


@dataclass(frozen=True)
class ManagerOfMember:
    """A program that manages a NIC."""

    name: str
    evidence: Annotated[str, "what shows it"]


@dataclass(frozen=True)
class MemberOfPair:
    """A NIC that is there."""

    name: str
    role: Annotated[str, "synthetic or vf"]
    driver: Optional[str]
    up: Annotated[bool, "set up (IFF_UP)"]
    link: Annotated[str, "up, down or unknown"]
    joined: Annotated[bool, "in the pair's aggregate, or taken by the kernel's driver"]
    master: Annotated[Optional[str], "the device it is in"]
    addresses: tuple[str, ...]
    managers: tuple[ManagerOfMember, ...]
    packets: Optional[Packets]


@dataclass(frozen=True)
class AggregateOfPair:
    """The aggregate over a pair."""

    name: str
    present: bool
    up: bool
    mode: Annotated[Optional[str], "active-backup, failover, …"]
    primary: Optional[str]
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class DrainOfPair:
    """A drain that is on."""

    since: Annotated[str, "RFC 3339, UTC"]
    vf: Annotated[str, "the VF's name at that time; empty where it was away"]
    phase: Phase
    owners: Annotated[tuple[str, ...], "person, or an announced event as SOURCE:ID"]


@dataclass(frozen=True)
class PairOfMachine:
    """A pair."""

    mac: str
    mode: Mode
    configured: Annotated[bool, "whether hyperv-net configured it"]
    reason: Annotated[str, "why it needs that mode, by what is seen now"]
    aggregate: Optional[AggregateOfPair]
    members: tuple[MemberOfPair, ...]
    active: Annotated[Optional[str], "the NIC that the traffic goes through"]
    drained: Optional[DrainOfPair]
    share: Optional[ShareOfVf]


@dataclass(frozen=True)
class ReconcileRun:
    """A run of `reconcile`."""

    time: Annotated[str, "RFC 3339, UTC"]
    steps: tuple[str, ...]
    failures: tuple[str, ...]
    obstacles: tuple[str, ...]
    settled: Annotated[bool, "false where it ended with steps left"]


@dataclass(frozen=True)
class StatusDocument:
    """How the pairs of a running machine are."""

    schema: str
    healthy: Annotated[bool, "false where a finding is an error"]
    system: System
    kernel: Annotated[str, "release"]
    target: Annotated[
        Optional[str], "what configures the network; null where hyperv-net has not configured it"
    ]
    guarded: Annotated[bool, "whether `hyperv-net guard` has its rules there"]
    default_routes: Annotated[
        Optional[tuple[str, ...]], "the families that have one; null where that was not seen"
    ]
    pairs: tuple[PairOfMachine, ...]
    last_reconcile: Annotated[Optional[ReconcileRun], "the last since the boot"]
    last_change: Annotated[Optional[ReconcileRun], "the last that took a step"]
    findings: tuple[PlainFinding, ...]
    not_seen: Annotated[tuple[str, ...], "what could not be seen, and why"]
