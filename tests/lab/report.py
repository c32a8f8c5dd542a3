"""The lab's results: a table for people, the figures for programs, both beside the logs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from tests.lab.far_end import Window
from tests.lab.timing import Arrival


@dataclass(frozen=True)
class Round:
    """One detach and reattach of a machine, and what kept its VF: hook, or without hook.

    `drain` is the far end's view of the switch that was asked for before the
    detach, where one was.
    """

    machine: str
    way: str
    detach: Window
    attach: Window
    arrival: Arrival
    drain: Window | None = None


@dataclass(frozen=True)
class Row:
    """One scenario of one machine: what was seen, in a few words."""

    machine: str
    scenario: str
    seen: str


_HEAD = (
    *("machine", "way", "rounds", "lost at drain", "lost at detach", "gap ms", "lost at attach"),
    *("gap ms", "joined s", "link s", "carrying s"),
)


def figures(rounds: Iterable[Round]) -> list[str]:
    """The table of figures, a line for each machine and way: medians, worst in parentheses."""
    groups: dict[tuple[str, str], list[Round]] = {}
    for each in rounds:
        groups.setdefault((each.machine, each.way), []).append(each)
    rows = [_HEAD]
    for (machine, way), group in groups.items():
        drains = [one.drain for one in group if one.drain is not None]
        rows.append(
            (
                *(machine, way, str(len(group))),
                _spread([float(one.lost) for one in drains], 0),
                _spread([float(one.detach.lost) for one in group], 0),
                _spread([one.detach.longest_gap * 1000 for one in group], 0),
                _spread([float(one.attach.lost) for one in group], 0),
                _spread([one.attach.longest_gap * 1000 for one in group], 0),
                _spread([one.arrival.joined for one in group], 2),
                _spread([one.arrival.link for one in group], 2),
                _spread([one.arrival.carrying for one in group], 2),
            )
        )
    return aligned(rows)


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines with the columns under each other."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows
    ]


def _spread(values: list[float | None], digits: int) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-" if not values else "never"
    missing = f" {len(values) - len(known)} never" if len(known) < len(values) else ""
    return f"{median(known):.{digits}f} ({max(known):.{digits}f}){missing}"


def write(folder: Path, rows: Iterable[Row], rounds: list[Round]) -> list[str]:
    """Leave the table and the figures in a folder, and return the table's lines."""
    scenarios = [("machine", "scenario", "seen")]
    scenarios += [(row.machine, row.scenario, row.seen) for row in rows]
    lines = aligned(scenarios)
    if rounds:
        lines += ["", *figures(rounds)]
    (folder / "table.txt").write_text("\n".join([*lines, ""]))
    (folder / "figures.json").write_text(json.dumps([asdict(one) for one in rounds], indent=1))
    return lines
