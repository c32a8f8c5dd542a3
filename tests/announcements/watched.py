"""A machine that is watched on clocks of the test's own: nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from hyperv_net.announcements.course import Known
from hyperv_net.announcements.following import Rules, take_up
from hyperv_net.announcements.hearing import Happened
from hyperv_net.announcements.kept import Kept
from hyperv_net.announcements.questions import NAP
from hyperv_net.announcements.source import Heard, Source, Took
from hyperv_net.announcements.turns import Turn, turns_of
from hyperv_net.announcements.watching import Hands, rest, watch, wind_up
from hyperv_net.journal.entry import Happening


class EndedError(Exception):
    """The service is ended, by whom or what ever."""


class Sent(NamedTuple):
    """What was sent: to whom, when, when it was answered, by what, and of which service."""

    source: str
    time: float
    answered: float
    answer: Heard | Took
    service: int

    @property
    def heard(self) -> Heard:
        """The answer to a question."""
        assert isinstance(self.answer, Heard)
        return self.answer


class World:
    """The machine, its clocks, and who holds its drains.

    `answer` is what a source says at a time of the clock that nobody sets; `latency` how long
    it takes to say it, in seconds.  `takes` is what it makes of being told to go ahead, and
    `apart` what it wants between two things.  `fails` tells whether moving the traffic for an owner
    fails.  `went_back` counts how often nobody held the traffic any more.  `vf_returns` is when a
    VF comes back that takes the traffic of drained pairs, since no rule of ours looks at it.
    `is_off` is whether hyperv-net is turned off at a time.
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
        self.takes: Callable[[str], Took] = lambda event: Took()
        self.apart = 0.0
        self.vf_returns: list[float] = []
        self.is_off: Callable[[float], bool] = lambda passed: False
        self.owners: dict[str, float] = {}
        self.ever: set[str] = set()
        self.longest = 0.0
        self.went_back = 0
        self.asked: list[Sent] = []
        self.told: list[Sent] = []
        self.said: list[Happened] = []
        self.acknowledged: list[str] = []
        self.booted, self.given_up = 0.0, float("inf")
        self.kept, self.kept_at = Known(), Kept()
        self.services = 0
        self._coming: list[Sent] = []
        self._has_lapsed, self.drained_again = False, 0
        self.lapses: list[tuple[float, float]] = []

    def clock(self) -> float:
        return self.ahead + self.passed

    def boot(self) -> None:
        """No drain outlasts it."""
        self.booted = self.passed
        for owner in [*self.owners]:
            self._release(owner)

    def source(self, name: str) -> Source:
        def acknowledge(event: str) -> Took:
            took = self.takes(event)
            if not took.trouble:
                self.acknowledged.append(event)
            return took

        return Source(name, lambda now: self.answer(name, self.passed), acknowledge, self.apart)

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

        def wait(seconds: float) -> Mapping[str, Heard | Took]:
            soonest = min((one.answered for one in self._coming), default=until)
            # As often as the machine, though only where that makes a difference.
            nap = min(seconds, NAP) if self.vf_returns else seconds
            self.passed = max(self.passed, min(self.passed + nap, soonest, until))
            if self.passed >= until:
                raise EndedError
            come = [one for one in self._coming if one.answered <= self.passed]
            self._coming = [one for one in self._coming if one not in come]
            self.asked += [one for one in come if isinstance(one.answer, Heard)]
            self.told += [one for one in come if isinstance(one.answer, Took)]
            return {one.source: one.answer for one in come}

        def send(source: Source, since: float, answer: Heard | Took) -> None:
            assert source.name not in [one.source for one in self._coming]
            came = self.passed + self.latency
            self._coming.append(Sent(source.name, since, came, answer, self.services))

        def ask(source: Source) -> None:
            send(source, self.passed, source.ask(self.clock()))

        def let_go_ahead(source: Source, event: str) -> None:
            assert source.acknowledge is not None
            send(source, self.passed, source.acknowledge(event))

        hands = Hands(
            self.clock,
            lambda: self.passed,
            ask,
            let_go_ahead,
            wait,
            self._drain,
            self._undrain,
            lambda: True,
            self._look,
            self._keep,
            self._keep,
            self._tell,
            lambda: self.is_off(self.passed),
        )
        passed = self.kept_at.passed(self.clock(), self.passed - self.booted, is_anew=is_anew)
        taken = take_up(self.kept, [*self.owners], names, passed, is_anew=is_anew)
        sources = [self.source(one) for one in names]
        turns: Mapping[str, Turn] = turns_of(sources, self.passed)
        self._keep(taken.known)
        with suppress(EndedError):
            # As service.serve() has it.
            while True:
                known, turns = watch(sources, rules, hands, taken, turns)
                over = take_up(known, [*self.owners], (), 0.0, is_anew=False)
                _, turns = wind_up(over, hands, turns)
                while self.is_off(self.passed):
                    turns = rest(hands, turns, NAP)
                taken = take_up(Known(), [*self.owners], names, 0.0, is_anew=False)
                turns = turns_of(sources, self.passed, turns)

    def _tell(self, happened: Sequence[Happened]) -> None:
        self.said += happened
        if any(one.happening is Happening.GIVEN_UP for one in happened):
            self.given_up = min(self.given_up, self.passed)

    def _look(self) -> bool:
        self._returned()
        return self._has_lapsed

    def _returned(self) -> None:
        """What came back meanwhile has the traffic of what is drained."""
        while self.vf_returns and self.vf_returns[0] <= self.passed:
            since = self.vf_returns.pop(0)
            if self.owners and not self._has_lapsed:
                self._has_lapsed = True
                self.lapses.append((since, self.passed))

    def _drain(self, owner: str) -> bool:
        self.ever.add(owner)
        if self.fails(owner):
            return False
        self._returned()
        self.owners.setdefault(owner, self.passed)
        self.drained_again += self._has_lapsed
        self._has_lapsed = False
        return True

    def _undrain(self, owner: str) -> bool:
        if self.fails(owner):
            return False
        self._returned()
        self.went_back += [*self.owners] == [owner]
        self._release(owner)
        return True

    def _release(self, owner: str) -> None:
        since = self.owners.pop(owner, self.passed)
        self.longest = max(self.longest, self.passed - since)
        if not self.owners:
            self._has_lapsed = False

    def _keep(self, known: Known) -> None:
        self.kept = known
        self.kept_at = Kept(known, self.clock(), (), self.passed - self.booted)
