"""Questions to the sources, and word to go ahead, by the clock of the machine that this runs on."""

from __future__ import annotations

import time
from queue import Empty, Queue
from threading import Thread

from hyperv_net.announcements.source import Heard, Took
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hyperv_net.announcements.source import Source

#: Seconds of a wait at the most: a signal that comes just before one is not seen until its end.
NAP = 5.0

#: Seconds until a source is asked again that failed by a mistake of its own.
_AFTER_A_MISTAKE = 60.0


class Questions:
    """Whatever is sent is sent in a thread of its own: what takes minutes delays no drain."""

    def __init__(self) -> None:
        # Not a SimpleQueue, which may wait for ever where its time is over between two looks:
        # a negative rest is no limit (_queue_SimpleQueue_get_impl() of CPython 3.9).
        self._answers: Queue[tuple[str, Heard | Took]] = Queue()

    def ask(self, source: Source) -> None:
        """Begin to ask a source."""
        self._send(source.name, lambda: source.ask(time.time()), _unheard)

    def tell(self, source: Source, event: str) -> None:
        """Begin to tell a source to go ahead with one of its events."""
        take = source.acknowledge
        if take is not None:
            self._send(source.name, lambda: take(event), _untold)

    def _send(
        self, name: str, send: Callable[[], Heard | Took], failed: Callable[[str], Heard | Took]
    ) -> None:
        def run() -> None:
            try:
                answer = send()
            except Exception as error:
                answer = failed(f"{type(error).__name__}: {error}")
            self._answers.put((name, answer))

        Thread(target=run, daemon=True).start()

    def wait(self, seconds: float) -> Mapping[str, Heard | Took]:
        """What has been answered by name, as soon as there is something, or after NAP."""
        found: dict[str, Heard | Took] = {}
        try:
            while True:
                name, answer = self._answers.get(timeout=0 if found else min(seconds, NAP))
                found[name] = answer
        except Empty:
            return found


def _unheard(trouble: str) -> Heard:
    return Heard(None, _AFTER_A_MISTAKE, trouble)


def _untold(trouble: str) -> Took:
    return Took(trouble, wait=_AFTER_A_MISTAKE)
