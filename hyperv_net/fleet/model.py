"""What a fleet's review is made of: a record goes in for each machine, and a row comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: A machine's document has at most so many bytes; the largest root's files fit.
LONGEST_RECORD = 8 * 1024 * 1024
LONGEST_ID = 200


@dataclass(frozen=True)
class Record:
    """What is known of one machine.

    `inventory` is what `inventory --format json` prints, as text.  `network_config` is the text
    of cloud-init's, None where the machine has none and what `existing` says is adopted.
    `existing` maps paths below the root to the texts of the files that are there.  `settings`
    are hyperv-net's, as plain values by name.  `target` may be None where the system has one.
    """

    id: str
    inventory: str
    network_config: str | None
    target: str | None
    settings: Mapping[str, Any]
    existing: Mapping[str, str]


@dataclass(frozen=True, order=True)
class Found:
    """Findings of one rule at one place; in `where` names and addresses are ordinals."""

    rule: str
    severity: str
    where: str
    count: int


@dataclass(frozen=True)
class Row:
    """What a machine's plan comes to, in little: a line of machines.jsonl.

    `modes` counts its pairs by mode, `settings` by action, `files` create, change and same,
    `severities` findings.  `found` has the most severe findings, and `further` says how many
    others there are.  Plans with one `shape` differ in names, MAC addresses and addresses
    alone, so that all counts of their rows are the same; those with one `exact` in nothing.
    `errors` says why nothing could be planned, each in one line, and is empty where it could.
    """

    id: str
    system: str | None
    target: str | None
    level: str
    modes: Mapping[str, int]
    aggregates: tuple[str, ...]
    settings: Mapping[str, int]
    files: Mapping[str, int]
    severities: Mapping[str, int]
    found: tuple[Found, ...]
    further: int
    shape: str
    exact: str
    errors: tuple[str, ...]

    @property
    def error(self) -> str:
        """All errors in one line."""
        return "; ".join(self.errors)

    @property
    def pairs(self) -> int:
        """How many pairs the machine has."""
        return sum(self.modes.values())

    def of_another(self, machine: str, exact: str) -> Row:
        """The row of a machine whose plan differs from this one in names and addresses alone."""
        return Row(
            machine,
            *(self.system, self.target, self.level, self.modes, self.aggregates, self.settings),
            *(self.files, self.severities, self.found, self.further, self.shape),
            exact,
            self.errors,
        )

    def document(self) -> dict[str, Any]:
        """The row as plain JSON values, the same for the same row."""
        return {
            "id": self.id,
            "system": self.system,
            "target": self.target,
            "level": self.level,
            "modes": dict(self.modes),
            "aggregates": list(self.aggregates),
            "settings": dict(self.settings),
            "files": dict(self.files),
            "severities": dict(self.severities),
            "found": [[one.rule, one.severity, one.where, one.count] for one in self.found],
            "further": self.further,
            "shape": self.shape,
            "exact": self.exact,
            "errors": list(self.errors),
        }
