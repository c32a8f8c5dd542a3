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
        "66 (82)",
        "79 (92) ms",
        "0",
        "0.25 (0.32) s",
        "0.08 (0.14) s",
    ),
    _row(
        "trixie, netplan",
        "drained first",
        "0",
        "0",
        "10 (11) ms",
        "0",
        "0.24 (0.36) s",
        "0.13 (0.17) s",
    ),
    _row(
        "trixie, netplan",
        "networkd alone",
        "",
        "77 (78)",
        "80 (82) ms",
        "0",
        "0.46 (0.67) s",
        "0.06 (0.07) s",
    ),
    _row(
        "bookworm, ifupdown",
        "with the rules",
        "",
        "73 (84)",
        "80 (91) ms",
        "0",
        "0.29 s",
        "0.07 (0.12) s",
    ),
    _row(
        "bookworm, ifupdown",
        "drained first",
        "0",
        "0",
        "9 (12) ms",
        "0",
        "0.32 (0.41) s",
        "0.13 (0.17) s",
    ),
    _row("bookworm, ifupdown", "bond alone", "", "74", "82 ms", "0", "never", ""),
    _row(
        "bookworm, netplan",
        "with the rules",
        "",
        "68 (82)",
        "74 (87) ms",
        "0",
        "0.33 (0.35) s",
        "0.10 (0.14) s",
    ),
    _row(
        "bookworm, netplan",
        "drained first",
        "0",
        "0",
        "10 (15) ms",
        "0",
        "0.27 (0.29) s",
        "0.09 (0.10) s",
    ),
    _row(
        "bookworm, netplan",
        "networkd alone",
        "",
        "83 (84)",
        "89 (93) ms",
        "1 (5)",
        "0.52 (0.67) s",
        "0.05 s",
    ),
    _row(
        "trixie, NetworkManager",
        "with the rules",
        "",
        "81 (88)",
        "88 (92) ms",
        "0",
        "0.43 (0.44) s",
        "0.20 (0.26) s",
    ),
    _cycles("without warning", "173", "399,148", "9,821", "64 (143)", "0.07 (0.44) s"),
    _cycles("back under another name", "173", "389,917", "11,047", "70 (235)", "0.08 (0.48) s"),
    _cycles("drained first", "87", "334,218", "286", "2 (47)", "0.01 (0.27) s"),
    _cycles("gone again while it joins", "87", "253,821", "5,592", "71 (251)", "0.08 (0.38) s"),
    _cycles(
        "back under another name and driver", "87", "183,204", "5,366", "70 (192)", "0.08 (0.29) s"
    ),
    _cycles(
        "its link flaps, and it goes while that is down",
        "86",
        "187,196",
        "5,226",
        "61 (128)",
        "0.06 (0.20) s",
    ),
    _cycles("drained, and taken back", "86", "523,833", "4,641", "56 (153)", "0.07 (0.19) s"),
    _cycles("gone again at once", "86", "230,633", "5,033", "64 (108)", "0.07 (0.16) s"),
    _cycles("all", "865", "2,501,970", "47,012", "52 (251)", "0.06 (0.48) s"),
)

_ATTACH = ((RULES, ("lost at attach", "joined after", "carrying after its link")),)

#: Event → the ways that it was measured in, each with the columns that are about it.
_OF_EVENTS = {
    "late": _ATTACH,
    "attach": _ATTACH,
    "detach": ((RULES, ("lost at detach", "longest gap")), ("without warning", CYCLE_COLUMNS[3:])),
    "drain": ((DRAINED, ("lost at drain",)),),
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
