"""A machine in a folder for the watch as a process, and a source that ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from hyperv_net.announcements import kept
from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import Course
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.draining import Result
from hyperv_net.hotplug.kept.drains import keep_drains, read_drains
from hyperv_net.hotplug.look.state import Drain, Phase

MAC = "00:0d:3a:00:00:01"
STARTED = Announcement("azure", "E1", "freeze", Stage.STARTED)
OWNER = STARTED.owner


class Here:
    """This machine in a folder, with one pair; `trouble` is what moving its traffic fails with.

    `off` is why hyperv-net is turned off, if it is.
    """

    def __init__(self, folder: Path) -> None:
        self.run, self.kept_in = str(folder / "run"), str(folder / "kept")
        self.trouble: Exception | str = ""
        self.moves: list[tuple[str, str]] = []
        self.before_move: Callable[[], object] = lambda: None
        self.off = ""

    def move(
        self,
        names: object,
        move: Callable[..., object],
        *_: object,
        confined: bool,
        only_back: bool = False,
    ) -> list[Result]:
        owner = move.keywords["owner"]  # type: ignore[attr-defined]
        is_drain = move.func.__name__ == "drain_pairs"  # type: ignore[attr-defined]
        if self.off and not only_back:
            raise HypervNetError("hyperv-net is turned off", where=self.off)
        self.before_move()
        self.moves.append(("drain" if is_drain else "undrain", owner))
        if isinstance(self.trouble, Exception):
            raise self.trouble
        if self.trouble == "no pairs":
            return []
        if self.trouble == "nothing":
            return [Result("hn0: nothing to move: it is the kernel's", is_nothing=True)]
        if self.trouble and is_drain:
            return [Result(self.trouble, failed=True)]
        owners = {*self.owners} - {owner}
        if self.trouble:
            # As `undrain_pairs` leaves it: nobody's, and to be undone.
            self.own(*owners)
            if not owners:
                keep_drains(self.run, [Drain(MAC, 3, "enP1s1", phase=Phase.ENDING)])
            return [Result(self.trouble, failed=True)]
        self.own(*owners, *([owner] if is_drain else []))
        return [Result("bond0: moved")]

    def own(self, *owners: str) -> None:
        drain = Drain(MAC, 3, "enP1s1", owners=tuple(sorted(owners)))
        keep_drains(self.run, [drain] if owners else [])

    @property
    def phases(self) -> list[Phase]:
        return [drain.phase for drain in read_drains(self.run)]

    @property
    def owners(self) -> list[str]:
        return [one for drain in read_drains(self.run) for one in drain.owners]


def saying(*answers: Sequence[Announcement] | Exception) -> Source:
    """A source that gives each answer once, and has the process ended then."""
    left = [*answers]

    def ask(now: float) -> Heard:
        if not left:
            os.kill(os.getpid(), signal.SIGTERM)
            return Heard(None, 60)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Heard(tuple(answer), 0)

    return Source("azure", ask)


def known(here: Here) -> tuple[Course, ...]:
    return kept.read_kept(here.kept_in).known.courses
