"""Tables: start-up, a VF's event, growth with pairs, bondvf.sh's way, baking, first boot, the lab.

An aim stands beside its figure.  Missing one is no error, since a busy machine
may; compare only figures of the same table, which are from interleaved runs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.bake import baking
from bench.first_boot import first_boots
from bench.lab import lab
from bench.machines import network_config, write_machine
from bench.measure import environment, interpreter, medians
from bench.running import RECONCILE, write_running

SIZES = (1, 16, 64, 256, 1024)
# From so many pairs on, the cost of a further pair stands out from the noise; a cost that
# grows with the number of pairs would be many times higher at the largest size.
STEADY = 64
NOISE = 1.5
MEGABYTE = 1 << 20

# The interpreter of the virtual environment, isolated: variables and hooks that other
# software of this machine has for Python would count for both sides and hide our own cost.
PYTHON = (sys.executable, "-I")
BARE = [*PYTHON, "-c", "pass"]
PROGRAM = (*PYTHON, "-m", "hyperv_net")

Row = dict[str, str]


def main() -> None:
    """Run everything, print the tables, and with --json write the rows to a file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs to take the median of")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {interpreter()}")
    print(
        "times are of whole processes in ms: medians of interleaved runs, of a first boot the least"
    )
    print("making machines with up to 1,024 pairs", flush=True)
    with tempfile.TemporaryDirectory(prefix="hyperv-net-bench-") as folder:
        tables = dict(measure(Path(folder), options.runs))
    if options.json:
        options.json.write_text(json.dumps(tables, indent=2) + "\n")


def measure(folder: Path, runs: int) -> Iterator[tuple[str, list[Row]]]:
    """Each table's title, printed before its figures are measured, and its rows."""
    variables = environment(folder / "bytecode")
    for pairs in SIZES:
        prepare(folder / str(pairs), pairs, variables)
    tables = {
        "start-up": startup(folder, variables, 4 * runs),
        "an event after which nothing is to be done": event(folder, variables, 4 * runs),
        "plan from an inventory": growth(folder, variables, runs),
        "from /sys to text, beside bondvf.sh's way": beside_bondvf(
            folder, variables, max(2, runs // 2)
        ),
        "a root baked, beside cp -a": baking(folder, PROGRAM, variables, 2 * runs),
        "cloud-init init --local, alone and with hyperv-net": first_boots(folder, 2 * runs),
        "VFs of virtual machines, from the last `make lab`": lab(),
    }
    for title, rows in tables.items():
        print(f"\n{title}", flush=True)
        measured = list(rows)
        print_table(measured)
        yield title, measured


def prepare(machine: Path, pairs: int, variables: Mapping[str, str]) -> None:
    """A machine's tree in `root`, its network config and its inventory."""
    write_machine(machine / "root", pairs)
    (machine / "network-config.yaml").write_text(network_config(pairs))
    command = [*PROGRAM, "inventory", "--root", str(machine / "root"), "--format", "json"]
    with (machine / "inventory.json").open("w") as file:
        subprocess.run(command, env=variables, stdout=file, check=True)


def hyperv_net(verb: str, machine: Path, facts: str) -> list[str]:
    """The command for a machine whose facts come from its `inventory.json` or its `root`."""
    source = ["--" + facts.partition(".")[0], str(machine / facts)]
    config = ["--network-config", str(machine / "network-config.yaml")]
    return [*PROGRAM, verb, *source, *config, "--target", "netplan"]


def startup(folder: Path, variables: Mapping[str, str], runs: int) -> Iterator[Row]:
    """What one pair costs beyond the start of the interpreter."""
    commands = {
        "python -I -c pass": BARE,
        "python -I -c 'import yaml'": [*PYTHON, "-c", "import yaml"],
        "hyperv-net plan, one pair": hyperv_net("plan", folder / "1", "inventory.json"),
    }
    costs = medians(list(commands.values()), variables, runs)
    bare = costs[0].seconds
    for name, cost in zip(commands, costs):
        over = (cost.seconds - bare) * 1000
        yield {
            "process": name,
            "ms": f"{cost.seconds * 1000:.1f}",
            "over bare": f"{over:.1f}",
            "times bare": f"{cost.seconds / bare:.1f}",
            "aim": aim("80 over bare", over <= 80) if cost is costs[-1] else "",
        }


def event(folder: Path, variables: Mapping[str, str], runs: int) -> Iterator[Row]:
    """What each event of a VF costs where all is as it should be: `ip` is run as well."""
    write_running(folder / "running")
    commands = {
        "python -I -c pass": BARE,
        "what systemd starts": [*PYTHON, "-c", RECONCILE, str(folder / "running")],
        "hyperv-net reconcile --dry-run": [
            *(*PROGRAM, "reconcile", "--dry-run", "--root"),
            str(folder / "running"),
        ],
    }
    costs = medians(list(commands.values()), variables, runs)
    bare = costs[0].seconds
    for name, cost in zip(commands, costs):
        over = (cost.seconds - bare) * 1000
        yield {
            "process": name,
            "ms": f"{cost.seconds * 1000:.1f}",
            "over bare": f"{over:.1f}",
            "aim": aim("50 over bare", over <= 50) if cost is costs[1] else "",
        }


def growth(folder: Path, variables: Mapping[str, str], runs: int) -> Iterator[Row]:
    """What each pair beyond the first costs, as they become more.

    That cost is a small difference, so it is taken in time of the CPU, which
    other processes of a busy machine disturb less.
    """
    plans = [hyperv_net("plan", folder / str(pairs), "inventory.json") for pairs in SIZES]
    costs = dict(zip(SIZES, medians(plans, variables, runs)))
    first = costs[1].seconds
    further = {n: (cost.cpu - costs[1].cpu) * 1000 / (n - 1) for n, cost in costs.items() if n > 1}
    for pairs, cost in costs.items():
        wanted = ""
        if pairs > STEADY:
            steady = further[pairs] <= further[STEADY] * NOISE
            wanted = aim(f"as at {STEADY} a further pair", steady)
        if pairs == SIZES[-1]:
            within = cost.seconds <= 2 and cost.memory <= 150 * MEGABYTE
            wanted += ", " + aim("2000 ms, 150 MB", within)
        yield {
            "pairs": str(pairs),
            "ms": f"{cost.seconds * 1000:.1f}",
            "times one pair": f"{cost.seconds / first:.1f}",
            "CPU a further pair": f"{further[pairs]:.2f}" if pairs in further else "",
            "peak MB": f"{cost.memory / MEGABYTE:.1f}",
            "aim": wanted,
        }


def beside_bondvf(folder: Path, variables: Mapping[str, str], runs: int) -> Iterator[Row]:
    """A process for each attribute and every NIC compared with every other, beside ours.

    First with the two attributes that bondvf.sh looks at, which are not enough
    to decide anything, then with those that an inventory holds: the aim is for
    the same facts gathered both ways.
    """
    for pairs, times in ((16, None), (64, 4), (256, 15)):
        machine = folder / str(pairs)
        script = ["bash", str(Path(__file__).with_name("bondvf_way.sh"))]
        theirs = [*script, str(machine / "root"), str(machine / "interfaces")]
        commands = [theirs, [*theirs, "all"], hyperv_net("render", machine, "root")]
        two, every, ours = medians(commands, variables, runs)
        ratio = every.seconds / ours.seconds
        yield {
            "pairs": str(pairs),
            "its two attributes": f"{two.seconds * 1000:.0f}",
            "all of ours": f"{every.seconds * 1000:.0f}",
            "hyperv-net render": f"{ours.seconds * 1000:.0f}",
            "than two": f"{two.seconds / ours.seconds:.1f} times",
            "than all": f"{ratio:.1f} times",
            "aim": aim(f"{times} times faster", ratio >= times) if times else "",
        }


def aim(text: str, met: bool) -> str:
    """What was wanted, and whether it is so."""
    return f"{text}: {'met' if met else 'MISSED'}"


def print_table(rows: list[Row]) -> None:
    """An aligned table: words to the left, figures to the right."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    words = {"process", "aim"}
    for line in lines:
        cells = (
            cell.ljust(width) if name in words else cell.rjust(width)
            for name, cell, width in zip(rows[0], line, widths)
        )
        print("  " + "  ".join(cells).rstrip(), flush=True)


if __name__ == "__main__":
    main()
