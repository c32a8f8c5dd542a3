"""What becomes of the pairs while a run goes on, for the journal.

What has to be imported for an entry is imported when there is one: most events have nothing
to say.
"""

from __future__ import annotations

import time

from hyperv_net import terminal
from hyperv_net.hotplug.decide.presence import present
from hyperv_net.hotplug.kept.noticed import Noticed, keep_noticed, read_noticed
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.journal.entry import Entry

#: What is told of a run that came to no end, as if it were a failure.
_UNSETTLED = "stopped with steps left"


class Noticing:
    """What one run sees and does, compared with what the last run of this boot saw."""

    def __init__(self, wanted: Wanted, root: str = "/") -> None:
        base = root.rstrip("/")
        self._wanted, self._root = wanted, root
        self._directory = base + RUN_DIRECTORY[wanted.system]
        self._journal = f"{base}/{KEPT_IN[wanted.system]}"
        self._before = read_noticed(self._directory)
        self._pairs = self._before.pairs if self._before is not None else ()
        self._failures = self._before.failures if self._before is not None else ()
        self._entries: list[Entry] = []

    def saw(self, actual: ActualState) -> ActualState:
        """Take in what was seen, which is also returned."""
        now = present(self._pairs, actual, self._wanted)
        if now != self._pairs:
            from hyperv_net.hotplug.telling import changes

            self._entries += changes(self._pairs, now, actual, self._wanted, self._root)
            self._pairs = now
        return actual

    def did(self, step: Step) -> None:
        """Take in a step that was taken."""
        from hyperv_net.hotplug.telling import of_step

        self._entries.append(of_step(step))

    def came_to(self, outcome: Outcome) -> None:
        """Take in the end: a failure is told once for as long as it goes on."""
        # Most runs have none, and then nothing is to be made of it.
        macs = {str(one): one.step.mac for one in outcome.failures}
        if not outcome.settled:
            macs[_UNSETTLED] = ""
        for text in macs:
            if text not in self._failures:
                from hyperv_net.hotplug.telling import of_failure

                self._entries.append(of_failure(text, macs[text]))
        self._failures = tuple(macs)

    def keep(self) -> None:
        """Put into the journal what there is to tell, and leave what was seen for the next run."""
        if self._entries:
            from hyperv_net.journal.kept import add

            add(self._journal, self._entries)
        before = self._before
        if before is not None and before[1:] == (self._pairs, self._failures):
            return
        since = (
            before.since
            if before is not None
            else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        )
        try:
            keep_noticed(self._directory, Noticed(since, self._pairs, self._failures))
        except OSError as error:
            terminal.complain(f"hyperv-net: {self._directory}: {error.strerror}")
