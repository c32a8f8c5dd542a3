"""An entry of the journal."""

from __future__ import annotations

from enum import Enum

from hyperv_net.records import NamedTuple


class Happening(str, Enum):
    """What an entry tells of."""

    ANNOUNCED = "announced"
    CHANGED = "announcement-changed"
    STARTED = "started"
    CANCELLED = "cancelled"
    OVER = "over"
    GIVEN_UP = "given-up"
    ACKNOWLEDGED = "acknowledged"
    UNHEARD = "source-unheard"
    HEARD_AGAIN = "source-heard-again"
    DRAINED = "drained"
    UNDRAINED = "undrained"
    NOT_DRAINED = "not-drained"
    VF_LEFT = "vf-left"
    VF_CAME = "vf-came"
    JOINED = "vf-joined"
    MOVED = "traffic-moved"
    STEP = "step"
    FAILED = "failed"


class Role(str, Enum):
    """Which of a pair's paths a NIC is."""

    SYNTHETIC = "synthetic"
    VF = "VF"


class Carried(NamedTuple):
    """Packets that a NIC has carried since it is there, those of the other path not counted."""

    nic: str
    role: Role
    received: int
    sent: int


class Entry(NamedTuple):
    """Something that was seen or done.

    `time` is RFC 3339 in UTC, with milliseconds.  `mac` is the pair's ('' where it is about none),
    `label` what a person calls it, and `owner` the drain's, as in azure:ID.  `text` is a sentence
    for people; `not_before` is when an announcement may begin, RFC 3339 in UTC.  `carried` is
    what each NIC of the pair has carried at that time.
    """

    time: str
    happening: Happening
    text: str
    mac: str = ""
    owner: str = ""
    not_before: str = ""
    carried: tuple[Carried, ...] = ()
    label: str = ""
