"""Wall time and memory of whole processes."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds from start to end, seconds of CPU, largest size in bytes."""

    seconds: float
    cpu: float
    memory: int


def medians(commands: Sequence[list[str]], environment: Mapping[str, str], runs: int) -> list[Cost]:
    """The median cost of each command over `runs` rounds.

    A round runs every command once, so that a busy moment of the machine falls
    on all of them alike; a first round, which warms the caches, is not counted.
    """
    rounds = [[_run(command, environment) for command in commands] for _ in range(runs + 1)][1:]
    return [
        Cost(
            statistics.median(cost.seconds for cost in costs),
            statistics.median(cost.cpu for cost in costs),
            max(cost.memory for cost in costs),
        )
        for costs in zip(*rounds)
    ]


def _run(command: list[str], environment: Mapping[str, str]) -> Cost:
    to_nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, environment, file_actions=to_nowhere)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"bench: failed: {' '.join(command)}")
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, KiB elsewhere
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
