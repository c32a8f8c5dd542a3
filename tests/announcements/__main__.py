"""Serve a course of Azure's events by the clock of the machine, for the lab and for looking at it.

For example, in a namespace whose lo has that address, an hour in two minutes::

    python -m tests.announcements --host 169.254.169.254 --port 80 --name vm_0 --faster 30 \\
        "Live Migration"

The events begin when the first question is asked, one when the one before is gone.  A line is
printed for each request, and first the address and port that it is served at.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from tests.announcements.azure_fabric import EVENTS, Answer, Fabric
from tests.announcements.clock import Clock
from tests.announcements.courses import SIX, Course
from tests.announcements.serving import served


class RunningClock(Clock):
    """The clock of the machine."""

    def __call__(self) -> float:
        return time.time()

    def advance(self, seconds: float) -> None:
        time.sleep(seconds)

    def drip(self, seconds: float, is_gone: Callable[[], bool], send: Callable[[], object]) -> bool:
        time.sleep(seconds)
        send()
        return not is_gone()


class Playing(Fabric):
    """A fabric that begins courses by itself, one after the other, and says what it is asked."""

    def __init__(self, clock: Clock, name: str, courses: list[Course]) -> None:
        super().__init__(clock, name)
        self._courses = courses

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        if target.startswith(EVENTS) and self._courses and not self.document["Events"]:
            self.announce(self._courses.pop(0))
        answer = super().answer(method, target, headers, body)
        asked = self.asked[-1]
        print(f"{asked.time:.3f} {asked.method} {asked.path} {asked.status}", flush=True)
        return answer


def shortened(course: Course, faster: float) -> Course:
    """The course in so much less time."""
    cancelled = None if course.cancelled is None else course.cancelled / faster
    return course._replace(
        notice=course.notice / faster, lasts=course.lasts / faster, cancelled=cancelled
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.announcements", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--name", default="vm_0", help="of the machine, as in Resources")
    parser.add_argument("--faster", type=float, default=1.0)
    parser.add_argument("course", nargs="+", choices=SIX)
    asked = parser.parse_args()
    courses = [shortened(SIX[name], asked.faster) for name in asked.course]
    fabric = Playing(RunningClock(), asked.name, courses)
    with served(fabric, asked.host, asked.port) as (host, port):
        print(host, port, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
