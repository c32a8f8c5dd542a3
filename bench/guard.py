"""What the guard costs before cloud-init runs: nothing changed since its yes, and asked anew.

In the machines of tests/firstboot, with what `bake` puts there, run by that
machine's own sh: the middle of several runs in one process.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.table import Row, aim
from tests.firstboot.guarded import MEMORY, baked, guarded
from tests.firstboot.root import SUITES, packages
from tests.firstboot.sandbox import SandboxError

#: The aim for a boot in which nothing has changed.
_MILLISECONDS = 30

_TIMED = """
import json, os, resource, subprocess, sys, time
number, memory, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]


def run(forgetful):
    if forgetful and os.path.exists(memory):
        os.unlink(memory)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = time.perf_counter()
    subprocess.run(command, check=True)
    clock = time.perf_counter() - clock
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return clock * 1000, cpu * 1000


first = run(True)
asked = [run(True) for _ in range(number)]
same = [run(False) for _ in range(number)]
print(json.dumps({"first": first, "asked": asked, "same": same}))
"""


def guards(folder: Path, rounds: int) -> Iterator[Row]:
    """A row for each cloud-init; the first run compiles the package, as a first boot does."""
    try:
        for suite in SUITES:
            yield _row(suite, folder / f"guarded-{suite}", rounds)
    except SandboxError as error:
        yield {"not measured": str(error)}


def _row(suite: str, files: Path, rounds: int) -> Row:
    machine = baked(suite, files)
    machine.write("timed.py", _TIMED)
    arguments = [str(rounds), f"/{MEMORY}", *shlex.split(guarded(machine)["guard"])]
    done = machine.boot({"guard": shlex.join(["python3", "/timed.py", *arguments])})["guard"]
    if done.status:
        raise SystemExit(f"bench: failed: {done.err}")
    found = json.loads(done.out)
    same, cpu = (median(one[unit] for one in found["same"]) for unit in (0, 1))
    return {
        "cloud-init": packages(suite).versions["cloud-init"].split("-")[0],
        "same ms": f"{same:.0f}",
        "same CPU ms": f"{cpu:.0f}",
        "asked ms": f"{median(one[0] for one in found['asked']):.0f}",
        "asked CPU ms": f"{median(one[1] for one in found['asked']):.0f}",
        "first ms": f"{found['first'][0]:.0f}",
        "first CPU ms": f"{found['first'][1]:.0f}",
        "aim": aim(f"same in {_MILLISECONDS} ms", same <= _MILLISECONDS),
    }
