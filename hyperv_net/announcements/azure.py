"""What Azure's Scheduled Events say, as announcements.

MicrosoftDocs/azure-compute-docs, articles/virtual-machines/linux/scheduled-events.md: the document
has `DocumentIncarnation` and `Events`; an event that is over, or cancelled, is in it no more.  Each
document tells all there is, so that none is compared with the one before.  Its incarnation would
not do for that: it starts anew when nobody has asked for a day (ClusterLabs/resource-agents,
heartbeat/azure-events-az.in), and the same number then stands for other events.

What is missing in practice: EventSource, Description, NotBefore of an event that is Started, and
the machines in Resources (webdevops/azure-scheduledevents-manager, examples/events.json).
"""

from __future__ import annotations

from hyperv_net.announcements.announcement import ID, Announcement, Stage, kind_of, line_of
from hyperv_net.announcements.times import seconds_of
from hyperv_net.errors import HypervNetError, first_of
from hyperv_net.inventory import checked_json
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.inventory.checked_json import Value

NAME = "azure"

_STARTED = "started"
_SCHEDULED = "scheduled"

_DOCUMENT = "scheduled events"
_INSTANCE = "instance metadata"
_LONGEST_NAME = 128  # characters; a virtual machine's has 64, and a scale set's adds to it


class Told(NamedTuple):
    """What a document tells: its announcements, and what of it could not be read, in one line.

    `unread` is as in `source.Heard`.
    """

    announcements: tuple[Announcement, ...]
    trouble: str = ""
    unread: tuple[str, ...] = ()


def machine_name(data: bytes) -> str:
    """The name by which Resources calls this machine, from the answer of /metadata/instance.

    It is `compute.name`, and no host name: a scale set's `issue_0` has the host name issue000000
    (MicrosoftDocs/azure-docs 62522).  A machine of a uniform scale set is SCALESET_INSTANCE there.
    Raises HypervNetError where the answer has none.
    """
    compute = checked_json.parse_bytes(data, _INSTANCE).fields().get("compute")
    name = None if compute is None else compute.fields().get("name")
    if name is None or not name.text().strip():
        raise HypervNetError("has no compute.name", where=_INSTANCE)
    if len(name.text()) > _LONGEST_NAME:
        raise name.error("too long for the name of a machine")
    return name.text().strip()


def announcements_in(data: bytes, name: str) -> Told:
    """The announcements in a document of Scheduled Events; `name` is this machine's.

    An event without a usable EventId is passed over, and the trouble says so: it may be any, so
    that none is over by a document that has such a one.  Raises HypervNetError where the whole is
    no such document.
    """
    events = checked_json.parse_bytes(data, _DOCUMENT).fields().get("Events")
    if events is None:
        raise HypervNetError("has no Events", where=_DOCUMENT)
    found: dict[str, Announcement] = {}
    troubles = []
    unread: tuple[str, ...] = ()
    for event in events.elements():
        try:
            one, trouble = _announcement(event, name.casefold())
        except HypervNetError as error:
            troubles.append(str(error))
            unread = ("",)
            continue
        troubles += [trouble] if trouble else []
        # Of two by one id, which none should have, the one that is about this machine counts.
        if one.is_mine or one.id not in found:
            found[one.id] = one
    return Told(tuple(found.values()), first_of(troubles), unread)


def _announcement(event: Value, name: str) -> tuple[Announcement, str]:
    """The announcement that an event is, and what of it could not be read."""
    fields = event.fields()
    if "EventId" not in fields or not ID.match(fields["EventId"].text()):
        raise event.error("an event without an EventId that can be used")
    plain = {key: value.plain for key, value in fields.items()}
    not_before, trouble = _not_before(fields)
    # Whatever is still in the document is not over.
    status = str(plain.get("EventStatus")).lower()
    is_started = status == _STARTED or (status != _SCHEDULED and not_before is None)
    machines = _machines(plain.get("Resources"))
    announcement = Announcement(
        source=NAME,
        id=plain["EventId"],
        kind=kind_of(plain.get("EventType")),
        stage=Stage.STARTED if is_started else Stage.SCHEDULED,
        not_before=None if is_started else not_before,
        # None may be named: that is not this machine then, as all other clients have it, unless it
        # was (`following`).
        is_mine=name in machines,
        is_mine_alone=machines == {name},
        interrupts=_interrupts(plain.get("DurationInSeconds")),
        text=line_of(plain.get("Description")),
        names_nobody=not machines,
    )
    return announcement, trouble


def _machines(resources: Any) -> set[str]:
    """Names without regard to case, as Azure compares those of resources."""
    if not isinstance(resources, list):
        return set()
    return {one.strip().casefold() if isinstance(one, str) else "" for one in resources}


def _not_before(fields: dict[str, Value]) -> tuple[float | None, str]:
    value = fields.get("NotBefore")
    if value is None or value.plain == "":
        return None, ""
    found = seconds_of(value.plain) if isinstance(value.plain, str) else None
    if found is None:
        return None, str(value.error(f"not a time: {checked_json.shown(value.plain)}"))
    return found, ""


def _interrupts(duration: Any) -> float | None:
    """Seconds; -1 is unknown, and 0 no interruption, as of an update of the network."""
    if isinstance(duration, bool) or not isinstance(duration, (int, float)):
        return None
    return float(duration) if 0 <= duration < float("inf") else None
