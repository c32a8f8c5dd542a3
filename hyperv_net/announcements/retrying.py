"""How long a service of metadata is left alone after a question that it did not answer."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds that are between two questions at least.
SHORTEST = 5.0

#: No two questions are further apart, however long the trouble: the notice may be half of it.
LONGEST = 60.0


class Retrying:
    """Counts failures; the wait doubles with each, and `jitter` (0 to 1) says how much of it.

    Machines that are in trouble together so do not all come back together.
    """

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._failures = 0

    def failed(self) -> float:
        """Seconds to wait after one more failure."""
        self._failures += 1
        longest = min(LONGEST, SHORTEST * 2.0 ** min(self._failures, 8))
        return SHORTEST + self._jitter() * (longest - SHORTEST)

    def answered(self) -> None:
        """Begin anew."""
        self._failures = 0
