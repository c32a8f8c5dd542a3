"""After each step of a scenario: does a packet to the gateway get out, and by which card?

One mechanism for all scenarios.  A machine that is watched is asked for each
address family after each step, which is the outermost thing that a test does
to it: a program, a command inside, a VF that comes or goes, or several as one
(`step`).  A family whose gateway was reached once, or that has a default route,
must be reached after every further step; where a scenario is about an outage,
it says so and why (`outage`); then there must be one, and it is over when that block ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.freebsd_machine.path import BEYOND, Way, to_gateway
from tests.freebsd_machine.state import State


class Journey:
    """The steps of one machine, each with its ways by family; `look` gives the state."""

    def __init__(self, look: Callable[[], State]) -> None:
        self.steps: list[tuple[str, dict[str, Way]]] = []
        self._look = look
        self._reached: set[str] = set()
        self._is_watched = False
        self._depth = 0
        self._outage = ""
        self._was_lost = False

    def begin(self, what: str) -> None:
        """Ask now, and from now on."""
        self._is_watched = True
        if not self._depth:
            self._ask(what)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """All that is done in the block is one step; a step within one is none of its own."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        if self._is_watched and not self._depth:
            self._ask(what)

    @contextmanager
    def outage(self, why: str) -> Iterator[None]:
        """In the block a gateway is cut off after one step at least, and behind it is reached."""
        self._outage, self._was_lost = why, False
        yield
        assert self._was_lost, f"the gateways were reached all the time, although: {why}"
        self._outage = ""
        self._ask(f"{why}, which is over")

    def cards(self, family: str = "inet") -> list[str]:
        """The cards by which the gateway was reached, one after another; '' for an outage."""
        found = [ways[family].card for _, ways in self.steps]
        return [one for n, one in enumerate(found) if n == 0 or one != found[n - 1]]

    def _ask(self, what: str) -> None:
        state = self._look()
        ways = {family: to_gateway(state, family) for family in BEYOND}
        self.steps.append((what, ways))
        for family, way in ways.items():
            is_lost = not way.card and (family in self._reached or bool(cut_off(state, family)))
            self._was_lost = self._was_lost or is_lost
            assert not is_lost or self._outage, f"after {what!r}: {way}"
            self._reached.update([family] * bool(way.card))


def cut_off(state: State, family: str) -> str:
    """Why the default route of a family leads nowhere; '' where it does, or there is none."""
    way = to_gateway(state, family)
    has_one = any((one.family, one.destination) == (family, "default") for one in state.routes)
    return way.lost if has_one else ""
