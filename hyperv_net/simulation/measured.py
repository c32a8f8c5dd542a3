"""What was measured of such events in the lab: the only durations that a simulation tells.

The figures are those of the tables in docs/live-migration.md ("What it costs") and docs/trust.md
("A thousand cycles"), letter by letter: a median of several rounds, the worst in parentheses.
They are of virtual machines whose processor is emulated, on Linux with a bond; of anything
else nothing was measured, and nothing is told.
"""

from __future__ import annotations

from hyperv_net.records import NamedTuple

LABEL = "measured in the lab"

LIVE_MIGRATION = "docs/live-migration.md"
TRUST = "docs/trust.md"

RULES, DRAINED = "with the rules", "drained first"


class Measured(NamedTuple):
    """A row of one of the tables: the machine, what was done, and figure by column."""

    source: str
    machine: str
    way: str
    figures: tuple[tuple[str, str], ...]

    @property
    def target(self) -> str:
        """What configures the network of that machine."""
        return self.machine.rpartition(", ")[2]


COLUMNS = (
    "lost at drain",
    "lost at detach",
    "longest gap",
    "lost at attach",
    "joined after",
    "carrying after its link",
)
CYCLE_COLUMNS = (
    "cycles",
    "probes",
    "lost",
    "in one: median (worst)",
    "longest gap: median (worst)",
)
#: The machine of docs/trust.md: "Debian 13, netplan on networkd".
_ENDURANCE = "trixie, netplan"


def _row(machine: str, way: str, *figures: str) -> Measured:
    return Measured(LIVE_MIGRATION, machine, way, tuple(zip(COLUMNS, figures)))


def _cycles(way: str, *figures: str) -> Measured:
    return Measured(TRUST, _ENDURANCE, way, tuple(zip(CYCLE_COLUMNS, figures)))


MEASURED = (
    _row(
        "trixie, netplan",
        "with the rules",
        "",
        "66 (80)",
        "75 (83) ms",
        "0",
        "0.20 (0.22) s",
        "0.04 (0.07) s",
    ),
    _row(
        "trixie, netplan",
        "drained first",
        "0",
        "0",
        "13 (14) ms",
        "0",
        "0.24 (0.26) s",
        "2.57 (2.60) s",
    ),
    _row(
        "trixie, netplan",
        "networkd alone",
        "",
        "61 (81)",
        "93 (116) ms",
        "2",
        "0.30 (0.46) s",
        "0.06 (0.11) s",
    ),
    _row(
        "trixie, networkd",
        "with the rules",
        "",
        "78 (99)",
        "101 (113) ms",
        "0",
        "0.20 s",
        "0.04 (0.05) s",
    ),
    _row(
        "trixie, networkd",
        "drained first",
        "0",
        "0",
        "7 (9) ms",
        "0",
        "0.22 (0.26) s",
        "1.90 (2.59) s",
    ),
    _row(
        "trixie, networkd",
        "networkd alone",
        "",
        "70 (75)",
        "78 (80) ms",
        "0",
        "0.30 (0.33) s",
        "0.08 (0.09) s",
    ),
    _row(
        "trixie, NetworkManager",
        "with the rules",
        "",
        "70 (91)",
        "75 (94) ms",
        "0",
        "0.20 (0.24) s",
        "0.12 s",
    ),
    _row(
        "trixie, NetworkManager",
        "drained first",
        "0",
        "0",
        "11 (12) ms",
        "0",
        "0.23 (0.30) s",
        "2.02 (2.22) s",
    ),
    _row(
        "trixie, NetworkManager",
        "NetworkManager alone",
        "",
        "63 (75)",
        "68 (77) ms",
        "4 (5)",
        "0.93 (1.13) s",
        "0.03 (0.07) s",
    ),
    _row(
        "bookworm, ifupdown",
        "with the rules",
        "",
        "65 (68)",
        "70 (78) ms",
        "0",
        "0.19 (0.20) s",
        "0.08 (0.16) s",
    ),
    _row(
        "bookworm, ifupdown",
        "drained first",
        "0",
        "0",
        "12 (16) ms",
        "0",
        "0.21 (0.26) s",
        "1.47 (1.67) s",
    ),
    _row("bookworm, ifupdown", "bond alone", "", "54", "78 ms", "0", "never", ""),
    _row(
        "bookworm, netplan",
        "with the rules",
        "",
        "80 (95)",
        "91 (105) ms",
        "0",
        "0.24 (0.31) s",
        "0.10 (0.12) s",
    ),
    _row(
        "bookworm, netplan",
        "drained first",
        "0",
        "0",
        "12 (49) ms",
        "0",
        "0.37 (0.38) s",
        "2.12 (2.50) s",
    ),
    _row(
        "bookworm, netplan",
        "networkd alone",
        "",
        "74 (77)",
        "78 (84) ms",
        "0 (3)",
        "0.49 (0.50) s",
        "0.05 s",
    ),
    _row(
        "bookworm, networkd",
        "with the rules",
        "",
        "79 (103)",
        "94 (103) ms",
        "0",
        "0.21 (0.25) s",
        "0.05 s",
    ),
    _row(
        "bookworm, networkd",
        "drained first",
        "0",
        "0",
        "9 (13) ms",
        "0",
        "0.29 (0.32) s",
        "1.71 (1.73) s",
    ),
    _row(
        "bookworm, networkd",
        "networkd alone",
        "",
        "70 (72)",
        "75 ms",
        "1 (3)",
        "0.30 (0.44) s",
        "0.05 (0.07) s",
    ),
    _cycles("without warning", "200", "398,411", "10,092", "60 (130)", "67 (101) ms"),
    _cycles("back under another name", "200", "378,053", "10,200", "62 (120)", "65 (129) ms"),
    _cycles("drained first", "100", "242,679", "196", "1 (10)", "10 (24) ms"),
    _cycles("gone again while it joins", "100", "197,629", "5,465", "66 (126)", "58 (136) ms"),
    _cycles(
        "back under another name and driver", "100", "189,582", "5,104", "58 (107)", "65 (116) ms"
    ),
    _cycles(
        "its link flaps, and it goes while that is down",
        "100",
        "189,241",
        "6,552",
        "73 (128)",
        "79 (147) ms",
    ),
    _cycles("drained, and taken back", "100", "361,621", "4,659", "54 (97)", "61 (108) ms"),
    _cycles("gone again at once", "100", "193,018", "5,260", "60 (103)", "62 (107) ms"),
    _cycles("all", "1,000", "2,150,234", "47,528", "40 (130)", "41 (147) ms"),
)

_ATTACH = ((RULES, ("lost at attach", "joined after", "carrying after its link")),)

#: Event → the ways that it was measured in, each with the columns that are about it.
_OF_EVENTS = {
    "late": _ATTACH,
    "attach": _ATTACH,
    "detach": ((RULES, ("lost at detach", "longest gap")), ("without warning", CYCLE_COLUMNS[3:])),
    "drain": ((DRAINED, ("lost at drain",)),),
    "announced": ((DRAINED, ("lost at drain",)),),
}
_WHILE_DRAINED = {"detach": ((DRAINED, ("lost at detach", "longest gap", *CYCLE_COLUMNS[3:])),)}


def of_event(event: str, target: str, *, is_drained: bool) -> tuple[Measured, ...]:
    """What was measured of an event on machines of that target (as people call its files).

    Nothing where the target was never measured.  Those of docs/trust.md are of whole cycles.
    """
    ways = (_WHILE_DRAINED if is_drained else _OF_EVENTS).get(event, ())
    found = (
        one._replace(
            figures=tuple((name, text) for name, text in one.figures if name in columns and text)
        )
        for way, columns in ways
        for one in MEASURED
        if one.way == way and one.target == target
    )
    return tuple(one for one in found if one.figures)
