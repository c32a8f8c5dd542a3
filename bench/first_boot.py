"""What hyperv-net adds to a first boot: `cloud-init init --local` without and with it.

The cloud-inits are Debian's, in the namespaces of tests/firstboot, on a machine
with a pair and on one without.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.table import Row, aim
from tests.firstboot.cases import V2, install, netvsc_pair, no_pair, seeded
from tests.firstboot.machine import NETWORK
from tests.firstboot.root import SUITES, packages
from tests.firstboot.sandbox import SandboxError

_BOOTS = Path(__file__).with_name("boots.py")
_RUNS = 3
#: The aim for what the middle run adds.
_MILLISECONDS = 20


def first_boots(folder: Path, rounds: int) -> Iterator[Row]:
    """A row for each cloud-init and machine: three runs of so many rounds of one boot each way."""
    try:
        yield from _first_boots(folder, rounds * _RUNS)
    except SandboxError as error:
        yield {"not measured": str(error)}


def _first_boots(folder: Path, rounds: int) -> Iterator[Row]:
    for suite in SUITES:
        version = packages(suite).versions["cloud-init"].split("-")[0]
        for name, nics in (("pair", netvsc_pair()), ("no pair", no_pair())):
            files = folder / f"{suite}-{name}"
            machine = seeded(suite, files, nics, "netplan", "nocloud", V2)
            install(machine)
            machine.write("boots.py", _BOOTS.read_text())
            steps = {"generator": NETWORK["generator"], "boots": f"python3 /boots.py {rounds}"}
            boots = machine.boot(steps)["boots"]
            if boots.status:
                raise SystemExit(f"bench: failed: {boots.err}")
            yield {"cloud-init": version, "machine": name, **figures(json.loads(boots.out))}


def figures(found: Any) -> Row:
    """The row of what boots.py printed: the rounds in three runs, and the middle one of these.

    A run adds the median of what its rounds add: both boots of a round are
    neighbours, so that a busy while of the machine falls on both alike.
    """
    # Rounds of (stock, ours), each as (clock, CPU).
    rounds = found["rounds"]
    size = len(rounds) // _RUNS
    runs = [rounds[start : start + size] for start in range(0, size * _RUNS, size)]
    clock, cpu = (
        sorted(median(ours[unit] - stock[unit] for stock, ours in run) for run in runs)
        for unit in (0, 1)
    )
    stock, more = median(stock[0] for stock, _ in rounds), median(clock)
    alone, with_plugin = found["modules"]
    return {
        "stock ms": f"{stock:.0f}",
        "more ms": f"{more:+.0f}",
        "of runs": " ".join(f"{one:+.0f}" for one in clock),
        "more": f"{more / stock:+.1%}",
        "more CPU ms": f"{median(cpu):+.0f}",
        "modules": f"{alone}",
        "more modules": f"{with_plugin - alone:+}",
        "aim": aim(f"{_MILLISECONDS} ms more", more <= _MILLISECONDS),
    }
