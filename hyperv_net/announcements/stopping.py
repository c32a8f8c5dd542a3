"""The end of a service by a signal, at a moment at which it may end."""

from __future__ import annotations

import signal

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hyperv_net.announcements.source import Heard, Took


class StoppedError(BaseException):
    """Somebody wants this process to end, at a moment at which it may."""


class Stop:
    """A signal ends the process while it waits, and as soon as it does where it is at work."""

    def __init__(self) -> None:
        self._is_asked = self._may = False
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._ask)

    def _ask(self, *_: object) -> None:
        self._is_asked = True
        if self._may:
            raise StoppedError

    def let(
        self, wait: Callable[[float], Mapping[str, Heard | Took]], seconds: float
    ) -> Mapping[str, Heard | Took]:
        """What `wait` returns.  Raises StoppedError as soon as a signal has come."""
        self._may = True
        try:
            if self._is_asked:
                raise StoppedError
            return wait(seconds)
        finally:
            self._may = False
