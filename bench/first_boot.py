"""What hyperv-net adds to a first boot: `cloud-init init --local` without and with it.

The cloud-inits are Debian's, in the namespaces of tests/firstboot, on a machine
with a pair and on one without.  Instructions are always counted by valgrind
here, since it can be taken into the machine.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from bench.instructions import carried
from bench.table import Row, aim
from tests.firstboot.cases import V2, install, netvsc_pair, no_pair, seeded
from tests.firstboot.machine import NETWORK, Machine
from tests.firstboot.root import SUITES, packages
from tests.firstboot.sandbox import SandboxError

_BOOTS = Path(__file__).with_name("boots.py")
_COUNTER = "/counter"
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
    cases = {
        (suite, name): nics
        for suite in SUITES
        for name, nics in (("pair", netvsc_pair()), ("no pair", no_pair()))
    }
    # Nothing is timed while instructions are counted, which takes far longer than a boot.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counted = list(
            pool.map(
                lambda case, nics: _counted(folder / f"counted-{'-'.join(case)}", case[0], nics),
                *(cases, cases.values()),
            )
        )
    for (case, nics), counts in zip(cases.items(), counted):
        suite, name = case
        version = packages(suite).versions["cloud-init"].split("-")[0]
        machine = _machine(folder / "-".join(case), suite, nics)
        found = json.loads(_boots(machine, str(rounds)))
        yield {"cloud-init": version, "machine": name, **figures(found, counts)}


def _counted(files: Path, suite: str, nics: Any) -> tuple[int, int] | None:
    """Instructions of a boot without and with hyperv-net; None where valgrind counts none."""
    machine = _machine(files, suite, nics)
    counter = carried(files / _COUNTER.lstrip("/"), _COUNTER)
    if counter is None:
        return None
    report = f"{_COUNTER}/report"
    out = _boots(machine, report, *counter.command[:-1], counter.command[-1] + report)
    stock, ours = (counter.count_in(one) for one in json.loads(out)["reports"])
    return (stock, ours) if stock is not None and ours is not None else None


def _machine(files: Path, suite: str, nics: Any) -> Machine:
    machine = seeded(suite, files, nics, "netplan", "nocloud", V2)
    install(machine)
    machine.write("boots.py", _BOOTS.read_text())
    return machine


def _boots(machine: Machine, *arguments: str) -> str:
    """What boots.py prints in the machine."""
    command = shlex.join(("python3", "/boots.py", *arguments))
    boots = machine.boot({"generator": NETWORK["generator"], "boots": command})["boots"]
    if boots.status:
        raise SystemExit(f"bench: failed: {boots.err}")
    return boots.out


def figures(found: Any, counts: tuple[int, int] | None) -> Row:
    """The row of what boots.py printed: the rounds in three runs, and the middle one of these.

    A run adds the median of what its rounds add: both boots of a round are
    neighbours, so that a busy while of the machine falls on both alike.  `counts`
    are the instructions of a boot without and with hyperv-net, where they are known.
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
    count, added = ("", "")
    if counts is not None:
        count, added = f"{counts[0] / 1e6:.0f}", f"{(counts[1] - counts[0]) / 1e6:+.0f}"
    return {
        "stock ms": f"{stock:.0f}",
        "more ms": f"{more:+.0f}",
        "of runs": " ".join(f"{one:+.0f}" for one in clock),
        "more": f"{more / stock:+.1%}",
        "more CPU ms": f"{median(cpu):+.0f}",
        "M instructions": count,
        "more M": added,
        "modules": f"{alone}",
        "more modules": f"{with_plugin - alone:+}",
        "aim": aim(f"{_MILLISECONDS} ms more", more <= _MILLISECONDS),
    }
