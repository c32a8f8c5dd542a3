"""What the last run of the virtual machine lab measured, beside its aims.

`make lab` takes too long to be part of a benchmark, so that its figures are
read, not taken again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.table import Row

LOGS = Path(__file__).resolve().parents[1] / ".cache" / "lab" / "logs"

#: Column → the figure of a round (None where it has none), its unit's factor, and the aim.
_COLUMNS = {
    "lost at drain": ("drain", "lost", 1, "<= 2"),
    "lost at detach": ("detach", "lost", 1, ""),
    "gap ms": ("detach", "longest_gap", 1000, ""),
    "lost at attach": ("attach", "lost", 1, "0"),
    "joined ms": ("arrival", "joined", 1000, "<= 500"),
    "carrying ms after its link": ("arrival", "carrying", 1000, "<= 200"),
}


def lab(logs: Path = LOGS) -> Iterator[Row]:
    """A row for each machine and way of joining the VF: medians, the worst in parentheses.

    Where no run of the lab has left figures, a row that says so.
    """
    found = sorted(logs.glob("*/figures.json"))
    rounds: list[dict[str, Any]] = json.loads(found[-1].read_text()) if found else []
    if not rounds:
        yield {"not measured": "run `make lab` first, as root"}
        return
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in rounds:
        groups.setdefault((one["machine"], one["way"]), []).append(one)
    for (machine, way), group in groups.items():
        row = {"machine": machine, "way": way, "rounds": str(len(group))}
        for column, (part, name, factor, _) in _COLUMNS.items():
            row[column] = _summary([(one[part] or {}).get(name) for one in group], factor)
        yield row
    aims = {column: aim for column, (_, _, _, aim) in _COLUMNS.items()}
    yield {"machine": "aim", "way": "", "rounds": "", **aims}


def _summary(values: list[float | None], factor: int) -> str:
    known = [value * factor for value in values if value is not None]
    return f"{median(known):.0f} ({max(known):.0f})" if known else "-"
