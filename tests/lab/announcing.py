"""Azure's fabric at its own address, in the test's network: `python -m tests.lab.announcing`.

Commands are lines of JSON on standard input, answered by one each: `["announce", SECONDS, NAMES]`
has a live migration of the machines of these names (null: of this one) that begins in so many
seconds, and answers with its EventId; `["start", ID]`, `["end", ID]` and `["cancel", ID]` are what
becomes of it; `["asked"]` answers with the times of all requests, and `["acknowledged"]` with the
EventIds that the machine has said may start.
"""

from __future__ import annotations

import json
import sys
import threading

from tests.announcements.azure_fabric import EVENTS, Answer, Fabric
from tests.announcements.clock import RunningClock
from tests.announcements.courses import LIVE_MIGRATION
from tests.announcements.serving import served

ADDRESS = "169.254.169.254"

#: Longer than any test: an event is ended by command.
_LASTS = 24 * 60 * 60.0


def main(name: str) -> None:
    """Serve the machine of that name until standard input ends."""
    shared = Shared(Fabric(RunningClock(), name))
    with served(shared, ADDRESS, 80):
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            print(json.dumps(shared.command(*json.loads(line))), flush=True)


class Shared:
    """A fabric that is asked by one thread and commanded by another, one at a time."""

    def __init__(self, fabric: Fabric) -> None:
        self.clock = fabric.clock
        self._fabric, self._alone = fabric, threading.Lock()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """As the fabric's."""
        with self._alone:
            return self._fabric.answer(method, target, headers, body)

    def command(self, name: str, *arguments: object) -> object:
        """What a command of that name comes to."""
        with self._alone:
            return _answer(self._fabric, name, *arguments)


def _answer(fabric: Fabric, command: str, *arguments: object) -> object:
    if command == "announce":
        notice, names = arguments
        assert isinstance(notice, (int, float))
        assert names is None or isinstance(names, list)
        return fabric.announce(LIVE_MIGRATION._replace(notice=notice, lasts=_LASTS), names)
    if command == "asked":
        return [one.time for one in fabric.asked if one.path == EVENTS]
    if command == "acknowledged":
        return [*fabric.acknowledged]
    (event,) = arguments
    assert isinstance(event, str)
    {"start": fabric.start, "end": fabric.end, "cancel": fabric.cancel}[command](event)
    return None


if __name__ == "__main__":
    main(sys.argv[1])
