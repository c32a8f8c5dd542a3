"""From a review to a row."""

from __future__ import annotations

import re
from collections import Counter

from hyperv_net.fleet.model import LONGEST_ID, Found, Row
from hyperv_net.fleet.shapes import shaped
from hyperv_net.model import Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.assembling import CANNOT_PLAN
from hyperv_net.review.verdict import NETWORK
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hyperv_net.errors import HypervNetError
    from hyperv_net.fleet.shapes import Shaped
    from hyperv_net.places import Where
    from hyperv_net.review.model import Review

#: So many findings, and so many errors, stand in a row, which has to stay small.
MOST_FOUND = 20
#: The line and the column in `FILE:LINE: KEY`, by which one fault is not another.
_LINE = re.compile(r"(?::[0-9]+){1,2}:(?= )|: line [0-9]+:(?= )")
#: The id in a path of a configuration: `ethernets.eth0.dhcp4`, `network.vlans['eth0.4'].id`.
_ID = re.compile(
    r"(?:^|\.)(?:ethernets|bonds|bridges|vlans|vrfs|tunnels|dummy-devices|virtual-ethernets|wifis"
    r"|modems|nm-devices)(?:\.([^.\[]+)|\['([^']+)'\])"
)


def row_of(machine: str, review: Review, below: str = "") -> tuple[Row, Shaped]:
    """The row of a review, and what its digests are of.

    `below` is the folder that the machine's files are in; places are told without it.
    """
    lines = [_line(one) for one in (*_of_machine(review), *_of_findings(review, below))]
    whole = shaped("\n".join(lines), _names(review))
    found = _found(whole.text.split("\n")[len(lines) - len(review.findings) :])
    row = Row(
        id=machine[:LONGEST_ID],
        system=review.system,
        target=review.target,
        level=review.verdict.level,
        modes=dict(sorted(Counter(one.mode for one in review.pairs).items())),
        aggregates=tuple(one.aggregate for one in review.pairs if one.aggregate),
        settings=review.counts.settings,
        files=review.counts.files,
        severities=review.counts.findings,
        found=found[:MOST_FOUND],
        further=len(found[MOST_FOUND:]),
        shape=whole.shape,
        exact=whole.exact,
        errors=(),
    )
    return row, whole


def row_of_error(
    machine: str, error: HypervNetError, hide: Callable[[str], str] = str, below: str = ""
) -> Row:
    """The row of a machine for which nothing could be planned: why, with all that is wrong.

    `hide` gives a text without what is secret.
    """
    errors = (error, *error.others)
    said = [_line(_without(one.told(hide), below)) for one in errors]
    told = [(CANNOT_PLAN, Severity.ERROR, one.where) for one in errors]
    told += [(one.rule, one.severity, one.where) for one in error.findings]
    places = [
        _line(f"{rule} {severity.value} {_without(_place(where), below)}")
        for rule, severity, where in told
    ]
    texts = (_LINE.sub(":", one) for one in said)
    whole = shaped("\n".join(("error", *texts, *places)), ())
    found = _found(whole.text.split("\n")[-len(places) :])
    return Row(
        id=machine[:LONGEST_ID],
        system=None,
        target=None,
        level=NETWORK,
        modes={},
        aggregates=(),
        settings={},
        files={},
        severities={one.value: [each for _, each, _ in told].count(one) for one in Severity},
        found=found[:MOST_FOUND],
        further=len(found[MOST_FOUND:]),
        shape=whole.shape,
        exact=whole.exact,
        errors=tuple(said[:MOST_FOUND]),
    )


def _of_machine(review: Review) -> Iterator[str]:
    """What the plan does, a line each, without texts of files: those have lines of others."""
    drivers = {one.name: one.driver for one in review.nics}
    yield f"{review.system} {review.target} {review.verdict.level}"
    for pair in review.pairs:
        cards = (f"{one}={drivers.get(one)}" for one in (pair.synthetic, pair.vf) if one)
        yield f"pair {pair.mac} {pair.mode} {pair.aggregate} {' '.join(cards)}"
    for device in review.after:
        lowers = " ".join(f"{one.name}:{one.role}" for one in device.lowers)
        yield f"device {device.name} {device.kind} {device.is_there} on {lowers}"
    for one in review.ledger:
        results = " ".join(map(_written, one.results or (one.result,)))
        became = f"{one.action} {' '.join(one.to)} {results}"
        yield f"setting {one.source} {_written(one.value)} {became} {one.reason}"
    for file in review.files:
        state = "same" if not file.differs else "change" if file.exists else "create"
        yield f"file {file.path} {file.mode} {state}"


def _of_findings(review: Review, below: str) -> Iterator[str]:
    """A line each; where they stand comes last, since nothing is known of it."""
    for one in review.findings:
        allowed = "allowed" if one.allowed else one.severity
        # Without the line, which a comment would move.
        where = f"{one.file}: {one.key_path}" if one.file and one.key else one.where
        yield f"{one.rule} {allowed} {_without(where, below)}"


def _found(lines: list[str]) -> tuple[Found, ...]:
    """The findings of these lines, the most severe first."""
    counts = Counter(tuple(line.split(" ", 2)) for line in lines)
    found = [
        Found(rule, severity, where, count) for (rule, severity, where), count in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: (Severity.rank_of(one.severity), one)))


def _place(where: Where) -> str:
    """Where an error is, without the line, which a comment would move."""
    if isinstance(where, str):
        return _LINE.sub(":", f"{where}: ").rstrip(": ")
    return str(Place(where.file, where.key))


def _names(review: Review) -> Iterator[str]:
    for nic in review.nics:
        yield nic.name
    for device in (*review.before, *review.after):
        yield device.name
    for setting in review.ledger:
        for path in (setting.source, *setting.to):
            found = _ID.search(path)
            if found:
                yield found[1] or found[2]


def _written(value: object) -> str:
    return as_written(value) if isinstance(value, (str, int, float, bool)) else str(value)


def _without(text: str, below: str) -> str:
    return text.replace(below, "") if below else text


def _line(text: str) -> str:
    """One line, whatever ends one for str.splitlines()."""
    return " ".join(text.splitlines())
