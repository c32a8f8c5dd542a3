"""The document hyperv-net/history/1 (docs/history.md)."""

from dataclasses import dataclass
from typing import Annotated, Optional

from hyperv_net.journal.entry import Happening, Role

SCHEMA = "hyperv-net/history/1"


@dataclass(frozen=True)
class CarriedByPath:
    """Packets."""

    received: int
    sent: int


@dataclass(frozen=True)
class PacketsMeanwhile:
    """What each path of a pair carried from the drain, or the VF's going, until it was over."""

    synthetic: CarriedByPath
    vf: CarriedByPath


@dataclass(frozen=True)
class AbsenceOfVf:
    """A VF that went; the times are RFC 3339 in UTC, null where it was not seen."""

    vf_left: Optional[str]
    vf_came: Optional[str]
    vf_joined: Optional[str]
    seconds: Optional[float]


@dataclass(frozen=True)
class PairOfStory:
    """What became of a pair; the times are RFC 3339 in UTC, null where it was not seen."""

    mac: str
    label: Annotated[Optional[str], "what a person calls it: its aggregate, or its synthetic NIC"]
    drained: Annotated[Optional[str], "its traffic was on the synthetic NIC"]
    vf_left: Annotated[Optional[str], "when the VF went first"]
    vf_came: Annotated[Optional[str], "when it came last; null while it is away"]
    away_seconds: Annotated[Optional[float], "for which it was away, all in all"]
    absences: Annotated[tuple[AbsenceOfVf, ...], "each time that it was away"]
    joined: Annotated[Optional[str], "when it joined last; null where it has not since it went"]
    undrained: Annotated[Optional[str], "this owner held the traffic no more"]
    packets: Optional[PacketsMeanwhile]


@dataclass(frozen=True)
class StoryOfHistory:
    """An announcement, a person's drain, or a VF that went unannounced."""

    owner: Annotated[Optional[str], "person, SOURCE:ID, or null for what nobody announced"]
    began: str
    text: str
    announced: Optional[str]
    not_before: Annotated[Optional[str], "when it may begin, as it was told last"]
    acknowledged: Optional[str]
    started: Optional[str]
    over: Optional[str]
    ended: Annotated[Optional[str], "how: over, cancelled or given-up"]
    pairs: tuple[PairOfStory, ...]
    wrong: Annotated[tuple[str, ...], "what failed meanwhile"]


@dataclass(frozen=True)
class CarriedByNic:
    """What a NIC has carried since it is there."""

    nic: str
    role: Role
    received: int
    sent: int


@dataclass(frozen=True)
class EntryOfHistory:
    """An entry of the journal."""

    time: Annotated[str, "RFC 3339, UTC, with milliseconds"]
    happening: Happening
    text: str
    mac: Annotated[Optional[str], "of the pair that it is about"]
    label: Optional[str]
    owner: Annotated[Optional[str], "of the drain that it is about"]
    not_before: Optional[str]
    carried: tuple[CarriedByNic, ...]


@dataclass(frozen=True)
class HistoryDocument:
    """What happened to the pairs of a machine."""

    schema: str
    damaged: Annotated[int, "lines of the journal that are no entries, and were passed over"]
    stories: Annotated[tuple[StoryOfHistory, ...], "in the order in which they began"]
    entries: Annotated[tuple[EntryOfHistory, ...], "the oldest first"]
