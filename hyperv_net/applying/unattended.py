"""What a timer, a process that waits, or a boot runs: an apply that nobody confirmed goes back.

The words are `boot`, or the apply's token and `over` or `wait`.
"""

from __future__ import annotations

import os
import sys
import syslog
import time

from hyperv_net import processes, terminal
from hyperv_net.applying import confirming, timing
from hyperv_net.applying.here import here, seconds_left, waiting
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.applying.here import Here

#: Seconds until it is tried again, and that it may take.
_PAUSE = 30
_LONGEST = 3600


def main(system: str, words: Sequence[str]) -> int:
    """Do it; 1 where it could not be done, and it still waits.  The first word is the program."""
    machine = here(System(system))
    if words[2:] == ["wait"]:
        return _wait(machine, words[0], words[1])
    is_boot = words[1] == "boot"
    why = "the machine booted" if is_boot else "its time was over"
    token = "" if is_boot else words[1]
    try:
        lines = confirming.take_back(machine, why, token=token, is_boot=is_boot)
        status = 0
    except (HypervNetError, OSError) as error:
        lines, status = [f"what nobody confirmed could not be taken back: {error}"], 1
    for line in lines:
        terminal.complain(f"hyperv-net: {line}")
        if "JOURNAL_STREAM" not in os.environ:  # systemd.exec(5): the journal has it already
            syslog.syslog(syslog.LOG_WARNING, f"hyperv-net: {line}")
    return status


def _wait(machine: Here, program: str, token: str) -> int:
    def is_wanted() -> bool:
        one = waiting(machine)
        return one is not None and one.token == token

    command = (sys.executable, "-I", program, token, "over")
    while timing.wait(is_wanted, lambda: seconds_left(machine, token) or 0.0):
        processes.run(command, processes.ENVIRONMENT, _LONGEST)
        if is_wanted():
            time.sleep(_PAUSE)
    return 0
