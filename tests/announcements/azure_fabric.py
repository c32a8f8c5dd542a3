"""Azure's fabric as a machine hears it: a server of Scheduled Events of the tests' own.

It is modelled on the protocol as documented (MicrosoftDocs/azure-compute-docs, below
articles/virtual-machines: linux/scheduled-events.md and instance-metadata-service.md) and on the
six scenarios of Azure-Samples/scheduled-events-mock-server, which are in `courses`.  An event keeps
its EventId from its announcement to its removal, as in the documentation's example.
Nothing here waits: all that happens depends on a clock that the test moves.

How to drive it::

    clock = Clock()                              # seconds since the epoch; clock() reads it
    fabric = Fabric(clock, name="vm_0")          # this machine is vm_0 in `Resources`
    with served(fabric) as address:              # serving.py: HTTP on loopback: (host, port)
        event = fabric.announce(LIVE_MIGRATION)  # courses.py; returns the EventId
        ...                                      # ask at `address`
        clock.advance(15 * 60)                   # NotBefore: from now on it is Started
        clock.advance(5 * 60)                    # ... and now it is gone

What a test may do besides:

- `announce(course, resources=("vm_1",), spelling=iso, without=("NotBefore",), EventType="Odd")`:
  other machines' events, the other spelling of NotBefore, fields that are missing or another;
- `move(event, notice=20)`: NotBefore is so many seconds from now; `cancel(event)`: it is gone;
  `start(event)`, `end(event)`: at once;
- `reset()`: the service was off, and DocumentIncarnation starts anew;
- `instead.append(Answer(410))`: an answer in place of the next one: `Answer(status, body)`,
  `NOTHING` (the connection is closed), `Answer(body=b"{", per_byte=10)` (it drips: the clock
  moves by so much at each byte, to one who reads that clock too), `Answer(late=90)` (the true
  answer, and the clock has moved);
  with `when=EVENTS` or `when=INSTANCE` it waits for a request of that path, and with
  `method="POST"` for one that acknowledges;
- `turning_on`: seconds by which the first answer about events is late, up to 120;
- `asked`: every request with its time, path, method, headers and the answer's status;
  `acknowledged`: EventId after EventId.

It refuses as the real one does: 400 without `Metadata: true`, with `X-Forwarded-For`, without
a version of the protocol or with a body that is none; 404; 405; 429 above 5 requests a second.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from tests.announcements.clock import Clock
from tests.announcements.courses import Course

EVENTS = "/metadata/scheduledevents"
INSTANCE = "/metadata/instance"
EVENTS_VERSIONS = (
    "2017-08-01",
    "2017-11-01",
    "2019-01-01",
    "2019-04-01",
    "2019-08-01",
    "2020-07-01",
)
INSTANCE_VERSIONS = ("2019-03-11", "2020-09-01", "2021-02-01", "2021-12-13", "2025-04-07")

REQUESTS_A_SECOND = 5
_A_DAY = 24 * 60 * 60.0


def rfc1123(when: float) -> str:
    """The spelling of the documentation's table and example."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(when))


def iso(when: float) -> str:
    """The spelling of the mock server and of other examples of Microsoft's."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


class Asked(NamedTuple):
    """A request, and what it was answered with (0: with nothing)."""

    time: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


class Answer(NamedTuple):
    """What is sent; `status` 0 closes the connection, and a `body` of None is the true answer's.

    The clock moves by `late` before it, and by `per_byte` before each of its bytes.
    """

    status: int = 200
    body: bytes | None = None
    late: float = 0
    per_byte: float = 0
    when: str = ""
    method: str = ""
    headers: tuple[tuple[str, str], ...] = ()


NOTHING = Answer(0)


class _Event:
    """An event that was announced, as long as it is not removed."""

    def __init__(
        self, course: Course, now: float, fields: dict[str, Any], show: Callable[[float], str]
    ) -> None:
        self.starts = now + course.notice
        self.ends = None if course.cancelled is None else now + course.cancelled
        self.course, self.fields, self.show = course, fields, show
        self.is_started = False
        self.without: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        status = "Started" if self.is_started else "Scheduled"
        not_before = "" if self.is_started else self.show(self.starts)
        fields = {"EventStatus": status, "NotBefore": not_before, **self.fields}
        return {name: value for name, value in fields.items() if name not in self.without}


class Fabric:
    """The state of the service, and its answers."""

    def __init__(self, clock: Clock, name: str = "vm_0", turning_on: float = 0) -> None:
        self.clock, self.name, self.turning_on = clock, name, turning_on
        self.incarnation = 1
        self.asked: list[Asked] = []
        self.acknowledged: list[str] = []
        self.instead: list[Answer] = []
        self._events: dict[str, _Event] = {}
        self._announced = 0
        self._last: float | None = None

    def announce(
        self,
        course: Course,
        resources: Sequence[str] | None = None,
        spelling: Callable[[float], str] = rfc1123,
        without: Sequence[str] = (),
        **fields: Any,
    ) -> str:
        """Begin a course; its EventId.  `fields` are values in place of the course's."""
        self._announced += 1
        event = str(UUID(int=0xC7061BACAFDC4513B24BAA5F00000000 + self._announced)).upper()
        told = {
            "EventId": event,
            "EventType": course.kind,
            "ResourceType": "VirtualMachine",
            "Resources": [self.name] if resources is None else [*resources],
            "Description": course.description,
            "EventSource": course.source,
            "DurationInSeconds": course.duration,
            **fields,
        }
        self._events[event] = _Event(course, self.clock(), told, spelling)
        self._events[event].without = tuple(without)
        self._changed()
        return event

    def move(self, event: str, notice: float) -> None:
        """Have an event that is Scheduled start so many seconds from now."""
        self._events[event].starts = self.clock() + notice
        self._changed()

    def start(self, event: str) -> None:
        """Have an event Started now."""
        found = self._events[event]
        if not found.is_started:
            found.is_started, found.starts = True, self.clock()
            self._changed()

    def end(self, event: str) -> None:
        """Remove an event, which is over or cancelled: nobody can tell which."""
        del self._events[event]
        self._changed()

    cancel = end

    def reset(self) -> None:
        """Start DocumentIncarnation anew, as after a day in which nobody has asked."""
        self.incarnation = 1

    @property
    def document(self) -> dict[str, Any]:
        """What is told at this moment."""
        self._pass()
        events = [event.shown() for event in self._events.values()]
        return {"DocumentIncarnation": self.incarnation, "Events": events}

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """The answer to a request, which is written down; header names are in lower case."""
        url = urlsplit(target)
        instead = next(
            (
                one
                for one in self.instead
                if one.when in ("", url.path) and one.method in ("", method)
            ),
            None,
        )
        if instead is not None:
            self.instead.remove(instead)
            self.clock.advance(instead.late)
        if instead is not None and (instead.body is not None or instead.status != 200):
            answer = instead
        else:
            answer = self._answer(method, url.path, parse_qs(url.query), headers, body)
            answer = answer._replace(per_byte=instead.per_byte if instead is not None else 0)
        self.asked.append(Asked(self.clock(), method, url.path, headers, body, answer.status))
        return answer

    def _answer(
        self,
        method: str,
        path: str,
        query: dict[str, list[str]],
        headers: dict[str, str],
        body: bytes,
    ) -> Answer:
        second = [one for one in self.asked if one.time > self.clock() - 1]
        if len(second) >= REQUESTS_A_SECOND:
            return _refused(429, "Too many requests")
        if headers.get("metadata", "").lower() != "true" or "x-forwarded-for" in headers:
            return _refused(400, "Bad request. Required metadata header not specified")
        if path not in (EVENTS, INSTANCE):
            return _refused(404, "Not found")
        versions = EVENTS_VERSIONS if path == EVENTS else INSTANCE_VERSIONS
        if query.get("api-version", [""])[0] not in versions:
            return _refused(400, "Bad request. api-version is invalid or was not specified")
        if method == "GET":
            return self._instance() if path == INSTANCE else self._told()
        if method == "POST" and path == EVENTS:
            return self._acknowledge(body)
        return _refused(405, "Method not allowed")

    def _instance(self) -> Answer:
        return _json({"compute": {"name": self.name, "osType": "Linux"}, "network": {}})

    def _told(self) -> Answer:
        now = self.clock()
        if self._last is None or now - self._last > _A_DAY:
            self.reset()
            self.clock.advance(self.turning_on)
        self._last = self.clock()
        return _json(self.document)

    def _acknowledge(self, body: bytes) -> Answer:
        try:
            events = [one["EventId"] for one in json.loads(body)["StartRequests"]]
        except (ValueError, KeyError, TypeError):
            return _refused(400, "Bad request")
        self._pass()
        if not events or any(one not in self._events for one in events):
            return _refused(400, "Bad request")
        self.acknowledged += events
        for event in events:
            self.start(event)
        return Answer(200, b"")

    def _pass(self) -> None:
        """What time has brought since the last look."""
        now = self.clock()
        for name, event in [*self._events.items()]:
            if not event.is_started and event.ends is not None and now >= event.ends:
                self.end(name)
            elif not event.is_started and now >= event.starts:
                event.is_started = True
                self._changed()
            if event.is_started and now >= event.starts + event.course.lasts:
                self.end(name)

    def _changed(self) -> None:
        self.incarnation += 1


def _json(document: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(document).encode())


def _refused(status: int, why: str) -> Answer:
    return Answer(status, json.dumps({"error": why}).encode())
