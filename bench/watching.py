"""What it costs to watch: an hour of questions to Azure, one on the heels of another.

The fabric is that of the tests, in this process, over real HTTP on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.measure import medians
from bench.subject import Subject
from bench.table import Row
from tests.announcements.azure_fabric import Answer, Fabric
from tests.announcements.clock import Clock
from tests.announcements.serving import served

#: Seconds between two questions where nothing is announced, and questions an hour.
_EVERY = 10
_HOUR = 3600 // _EVERY

_WATCHING = """
import sys, time
from hyperv_net.announcements import azure_source, service
from hyperv_net.announcements.asking import Address
asked = azure_source.source(Address(sys.argv[1], int(sys.argv[2])))
assert asked.ask(time.time()).is_half
for _ in range(int(sys.argv[3])):
    assert asked.ask(time.time()).announcements == ()
"""


class _Patient(Fabric):
    """The time between two questions passes at each."""

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        self.clock.advance(_EVERY)
        return super().answer(method, target, headers, body)


def watching(subject: Subject, runs: int) -> Iterator[Row]:
    """A bare interpreter, the watch with its first question, and with those of an hour."""
    with served(_Patient(Clock())) as (host, port):
        watch = [*subject.python, "-c", _WATCHING, host, str(port)]
        commands = {
            "python -I -c pass": subject.bare,
            "the watch, and one question": [*watch, "1"],
            f"the watch, and {_HOUR} questions": [*watch, str(_HOUR)],
        }
        costs = medians(list(commands.values()), subject.environment, runs)
    for process, cost in zip(commands, costs):
        yield {
            "process": process,
            "CPU ms": f"{cost.cpu * 1000:.0f}",
            "times bare": f"{cost.cpu / costs[0].cpu:.1f}",
        }
