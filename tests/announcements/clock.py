"""A clock that a test moves, and that a server which drips moves with whoever reads it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: Seconds after which it is looked whether whoever reads has gone without asking for the time.
_LOOK = 0.05


class Clock:
    """Seconds since the epoch, as the test has them; calling it reads it."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self._now = now
        self._reads = 0
        self._changes = threading.Condition()

    def __call__(self) -> float:
        with self._changes:
            self._reads += 1
            self._changes.notify_all()
            return self._now

    def advance(self, seconds: float) -> None:
        with self._changes:
            self._now += seconds

    def drip(self, seconds: float, is_gone: Callable[[], bool], send: Callable[[], object]) -> bool:
        """Let time pass, `send`, and wait for the time to be read; False where that one is gone.

        Whoever reads the time after it has gone reads it when this has ended, so that nothing of
        its next question's time is taken away.
        """
        with self._changes:
            if is_gone():
                return False
            self._now += seconds
            send()
            before = self._reads
            while self._reads == before and not is_gone():
                self._changes.wait(_LOOK)
            return True


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
