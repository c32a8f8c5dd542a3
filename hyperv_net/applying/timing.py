"""What ends the time of an apply that waits to be confirmed, whatever becomes of its terminal.

systemd keeps a timer (systemd-run(1): transient units are the manager's, in no session).
Elsewhere a process of its own session waits.  Neither looks at the clock on the wall.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress

from hyperv_net.applying.at_boot import UNIT, is_systemd
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import NoReturn

    from hyperv_net.applying.activating import Run
    from hyperv_net.facts import System

_MOST_DESCRIPTORS = 1024
_TIMER = f"{UNIT}-timer"


class Timer(NamedTuple):
    """`arm` has the words run once so many seconds are over, `disarm` has it not."""

    arm: Callable[[Sequence[str], int], None]
    disarm: Callable[[], None]


def seconds_since_boot() -> float:
    """A clock that nobody sets; on Linux it goes on while the machine is suspended."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def timer(run: Run) -> Timer:
    """What this machine has."""
    return _of_systemd(run) if is_systemd() else _of_a_process()


def _of_systemd(run: Run) -> Timer:
    def arm(words: Sequence[str], seconds: int) -> None:
        disarm()  # One whose apply is over would be in the way.
        run(
            (
                *("systemd-run", "--quiet", "--collect", f"--unit={_TIMER}"),
                *(f"--on-active={seconds}s", "--timer-property=AccuracySec=1s"),
                # A DHCP client that is started on the way back stays.
                "--property=KillMode=process",
                # A disk may be full, and not be so later.
                *("--property=Restart=on-failure", "--property=RestartSec=30s"),
                "--description=Take back a network configuration that nobody confirmed",
                "--",
                *(*words, "over"),
            )
        )

    def disarm() -> None:
        with suppress(HypervNetError):  # there is none
            run(("systemctl", "stop", f"{_TIMER}.timer"))

    return Timer(arm, disarm)


def _of_a_process() -> Timer:
    def arm(words: Sequence[str], seconds: int) -> None:
        start_apart((*words, "wait"))

    # It looks once a second whether it is still waited for.
    return Timer(arm, lambda: None)


def start_apart(words: Sequence[str]) -> None:
    """Start a program that outlives the terminal and this process, with no output.

    It is in a session of its own and can get no terminal (setsid(2)).  Raises HypervNetError.
    """
    child = os.fork()
    if not child:
        _leave(words)
    if os.waitpid(child, 0)[1]:
        raise HypervNetError("nothing could be started to wait", where=words[0])


def _leave(words: Sequence[str]) -> NoReturn:
    try:
        # A lock is let go by the last that has it open (flock(2)).
        os.closerange(3, _MOST_DESCRIPTORS)
        os.setsid()
        if os.fork():
            os._exit(0)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(null, descriptor)
        os.chdir("/")
        os.execv(words[0], list(words))
    finally:
        os._exit(1)


def wait(is_wanted: Callable[[], bool], left: Callable[[], float], pause: float = 1) -> bool:
    """Wait until no time is left; False where nobody wants it any more before that."""
    while is_wanted():
        seconds = left()
        if seconds <= 0:
            return True
        time.sleep(min(seconds, pause))
    return False


def program(folder: Path, system: System) -> str:
    """The text of a Python program that takes an apply back, with hyperv-net from `folder`."""
    return (
        "# Takes back what `hyperv-net apply --confirm` wrote and nobody confirmed.\n"
        "import sys\n\n"
        f"sys.path.insert(0, {str(folder)!r})\n"
        "from hyperv_net.applying.unattended import main\n\n"
        f"sys.exit(main({system.value!r}, sys.argv))\n"
    )
