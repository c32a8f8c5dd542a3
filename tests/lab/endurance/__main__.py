"""Run the cycles, or with `--report FOLDER` show what an earlier run has left so far."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from tests.lab.endurance.figures import Line, figures, verdict
from tests.lab.endurance.run import CYCLES, STATES, endure
from tests.lab.guest import GuestError
from tests.lab.qmp import QmpError
from tests.paths import CHECKOUT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.endurance", description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--machine", default="trixie-netplan", metavar="SUITE-RENDERER")
    parser.add_argument("--report", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    if asked.report:
        return _tell(asked.report, [])
    folder = CHECKOUT / ".cache" / "endurance" / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    print(
        f"{asked.cycles} cycles of {asked.machine}; each in {folder / CYCLES}",
        flush=True,
    )
    suite, _, renderer = asked.machine.partition("-")
    try:
        endure(folder, suite, renderer, asked.cycles)
    except (GuestError, QmpError, AssertionError, RuntimeError, OSError) as error:
        return _tell(folder, [f"ended early: {type(error).__name__}: {error}"])
    return _tell(folder, [])


def _tell(folder: Path, wrong: list[str]) -> int:
    cycles, states = _lines(folder / CYCLES), _lines(folder / STATES)
    wrong = [*wrong, *verdict(cycles, states)]
    text = "\n".join([*figures(cycles, states), "", *(wrong or ["nothing wrong was seen"]), ""])
    (folder / "figures.txt").write_text(text)
    print(text, end="")
    return 1 if wrong else 0


def _lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


sys.exit(main())
