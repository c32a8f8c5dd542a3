"""The types of a fleet's documents: of a record, which `fleet.reading` reads, of a row, which
`fleet.model` makes, and of hyperv-net/fleet/1, which `fleet.summary` makes and `fleet.merging`
reads.  Tests compare them.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Optional, Union

from hyperv_net.review.documents.inventory import InventoryDocument


@dataclass(frozen=True)
class RecordOfFleet:
    """What is known of one machine: a line of what `review --fleet` takes."""

    id: Annotated[str, "at most 200 printable characters"]
    inventory: Annotated[
        Union[InventoryDocument, str], "what `inventory --format json` prints, or its text"
    ]
    network_config: Annotated[
        Optional[str], "the text of cloud-init's; without it what `existing` says is adopted"
    ] = None
    target: Annotated[Optional[str], "as for `--target`"] = None
    settings: Annotated[Optional[dict[str, Any]], "hyperv-net's, by name"] = None
    existing: Annotated[
        Optional[dict[str, str]], "texts of files that are there, by their paths below the root"
    ] = None


@dataclass(frozen=True)
class RowOfFleet:
    """What a machine's plan comes to, in little: a line of machines.jsonl."""

    id: str
    system: Optional[str]
    target: Optional[str]
    level: Annotated[str, "of the verdict: fine, look, settings or network"]
    modes: Annotated[dict[str, int], "pairs by mode"]
    aggregates: tuple[str, ...]
    settings: Annotated[dict[str, int], "by action"]
    files: Annotated[dict[str, int], "create, change, same"]
    severities: Annotated[dict[str, int], "findings by severity"]
    found: Annotated[
        tuple[tuple[Union[str, int], ...], ...],
        "the most severe findings: rule, severity, place and number of each",
    ]
    further: Annotated[int, "how many findings more there are"]
    shape: Annotated[str, "the same where plans differ in names and addresses alone"]
    exact: Annotated[str, "the same where plans differ in nothing"]
    errors: Annotated[tuple[str, ...], "why nothing could be planned, each; empty where it could"]


@dataclass(frozen=True)
class GroupOfFleet:
    """The machines whose plans have one shape."""

    machines: int
    example: Annotated[RowOfFleet, "the one with the smallest id"]


@dataclass(frozen=True)
class RuleOfFleet:
    """How many machines have findings of a rule, and how many those are."""

    rule: str
    severity: str
    machines: int
    findings: int


@dataclass(frozen=True)
class FleetDocument:
    """What the plans of many machines come to; the same however they were split."""

    schema: str
    machines: int
    errors: Annotated[int, "machines for which nothing could be planned"]
    changing: Annotated[int, "machines in which files are to change"]
    pairs: int
    aggregates: int
    levels: Annotated[dict[str, int], "machines by verdict"]
    modes: dict[str, int]
    targets: Annotated[dict[str, int], "machines by target"]
    settings: dict[str, int]
    files: dict[str, int]
    severities: dict[str, int]
    in_further_groups: Annotated[int, "machines in groups that there was no room for"]
    groups: Annotated[tuple[GroupOfFleet, ...], "the smallest first"]
    rules: tuple[RuleOfFleet, ...]
