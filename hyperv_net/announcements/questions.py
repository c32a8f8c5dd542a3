"""Questions to the sources, by the clock of the machine that this runs on."""

from __future__ import annotations

import time
from queue import Empty, Queue
from threading import Thread

from hyperv_net.announcements.source import Heard
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.announcements.source import Source

#: Seconds of a wait at the most: a signal that comes just before one is not seen until its end.
NAP = 5.0

#: Seconds until a source is asked again that failed by a mistake of its own.
_AFTER_A_MISTAKE = 60.0


class Questions:
    """Each question is asked in a thread of its own: one that takes minutes delays no drain."""

    def __init__(self) -> None:
        # Not a SimpleQueue, which may wait for ever where its time is over between two looks:
        # a negative rest is no limit (_queue_SimpleQueue_get_impl() of CPython 3.9).
        self._answers: Queue[tuple[str, Heard]] = Queue()

    def ask(self, source: Source) -> None:
        """Begin to ask a source."""
        Thread(target=self._asked, args=(source,), daemon=True).start()

    def _asked(self, source: Source) -> None:
        try:
            heard = source.ask(time.time())
        except Exception as error:
            heard = Heard(None, _AFTER_A_MISTAKE, f"{type(error).__name__}: {error}")
        self._answers.put((source.name, heard))

    def wait(self, seconds: float) -> Mapping[str, Heard]:
        """What has been answered by name, as soon as there is something, or after NAP."""
        found: dict[str, Heard] = {}
        try:
            while True:
                name, heard = self._answers.get(timeout=0 if found else min(seconds, NAP))
                found[name] = heard
        except Empty:
            return found
