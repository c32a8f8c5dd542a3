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

from tests.announcements.azure_fabric import EVENTS, Fabric
from tests.announcements.clock import RunningClock
from tests.announcements.courses import LIVE_MIGRATION
from tests.announcements.serving import served

ADDRESS = "169.254.169.254"

#: Longer than any test: an event is ended by command.
_LASTS = 24 * 60 * 60.0


def main(name: str) -> None:
    """Serve the machine of that name until standard input ends."""
    fabric = Fabric(RunningClock(), name)
    with served(fabric, ADDRESS, 80):
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            print(json.dumps(_answer(fabric, *json.loads(line))), flush=True)


def _answer(fabric: Fabric, command: str, *arguments: object) -> object:
    if command == "announce":
        notice, names = arguments
        assert isinstance(notice, (int, float))
        assert names is None or isinstance(names, list)
        return fabric.announce(LIVE_MIGRATION._replace(notice=notice, lasts=_LASTS), names)
    if command == "asked":
        return [one.time for one in fabric.asked if one.path == EVENTS]
    if command == "acknowledged":
        return fabric.acknowledged
    (event,) = arguments
    assert isinstance(event, str)
    {"start": fabric.start, "end": fabric.end, "cancel": fabric.cancel}[command](event)
    return None


if __name__ == "__main__":
    main(sys.argv[1])
