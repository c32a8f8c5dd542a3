"""Instructions that a process executes outside the kernel: unlike its time, they repeat.

perf counts them where processor and kernel let it; a virtual machine often does
not.  Elsewhere valgrind's cachegrind does, which takes some hundred times as
long.  Programs that the process starts count with neither.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory


def of_perf(report: str) -> int | None:
    """The count in the report of `perf stat --field-separator ,`; None where it has none.

    perf-stat(1), CSV FORMAT: the value comes first, or `<not supported>`.  A
    processor with two kinds of cores has a line for each.
    """
    values = [line.split(",")[0] for line in report.splitlines() if "instructions" in line]
    counts = [int(value) for value in values if value.isdecimal()]
    return sum(counts) if counts else None


def of_valgrind(report: str) -> int | None:
    """The count in the report of cachegrind; None where it has none.

    In its manual the line is `==PID== I refs: 1,234`, in which earlier versions
    have more spaces.
    """
    found = re.search(r"^==\d+== I +refs: +([\d,]+)$", report, re.MULTILINE)
    return int(found[1].replace(",", "")) if found else None


@dataclass(frozen=True)
class Counter:
    """A program that counts: its command line, which ends with the name of a report to write."""

    name: str
    command: tuple[str, ...]
    count_in: Callable[[str], int | None]

    def count(self, command: Sequence[str], environment: Mapping[str, str]) -> int | None:
        """What one run of the command executes; None where nothing was counted.

        The process has no output.  Where it fails, so does the bench.
        """
        done, count = self._counted(command, environment)
        if done.returncode:
            sys.exit(f"bench: failed: {' '.join(done.args)}")
        return count

    def works(self) -> bool:
        """Whether it is there, and counts on this machine."""
        there = shutil.which(self.command[0]) is not None
        return there and self._counted(["true"], os.environ)[1] is not None

    def _counted(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> tuple[subprocess.CompletedProcess[bytes], int | None]:
        with TemporaryDirectory(prefix="hyperv-net-bench-") as folder:
            report = Path(folder, "report")
            done = subprocess.run(
                [*self.command[:-1], self.command[-1] + str(report), *command],
                # Before Python 3.11 the folder that it is started in is in its path.
                cwd=folder,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return done, self.count_in(report.read_text()) if report.exists() else None


PERF = Counter(
    "perf",
    (
        *("perf", "stat", "--no-inherit", "--field-separator=,", "--event=instructions:u"),
        "--output=",
    ),
    of_perf,
)
# Names of processors that Linux and valgrind give.
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64", "ppc64le": "ppc64le", "s390x": "s390x"}
CACHEGRIND = Counter(
    "valgrind's cachegrind",
    (
        *("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"),
        *("--trace-children=no", "--child-silent-after-fork=yes"),
        "--log-file=",
    ),
    of_valgrind,
)


def carried(folder: Path, at: str) -> Counter | None:
    """Cachegrind for a machine in which `folder` is the absolute path `at`; None without valgrind.

    What is copied is the tool itself, which needs no library there.  valgrind
    starts it with the variable that has to be set here.
    """
    found = shutil.which("valgrind")
    if found is None:
        return None
    above = Path(found).resolve().parents[1]
    tools = [
        tool
        for name in ("libexec/valgrind", "lib/valgrind")
        for tool in (above / name).glob(f"cachegrind-{_PROCESSORS.get(platform.machine())}-linux")
    ]
    for tool in tools:
        folder.mkdir(parents=True, exist_ok=True)
        preloaded = tool.name.replace("cachegrind-", "vgpreload_core-") + ".so"
        for name in (tool.name, preloaded, "default.supp"):
            shutil.copy(tool.with_name(name), folder)
        variables = (f"VALGRIND_LIB={at}", f"VALGRIND_LAUNCHER={at}/valgrind")
        seed = "PYTHONHASHSEED=0"
        command = ("env", *variables, seed, f"{at}/{tool.name}", *CACHEGRIND.command[2:])
        return replace(CACHEGRIND, command=command)
    return None


def find_counter() -> Counter | None:
    """The first that counts on this machine; None where none does."""
    return next((one for one in (PERF, CACHEGRIND) if one.works()), None)


def counts(
    counter: Counter | None, commands: Sequence[Sequence[str]], environment: Mapping[str, str]
) -> list[int | None]:
    """What one run of each command executes, on all CPUs at once: nothing is timed here.

    The modules must be compiled already.  Python orders its sets and
    dictionaries by one fixed seed, without which counts differ by some in a
    thousand.  An isolated interpreter would not heed it: for -I stands here
    what of it matters.
    """
    if counter is None:
        return [None for _ in commands]
    seeded = {**environment, "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1"}
    heeding = [["-s" if word == "-I" else word for word in command] for command in commands]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda command: counter.count(command, seeded), heeding))
