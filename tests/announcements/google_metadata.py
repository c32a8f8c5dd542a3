"""Google's metadata of maintenance, as documented: a stand-in that a test's clock moves.

As cloud.google.com/compute/docs/metadata has it, in querying-metadata and
getting-live-migration-notice: a request has the header Metadata-Flavor: Google (else 403), and so
has the answer; with `wait_for_change` it is held back until the ETag is no more `last_etag`, or
`timeout_sec` has passed.
"""

from __future__ import annotations

import zlib
from urllib.parse import parse_qs, urlsplit

from tests.announcements.azure_fabric import Answer, Asked
from tests.announcements.clock import Clock

EVENT = "/computeMetadata/v1/instance/maintenance-event"
FLAVOR = ("Metadata-Flavor", "Google")


class Metadata:
    """The value, and the answers; `changes` are values that are set after so many seconds."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[Asked] = []
        self.instead: list[Answer] = []
        self._value, self._version = b"NONE", 0
        self._later: list[tuple[float, bytes]] = []

    def set(self, value: bytes, after: float = 0) -> None:
        """Have another value, now or later."""
        self._later.append((self.clock() + after, value))

    @property
    def etag(self) -> str:
        return f"{zlib.crc32(b'%d' % self._version):016x}"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        url = urlsplit(target)
        answer = self.instead.pop(0) if self.instead else self._answer(url.path, url.query, headers)
        self.clock.advance(answer.late)
        self.asked.append(Asked(self.clock(), method, target, headers, body, answer.status))
        return answer

    def _answer(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        if headers.get("metadata-flavor") != "Google" or "x-forwarded-for" in headers:
            return Answer(403, b"Missing Metadata-Flavor:Google header.")
        if path != EVENT:
            return Answer(404, b"")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self._pass()
        end = self.clock() + float(asked.get("timeout_sec", 0))
        while asked.get("wait_for_change") == "true" and asked.get("last_etag") == self.etag:
            soonest = min([when for when, _ in self._later], default=end)
            self.clock.advance(min(soonest, end) - self.clock())
            self._pass()
            if self.clock() >= end:
                break
        return Answer(body=self._value, headers=(("ETag", self.etag), FLAVOR))

    def _pass(self) -> None:
        for when, value in sorted(self._later):
            if when <= self.clock():
                self._later.remove((when, value))
                self._value = value
                self._version += 1
