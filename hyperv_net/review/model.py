"""A review: all that is told of a plan, in the form that every format is drawn from.

Plain frozen dataclasses of texts and numbers, with secrets hidden already.  The JSON document
is their fields and its schema their types (`document.as_plain`, `document.schema_of`), so that
neither can say what the other does not.  What a field means stands beside its type.
Annotations are read at run time here, on Python 3.9 too.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Optional, Union

from hyperv_net.journal.document import StoryOfHistory
from hyperv_net.review.document import LEFT_OUT, LeftOut
from hyperv_net.review.documents.findings import PlainFinding
from hyperv_net.simulation.document import SimulationDocument
from hyperv_net.tree import format_path

SCHEMA = "hyperv-net/plan/2"
OF_SEVERAL = "hyperv-net/reviews/1"

Value = Union[str, int, float, bool, None, list[Any], dict[str, Any]]


def value_of(value: object) -> Value:
    """A leaf's value; an empty container is a leaf too."""
    if isinstance(value, (tuple, list)):
        return []
    if isinstance(value, dict):
        return {}
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


@dataclass(frozen=True)
class Span:
    """A range of a text; lines and columns are counted from 1, and the end is behind the last."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Nic:
    """A NIC of the machine."""

    name: str
    kind: Annotated[str, "ethernet, bond, lagg, … as in the inventory"]
    role: Annotated[str, "synthetic or vf of a pair, else empty"]
    driver: Optional[str]
    bus: Optional[str]
    mac: Optional[str]
    state: str
    mtu: Optional[int]
    master: Optional[str]


@dataclass(frozen=True)
class Pair:
    """Two NICs that are one card, and what is done about them."""

    mac: str
    synthetic: Annotated[Optional[str], "name of the synthetic NIC; null while only a VF is there"]
    vf: Annotated[Optional[str], "name of the VF; null while it is away"]
    mode: Annotated[str, "aggregate, transparent, vf-only or synthetic-only"]
    aggregate: Optional[str]
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Lower:
    """What a device stands on."""

    name: str
    role: Annotated[str, "primary, backup or member in an aggregate, port in a bridge, else parent"]


@dataclass(frozen=True)
class Device:
    """A device of the network, with the settings that it bears."""

    name: str
    kind: Annotated[str, "synthetic, vf, nic, bond, lagg, vlan, bridge, vrf, tunnel, …"]
    is_there: Annotated[bool, "false for a VF that is away"]
    lowers: tuple[Lower, ...]
    settings: Annotated[tuple[str, ...], "in short: 'dhcp4', '10.0.0.4/24', 'mtu 9000'"]


@dataclass(frozen=True)
class Place:
    """Where a rendered file has a setting."""

    text: Annotated[str, "as a person reads it: the file, and the key in it"]
    file: Annotated[Optional[str], "the file's path below the root, where it is one of `files`"]
    line: Annotated[Optional[int], "the line in that file's text, where it is known"]
    value: Annotated[Value, "what of the setting stands there, as in its `result`"] = None


@dataclass(frozen=True)
class Setting:
    """One leaf of the input, and where it went."""

    source: Annotated[str, "its path in the input"]
    value: Value
    action: Annotated[str, "kept, moved, rewritten or dropped"]
    to: Annotated[tuple[str, ...], "its paths in the rewritten configuration"]
    result: Value
    places: Annotated[tuple[str, ...], "where the rendered text has it"]
    reason: Annotated[str, "why it was dropped, or a part of it; else empty"]
    masked: Annotated[bool, "whether it is a secret, which is hidden"]
    file: Annotated[Optional[str], "the input that it stands in, where it is one of `inputs`"]
    span: Annotated[Optional[Span], "where in that input"]
    lines: Annotated[tuple[Place, ...], "`places`, with files and lines"]
    results: Annotated[
        Union[tuple[Value, ...], LeftOut], "the values at each of `to`, where they differ"
    ] = LEFT_OUT


@dataclass(frozen=True)
class Finding(PlainFinding):
    """Something a person should know; where it stands is there as far as it is known."""

    allowed: Annotated[bool, "whether --allow names it, so that it fails nothing"] = False

    @property
    def span(self) -> Optional[Span]:
        """Where in its file it is, with the lines and columns all known; else None."""
        numbers = (self.line, self.column, self.end_line, self.end_column)
        known = [one for one in numbers if not isinstance(one, LeftOut)]
        return Span(*known) if len(known) == len(numbers) else None

    @property
    def key_path(self) -> str:
        """Its key as a text; empty where it has none."""
        return format_path(self.key) if self.key else ""


@dataclass(frozen=True)
class Input:
    """A text that the plan was made from, with its secrets hidden."""

    name: str
    text: str


@dataclass(frozen=True)
class File:
    """A rendered file."""

    path: Annotated[str, "below the root"]
    mode: Annotated[str, "octal; 0600 where it holds a secret"]
    purpose: Annotated[str, "configuration, or machine: for the running machine, without settings"]
    exists: bool
    differs: bool
    masked: Annotated[bool, "whether something in `text` or `diff` is hidden"]
    text: str
    diff: Annotated[str, "unified; empty where nothing changes"]


@dataclass(frozen=True)
class Counts:
    """How many of each."""

    settings: Annotated[dict[str, int], "by action"]
    findings: Annotated[dict[str, int], "by severity, without those that are allowed"]
    files: Annotated[dict[str, int], "create, change, same"]


@dataclass(frozen=True)
class Verdict:
    """What it comes to."""

    level: Annotated[str, "fine, look, settings (some will be lost) or network (it will be lost)"]
    sentence: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ChangedSetting:
    """A setting of the machine that is another in the base."""

    key: Annotated[str, "its path in the rewritten configuration"]
    before: Annotated[Value, "null where the base has none"]
    after: Annotated[Value, "null where it is gone"]


@dataclass(frozen=True)
class ChangedFile:
    """A file of the machine that is another than with the base."""

    path: Annotated[str, "below the root"]
    change: Annotated[str, "create, change or delete"]
    purpose: Annotated[
        str,
        "configuration, machine (as of a rendered file), or cloud-init: what its own renderer is "
        "given, and writes the files of the network from",
    ]
    masked: Annotated[bool, "whether something in `diff` is hidden"]
    diff: Annotated[str, "unified, from the base's text to this one"]


@dataclass(frozen=True)
class Comparison:
    """What changes on the machine between a base and this configuration."""

    base: str
    verdict: Annotated[Verdict, "of the base"]
    settings: tuple[ChangedSetting, ...]
    pairs: Annotated[tuple[str, ...], "sentences about pairs whose mode or aggregate is another"]
    files: tuple[ChangedFile, ...]
    new_findings: tuple[Finding, ...]
    gone_findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Located:
    """A file that is there, or was named as the network config or the inventory."""

    name: Annotated[str, "as the rest of the document has it"]
    path: Annotated[str, "from the top of its checkout, or from here, with links resolved"]


@dataclass(frozen=True)
class Review:
    """One machine's plan as it is reviewed: the document hyperv-net/plan/2."""

    schema: str
    version: Annotated[str, "of the program"]
    system: Optional[str]
    kernel: Optional[str]
    target: Annotated[Optional[str], "null where nothing could be planned"]
    network_config: str
    differs: bool
    secrets: Annotated[str, "hidden, or shown with --show-secrets"]
    verdict: Verdict
    counts: Counts
    nics: tuple[Nic, ...]
    pairs: tuple[Pair, ...]
    before: Annotated[tuple[Device, ...], "the devices of the network config, as it is"]
    after: Annotated[tuple[Device, ...], "the devices as they are rendered"]
    ledger: tuple[Setting, ...]
    findings: tuple[Finding, ...]
    inputs: tuple[Input, ...]
    files: tuple[File, ...]
    reproduce: Annotated[str, "a command line that makes this again"]
    against: Optional[Comparison]
    basis: Annotated[Optional[dict[str, Any]], "what 'apply --plan' compares"]
    inventory: Annotated[Optional[str], "the file that told the NICs; null for the machine"] = None
    root: Annotated[Optional[str], "what stood for /; null where nothing did"] = None
    timeline: Annotated[
        Optional[SimulationDocument], "what happens when the VF comes and goes; null from `plan`"
    ] = None
    located: Annotated[tuple[Located, ...], "where the inputs are; empty from `plan`"] = ()
    fail_on: Annotated[str, "a finding as severe fails the review: error, warning or note"] = (
        "error"
    )
    report: Annotated[str, "--name: what tells its report from others of one change"] = ""
    history: Annotated[
        Union[tuple[StoryOfHistory, ...], LeftOut], "what really happened, with --history"
    ] = LEFT_OUT


@dataclass(frozen=True)
class Reviews:
    """The reviews of several machines in one report: the document hyperv-net/reviews/1."""

    schema: str
    reviews: tuple[Review, ...]
