"""Many rows in little: a summary of fixed size, whose merge knows no order.

`merge` is associative and commutative and EMPTY is its identity, so that any engine may split
the machines as it likes: the same machines give the same bytes.  What is kept of groups must
not depend on the order either, so that it cannot be the largest or the first: kept are the
groups that come first by verdict, the worst ones, and then by digest.  Of such a group no
machine was ever left out by a part, since whatever pushed it out there would push it out of the
whole.  The machines of all others are counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hyperv_net.review.verdict import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hyperv_net.fleet.model import Row

SCHEMA = "hyperv-net/fleet/1"
#: So many groups are kept, and so many rules, which an inventory may make up.
MOST_GROUPS = 256
MOST_RULES = 256
#: Fields that are numbers, and those that count by word.
NUMBERS = ("machines", "errors", "changing", "pairs", "aggregates")
COUNTS = ("levels", "modes", "targets", "settings", "files", "severities")

Counts = dict[str, int]


@dataclass(frozen=True)
class Group:
    """The machines whose plans have one shape; `example` is that with the smallest id."""

    machines: int
    example: Row

    @property
    def order(self) -> tuple[int, str]:
        """What decides whether the group is kept: the verdict and the digest."""
        return -LEVELS.index(self.example.level), self.example.shape


@dataclass(frozen=True)
class Rule:
    """How many machines have findings of a rule and a severity, and how many those are."""

    machines: int
    findings: int


@dataclass(frozen=True)
class Summary:
    """The rows of some machines; `groups` by shape, `rules` by rule and severity.

    `errors` counts the machines for which nothing could be planned, and `files` those in which
    files are to change.  What `groups` and `rules` have no room for is only counted here.
    """

    machines: int = 0
    errors: int = 0
    changing: int = 0
    pairs: int = 0
    aggregates: int = 0
    levels: Counts = field(default_factory=dict)
    modes: Counts = field(default_factory=dict)
    targets: Counts = field(default_factory=dict)
    settings: Counts = field(default_factory=dict)
    files: Counts = field(default_factory=dict)
    severities: Counts = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    rules: Mapping[tuple[str, str], Rule] = field(default_factory=dict)

    @property
    def in_further_groups(self) -> int:
        """How many machines are in groups that there was no room for."""
        return self.machines - sum(one.machines for one in self.groups.values())

    @property
    def smallest_first(self) -> list[Group]:
        """The groups, outliers first."""
        return sorted(self.groups.values(), key=lambda one: (one.machines, one.order))


EMPTY = Summary()


def of(row: Row) -> Summary:
    """The summary of one machine."""
    return _of(row, 1)


def _of(row: Row, times: int) -> Summary:
    """The summary of so many machines of one shape, which have the same counts in their rows."""
    rules: dict[tuple[str, str], Rule] = {}
    for one in row.found:
        before = rules.get((one.rule, one.severity), Rule(times, 0))
        rules[one.rule, one.severity] = Rule(times, before.findings + times * one.count)
    changes = any(number for word, number in row.files.items() if word != "same")
    return Summary(
        machines=times,
        errors=times * bool(row.errors),
        changing=times * changes,
        pairs=times * row.pairs,
        aggregates=times * len(row.aggregates),
        levels={row.level: times},
        modes=_times(row.modes, times),
        targets={row.target or "none": times},
        settings=_times(row.settings, times),
        files=_times(row.files, times),
        severities=_times(row.severities, times),
        groups={row.shape: Group(times, row)},
        rules=rules,
    )


def merge(one: Summary, other: Summary) -> Summary:
    """The summary of the machines of both."""
    groups = dict(one.groups)
    for shape, group in other.groups.items():
        before = groups.get(shape)
        groups[shape] = group if before is None else _both(before, group)
    rules = dict(one.rules)
    for key, rule in other.rules.items():
        had = rules.get(key, Rule(0, 0))
        rules[key] = Rule(had.machines + rule.machines, had.findings + rule.findings)
    return Summary(
        machines=one.machines + other.machines,
        errors=one.errors + other.errors,
        changing=one.changing + other.changing,
        pairs=one.pairs + other.pairs,
        aggregates=one.aggregates + other.aggregates,
        levels=_added(one.levels, other.levels),
        modes=_added(one.modes, other.modes),
        targets=_added(one.targets, other.targets),
        settings=_added(one.settings, other.settings),
        files=_added(one.files, other.files),
        severities=_added(one.severities, other.severities),
        groups=_first(groups, lambda shape: groups[shape].order, MOST_GROUPS),
        rules=_first(rules, lambda key: key, MOST_RULES),
    )


def summary_of(rows: Iterable[Row]) -> Summary:
    """The summary of many machines; the same as of each, merged."""
    whole = EMPTY
    examples: dict[str, Row] = {}
    numbers: Counter[str] = Counter()
    for row in rows:
        numbers[row.shape] += 1
        before = examples.get(row.shape)
        if before is None or _smaller(row) < _smaller(before):
            examples[row.shape] = row
        if len(examples) > MOST_GROUPS:
            whole = _with(whole, examples, numbers)
            examples.clear()
            numbers.clear()
    return _with(whole, examples, numbers)


def _with(whole: Summary, examples: Mapping[str, Row], numbers: Mapping[str, int]) -> Summary:
    for shape, row in examples.items():
        whole = merge(whole, _of(row, numbers[shape]))
    return whole


def document(summary: Summary) -> dict[str, Any]:
    """The summary as plain JSON values: the same for the same machines, however split."""
    return {
        "schema": SCHEMA,
        **{name: getattr(summary, name) for name in NUMBERS},
        **{name: dict(sorted(getattr(summary, name).items())) for name in COUNTS},
        "in_further_groups": summary.in_further_groups,
        "groups": [
            {"machines": one.machines, "example": one.example.document()}
            for one in summary.smallest_first
        ],
        "rules": [
            {"rule": rule, "severity": severity, "machines": one.machines, "findings": one.findings}
            for (rule, severity), one in sorted(summary.rules.items())
        ],
    }


def _both(one: Group, other: Group) -> Group:
    """One group; of machines with the same id the smaller digest stands for it."""
    example = min(one.example, other.example, key=_smaller)
    return Group(one.machines + other.machines, example)


def _smaller(row: Row) -> tuple[str, str, tuple[str, ...]]:
    """What decides which of a group's machines stands for it."""
    return row.id, row.exact, row.errors


def _times(counts: Mapping[str, int], times: int) -> Counts:
    return {key: times * number for key, number in counts.items() if number}


def _first(kept: Any, order: Any, most: int) -> Any:
    if len(kept) <= most:
        return kept
    return {key: kept[key] for key in sorted(kept, key=order)[:most]}


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> Counts:
    """The sums; what is zero is left out, so that it is the same as what was never counted."""
    sums = Counter(one)
    sums.update(other)
    return {key: number for key, number in sums.items() if number}
