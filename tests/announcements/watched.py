"""A machine that is watched on clocks of the test's own: nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from hyperv_net.announcements.course import Known
from hyperv_net.announcements.following import Rules, take_up
from hyperv_net.announcements.hearing import Happened
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.announcements.watching import Hands, watch


class EndedError(Exception):
    """The service is ended, by whom or what ever."""


class Asked(NamedTuple):
    """A question: whom, when, when it was answered, by what, and of which service."""

    source: str
    time: float
    answered: float
    heard: Heard
    service: int


class World:
    """The machine, its clocks, and who holds its drains.

    `answer` is what a source says at a time of the clock that nobody sets; `latency` how long
    it takes to say it, in seconds.  `fails` tells whether moving the traffic for an owner fails.
    `went_back` counts how often nobody held the traffic any more.
    """

    def __init__(
        self,
        answer: Callable[[str, float], Heard],
        latency: float = 0.0,
        fails: Callable[[str], bool] = lambda owner: False,
        wall: float = 1_800_000_000.0,
    ) -> None:
        self.answer, self.latency, self.fails = answer, latency, fails
        self.passed, self.ahead = 0.0, wall
        self.owners: dict[str, float] = {}
        self.ever: set[str] = set()
        self.longest = 0.0
        self.went_back = 0
        self.asked: list[Asked] = []
        self.said: list[Happened] = []
        self.acknowledged: list[str] = []
        self.kept, self.kept_at = Known(), self.clock()
        self.services = 0
        self._coming: list[Asked] = []

    def clock(self) -> float:
        return self.ahead + self.passed

    def boot(self) -> None:
        """No drain outlasts it."""
        for owner in [*self.owners]:
            self._release(owner)

    def source(self, name: str) -> Source:
        def acknowledge(event: str) -> str:
            self.acknowledged.append(event)
            return ""

        return Source(name, lambda now: self.answer(name, self.passed), acknowledge)

    def serve(
        self,
        names: Sequence[str],
        until: float,
        rules: Rules = Rules(),  # noqa: B008 - it is frozen
        *,
        is_anew: bool = False,
    ) -> None:
        """Run a service from now `until` so many seconds have passed in all."""
        self.services += 1
        self._coming = []

        def wait(seconds: float) -> Mapping[str, Heard]:
            soonest = min((one.answered for one in self._coming), default=until)
            self.passed = max(self.passed, min(self.passed + seconds, soonest, until))
            if self.passed >= until:
                raise EndedError
            come = [one for one in self._coming if one.answered <= self.passed]
            self._coming = [one for one in self._coming if one not in come]
            self.asked += come
            return {one.source: one.heard for one in come}

        def ask(source: Source) -> None:
            heard = source.ask(self.clock())
            answered = self.passed + self.latency
            self._coming.append(Asked(source.name, self.passed, answered, heard, self.services))

        hands = Hands(
            self.clock,
            lambda: self.passed,
            ask,
            wait,
            self._drain,
            self._undrain,
            self._keep,
            self.said.extend,
            lambda: False,
        )
        passed = max(0.0, self.clock() - self.kept_at)
        taken = take_up(self.kept, [*self.owners], names, passed, is_anew=is_anew)
        with suppress(EndedError):
            watch([self.source(one) for one in names], rules, hands, taken)

    def _drain(self, owner: str) -> bool:
        self.ever.add(owner)
        if self.fails(owner):
            return False
        self.owners.setdefault(owner, self.passed)
        return True

    def _undrain(self, owner: str) -> bool:
        if self.fails(owner):
            return False
        self.went_back += [*self.owners] == [owner]
        self._release(owner)
        return True

    def _release(self, owner: str) -> None:
        since = self.owners.pop(owner, self.passed)
        self.longest = max(self.longest, self.passed - since)

    def _keep(self, known: Known) -> None:
        self.kept, self.kept_at = known, self.clock()
