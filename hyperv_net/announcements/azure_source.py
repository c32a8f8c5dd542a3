"""Azure's Scheduled Events as a source of announcements.

Facts of the service (MicrosoftDocs/azure-compute-docs, below articles/virtual-machines:
linux/scheduled-events.md and instance-metadata-service.md): the first request of a machine turns
the service on, and its answer may be two minutes late; a day without one turns it off.  All that
run on the machine have 5 requests a second together, and 429 is what comes above.  410 is to be
tried again for up to 70 seconds, and 500 after some time.  Events are told to every machine of an
availability set or placement group.

Whatever is sent from here is one request, SHORTEST after the answer to the one before.  So the
first question is for the name of the machine alone.
"""

from __future__ import annotations

import json
import random
import time

from hyperv_net.announcements.announcement import Stage
from hyperv_net.announcements.asking import METADATA, ask
from hyperv_net.announcements.azure import NAME, announcements_in, machine_name
from hyperv_net.announcements.retrying import SHORTEST, Retrying
from hyperv_net.announcements.source import Heard, Source, Took
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.announcements.asking import Address

_EVENTS = "/metadata/scheduledevents?api-version=2020-07-01"
_INSTANCE = "/metadata/instance?api-version=2021-12-13"
_HEADERS = {"Metadata": "true"}

#: Seconds between two questions, where something of this machine's is announced and where not.
QUICK, QUIET = SHORTEST, 10.0

#: Seconds for an answer: while the service may be being turned on, and else.
_TURNING_ON, _USUAL = 130.0, 15.0

#: Seconds after an answer for which the service is on: a day without a request turns it off.
_ON_SECONDS = 86400.0

#: The question itself is refused.
_WRONG = (400, 404)

#: A service that is gone for the moment is asked as often as ever for so many seconds.
_GONE, _GONE_SECONDS = 410, 70.0

#: Answers of 4xx that refuse nothing: the service may take the same later.
_NOT_NOW = (408, _GONE, 429)


class _Azure:
    """What is known of the service from one question to the next."""

    def __init__(
        self, address: Address, jitter: Callable[[], float], clock: Callable[[], float]
    ) -> None:
        self._address, self._clock = address, clock
        self._retrying, self._telling = Retrying(jitter), Retrying(jitter)
        self._name = ""
        self._on_until: float | None = None
        self._gone_until: float | None = None
        self._to_acknowledge: frozenset[str] = frozenset()

    def ask(self, _: float) -> Heard:
        try:
            if not self._name:
                self._name = machine_name(self._get(_INSTANCE, _USUAL))
                return Heard(None, QUICK, is_half=True)
            seconds = _USUAL if self._is_on() else _TURNING_ON
            told = announcements_in(self._get(_EVENTS, seconds), self._name)
        except HypervNetError as error:
            return Heard(None, self._until_next(error), str(error))
        self._on_until, self._gone_until = self._clock() + _ON_SECONDS, None
        self._retrying.answered()
        self._to_acknowledge = frozenset(
            one.id
            for one in told.announcements
            if one.is_mine_alone and one.stage is Stage.SCHEDULED
        )
        is_concerned = any(one.is_mine for one in told.announcements)
        wait = QUICK if is_concerned else QUIET
        return Heard(told.announcements, wait, told.trouble, told.unread)

    def acknowledge(self, event: str) -> Took:
        if event not in self._to_acknowledge:
            why = f"{NAME}:{event}: not scheduled for this machine alone, so not acknowledged"
            return Took(why, is_refused=True)
        body = json.dumps({"StartRequests": [{"EventId": event}]}).encode()
        try:
            self._get(_EVENTS, _USUAL, body)
        except HypervNetError as error:
            if _is_refusal(error):
                self._telling.answered()
                return Took(str(error), is_refused=True)
            return Took(str(error), wait=self._telling.failed())
        self._telling.answered()
        return Took()

    def _get(self, target: str, seconds: float, body: bytes | None = None) -> bytes:
        headers = {**_HEADERS, **({"Content-Type": "application/json"} if body else {})}
        reply = ask(self._address, target, headers, seconds, body=body, clock=self._clock)
        if reply.status != 200:
            raise _RefusedError(reply.status, target)
        return reply.body

    def _is_on(self) -> bool:
        return self._on_until is not None and self._clock() < self._on_until

    def _until_next(self, error: HypervNetError) -> float:
        """Seconds to wait after a question without an answer.

        The name is asked anew only where the question may be a wrong one: whatever else is the
        matter may be in the middle of an event, where each question counts.
        """
        if isinstance(error, _RefusedError) and error.status in _WRONG:
            self._name = ""
        if isinstance(error, _RefusedError) and error.status == _GONE:
            if self._gone_until is None:
                self._gone_until = self._clock() + _GONE_SECONDS
            if self._clock() < self._gone_until:
                return QUICK
        else:
            self._gone_until = None
        return self._retrying.failed()


class _RefusedError(HypervNetError):
    """An answer that is another than 200."""

    def __init__(self, status: int, target: str) -> None:
        super().__init__(f"the answer is {status}", where=target.partition("?")[0])
        self.status = status


def _is_refusal(error: HypervNetError) -> bool:
    """Whether the service will not do what it was told, and not only not now."""
    if not isinstance(error, _RefusedError):
        return False
    return 400 <= error.status < 500 and error.status not in _NOT_NOW


def source(
    address: Address = METADATA,
    jitter: Callable[[], float] = random.random,
    clock: Callable[[], float] = time.monotonic,
) -> Source:
    """Azure's source.

    `jitter` is between 0 and 1, for machines that are in trouble together, and `clock` monotonic,
    in seconds.  A question takes two and a half minutes at most, and seconds as a rule.
    """
    azure = _Azure(address, jitter, clock)
    return Source(NAME, azure.ask, azure.acknowledge, apart=SHORTEST)
