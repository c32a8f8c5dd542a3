"""Tables: start-up, a VF's event, growth with pairs, bondvf.sh, baking, boots, fleets, watch, lab.

An aim stands beside its figure.  Missing one is no error, since a busy machine
may; compare only figures of the same table, which are from interleaved runs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench.bake import baking
from bench.first_boot import first_boots
from bench.fleet import fleets
from bench.growth import beside_bondvf, by_target, growth
from bench.guard import guards
from bench.instructions import Counter, find_counter
from bench.lab import lab
from bench.startup import event, startup
from bench.subject import Subject, interpreter, make_subject
from bench.table import Row, print_table
from bench.watching import watching

_Measure = Callable[[Subject, "Counter | None", int], Iterable[Row]]

#: Name of a table → its title, and what measures it for so many runs.
TABLES: dict[str, tuple[str, _Measure]] = {
    "start-up": (
        "start-up",
        lambda subject, counter, runs: startup(subject, counter, 4 * runs),
    ),
    "event": (
        "an event after which nothing is to be done",
        lambda subject, counter, runs: event(subject, counter, 4 * runs),
    ),
    "growth": (
        "plan from an inventory",
        lambda subject, _, runs: growth(subject, runs),
    ),
    "targets": (
        "1,024 pairs beside 64, in CPU of a plan from an inventory",
        lambda subject, _, runs: by_target(subject, runs),
    ),
    "bondvf": (
        "from /sys to text, beside bondvf.sh's way",
        lambda subject, _, runs: beside_bondvf(subject, max(2, runs // 2)),
    ),
    "bake": (
        "a root baked, beside cp -a",
        lambda subject, _, runs: baking(subject, 2 * runs),
    ),
    "first-boot": (
        "cloud-init init --local, alone and with hyperv-net",
        lambda subject, _, runs: first_boots(subject.folder, runs),
    ),
    "guard": (
        "the guard before cloud-init",
        lambda subject, _, runs: guards(subject.folder, 4 * runs),
    ),
    "fleet": (
        "machines of a fleet reviewed by one process",
        lambda subject, _, runs: fleets(subject, runs),
    ),
    "watch": (
        "an hour of watching what Azure announces",
        lambda subject, _, runs: watching(subject, runs),
    ),
    "lab": (
        "VFs of virtual machines, from the last `make lab`",
        lambda _, __, ___: lab(),
    ),
}


def main() -> None:
    """Run everything, print the tables, and with --json write the rows to a file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs to take the median of")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=TABLES,
        metavar="TABLE",
        default=list(TABLES),
        help=f"measure these tables alone: {', '.join(TABLES)}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    counter = find_counter()
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {interpreter()}")
    print("times are of whole processes in ms: medians of interleaved runs")
    if counter is None:
        print("instructions are not counted: neither perf nor valgrind does it on this machine")
    else:
        print(f"instructions are counted by {counter.name}, without those of programs started")
    with tempfile.TemporaryDirectory(prefix="hyperv-net-bench-") as folder:
        subject = make_subject(Path(folder))
        tables = dict(measure(options.only, subject, counter, options.runs))
    if options.json:
        options.json.write_text(json.dumps(tables, indent=2) + "\n")


def measure(
    names: Iterable[str], subject: Subject, counter: Counter | None, runs: int
) -> Iterator[tuple[str, list[Row]]]:
    """Each table's title, printed before its figures are measured, and its rows."""
    for name in names:
        title, rows = TABLES[name]
        print(f"\n{title}", flush=True)
        measured = list(rows(subject, counter, runs))
        print_table(measured)
        yield title, measured


if __name__ == "__main__":
    main()
