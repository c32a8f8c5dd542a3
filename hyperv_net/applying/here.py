"""The machine that an apply is tried out on, and what a boot of it remembers of that."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from hyperv_net.applying import at_boot, below, pending, timing
from hyperv_net.errors import BusyError
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hyperv_net.applying.at_boot import Starter
    from hyperv_net.applying.pending import Pending
    from hyperv_net.applying.timing import Timer
    from hyperv_net.model import System

_END = "unconfirmed"
_ENDED = "unconfirmed-ended"
_LOCK = "unconfirmed.lock"
_PAUSE = 0.1


class Here(NamedTuple):
    """The machine: its root, the folder that a boot empties, and what can be done to it.

    `run` runs a command in so many seconds, `clock` goes on by the second;
    `starter` is what has the next boot run a program.
    """

    root: Path
    system: System
    run_directory: str
    run: Callable[[Sequence[str], float], str]
    clock: Callable[[], float]
    timer: Timer
    starter: Callable[[str], Starter]


def here(system: System) -> Here:
    """This machine."""
    from hyperv_net.processes import output

    return Here(
        Path("/"),
        system,
        RUN_DIRECTORY[system],
        output,
        timing.seconds_since_boot,
        timing.timer(output),
        lambda program: at_boot.starter(system, sys.executable, program),
    )


def waiting(machine: Here) -> Pending | None:
    """The apply that waits to be confirmed, if one does.  Raises HypervNetError."""
    with below.opened(machine.root, alone=False) as root:
        return pending.read(root, machine.system)


def begin(machine: Here, token: str, seconds: float) -> None:
    """Have it noted when the time of this apply is over."""
    _write(machine, _END, f"{token} {machine.clock() + seconds}")
    _write(machine, _ENDED, "")


def end(machine: Here) -> None:
    """Have it noted that nothing waits."""
    _write(machine, _END, "")


def seconds_left(machine: Here, token: str) -> float | None:
    """How long it still waits, at least 0; None where the machine has booted since."""
    found, _, over = _read(machine, _END).partition(" ")
    if found == token:
        with suppress(ValueError):
            return max(0.0, float(over) - machine.clock())
    return None


def became(machine: Here) -> str:
    """What became of the last one in this boot; '' where there was none."""
    return _read(machine, _ENDED)


def note(machine: Here, what: str) -> None:
    """Have it noted what became of it."""
    _write(machine, _ENDED, what)


def findings(machine: Here) -> Iterator[Finding]:
    """A note where an apply waits, for whoever may read of it."""
    token = _read(machine, _END).partition(" ")[0]
    left = seconds_left(machine, token) if token else None
    if left is not None:
        yield Finding(
            "unconfirmed",
            Severity.NOTE,
            f"an apply waits to be confirmed, and is taken back in {left:.0f} s",
            "apply",
            "'hyperv-net confirm' keeps it",
        )


@contextmanager
def alone(machine: Here, seconds: float, *, passes_by: bool = False) -> Iterator[None]:
    """Wait until no other such run is at work.

    One that is still at work after so long is passed by, or else BusyError says so: it may
    have been stopped (SIGTSTP) on a terminal that is gone.  The lock ends with the process
    that has it, and is in a file that nobody else may open.
    """
    os.makedirs(machine.run_directory, mode=0o755, exist_ok=True)  # noqa: PTH103
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    lock = os.open(f"{machine.run_directory}/{_LOCK}", flags, 0o600)
    last = time.monotonic() + seconds
    try:
        while not _taken(lock):
            if time.monotonic() > last:
                if passes_by:
                    break
                raise BusyError("another apply is being tried out", hint="wait until it is done")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(lock)


def _taken(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _read(machine: Here, name: str) -> str:
    with suppress(OSError):
        return Path(machine.run_directory, name).read_text(encoding="utf-8")
    return ""


def _write(machine: Here, name: str, text: str) -> None:
    path = Path(machine.run_directory, name)
    if not text:
        path.unlink(missing_ok=True)
        return
    new = path.with_name(f"{name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
