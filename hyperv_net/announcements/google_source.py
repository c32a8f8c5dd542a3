"""The maintenance of Google's Compute Engine as a source of announcements.

No pair of a synthetic NIC and a VF is known there: it shows that a source can be another cloud's.
A question is answered when the value is no more the one of `last_etag`, or else after `timeout_sec`
(cloud.google.com/compute/docs/metadata/querying-metadata); 503 is to be tried again.
"""

from __future__ import annotations

import random
import time

from hyperv_net.announcements.asking import METADATA, ask
from hyperv_net.announcements.google import NAME, announcements_in
from hyperv_net.announcements.retrying import Retrying
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.announcements.asking import Address

_EVENT = "/computeMetadata/v1/instance/maintenance-event"
_FLAVOR = ("Metadata-Flavor", "Google")

#: Seconds for which the service holds a question back, and after which it is asked the next one.
HELD, WAIT = 5, 1.0

_SECONDS = HELD + 10.0


class _Google:
    """What is known of the service from one question to the next."""

    def __init__(
        self, address: Address, jitter: Callable[[], float], clock: Callable[[], float]
    ) -> None:
        self._address, self._clock = address, clock
        self._retrying = Retrying(jitter)
        self._etag = ""

    def ask(self, _: float) -> Heard:
        try:
            heard = Heard(self._announcements(), WAIT)
        except HypervNetError as error:
            self._etag = ""
            return Heard(None, self._retrying.failed(), str(error))
        self._retrying.answered()
        return heard

    def _announcements(self) -> tuple[Announcement, ...]:
        held = f"?wait_for_change=true&timeout_sec={HELD}&last_etag={self._etag}"
        target = f"{_EVENT}{held if self._etag else ''}"
        reply = ask(self._address, target, dict([_FLAVOR]), _SECONDS, clock=self._clock)
        if reply.status != 200:
            raise HypervNetError(f"the answer is {reply.status}", where=_EVENT)
        name, value = _FLAVOR
        if reply.headers.get(name.lower()) != value:
            raise HypervNetError(f"the answer has no {name}: {value}", where=_EVENT)
        etag = reply.headers.get("etag", "").strip('"')
        found = announcements_in(reply.body, etag)
        self._etag = etag
        return found


def source(
    address: Address = METADATA,
    jitter: Callable[[], float] = random.random,
    clock: Callable[[], float] = time.monotonic,
) -> Source:
    """Google's source; a question takes as long as the service holds it back."""
    return Source(NAME, _Google(address, jitter, clock).ask)
