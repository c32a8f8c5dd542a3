"""A machine's status as metrics: the status and what it was judged to be in, samples out."""

from __future__ import annotations

from collections import Counter

from hyperv_net import __version__
from hyperv_net.announcements.course import Standing
from hyperv_net.journal.times import seconds_of
from hyperv_net.model import Severity
from hyperv_net.owners import source_and_event
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.status import catalogue as told
from hyperv_net.status.exposition import Sample
from hyperv_net.status.model import SYNTHETIC, VF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.hotplug.kept.last import Last
    from hyperv_net.status.exposition import Metric
    from hyperv_net.status.model import MachineStatus, Member, PairStatus, Verdict, Watching

#: The paths of a pair, by the role of the NIC that carries its traffic.
_PATHS = {SYNTHETIC: "synthetic", VF: "vf", "": "none"}


class Moves(NamedTuple):
    """How often the traffic of each pair has moved, by MAC, and since when that is counted.

    `by_drains` are the moves of drains and of their ends, which `of_pairs` has not.
    """

    since: str
    of_pairs: Mapping[str, int]
    by_drains: Mapping[str, int]


def samples(status: MachineStatus, verdict: Verdict, moves: Moves | None) -> Iterator[Sample]:
    """All that is told of a machine; what was not seen is left out."""
    yield _one(told.BUILD, __version__)
    yield _one(told.MACHINE, status.system.value, status.kernel, status.target or "")
    yield _one(told.HEALTHY, value=verdict.is_healthy)
    found = Counter((one.rule, one.severity.value) for one in verdict.findings)
    for (rule, severity), count in sorted(found.items()):
        yield _one(told.FINDINGS, rule, severity, value=count)
    if status.addresses is not None:
        yield _one(
            told.DUPLICATES, value=sum(one.rule == "duplicate-address" for one in verdict.findings)
        )
    yield from _routes(status)
    for pair in status.pairs:
        yield from _of_pair(pair, verdict)
    if moves is not None:
        yield from _moved(status.pairs, moves)
    if status.last is not None:
        yield from _reconciled(status.last)
    yield from _watched(status.watching)


def _one(metric: Metric, *labels: str, value: float = 1) -> Sample:
    """One sample; true is 1 and false 0."""
    return Sample(metric, labels, int(value) if isinstance(value, bool) else value)


def _at(metric: Metric, *labels: str, time: str) -> Iterator[Sample]:
    """A time of RFC 3339 in UTC; nothing for what is none."""
    seconds = seconds_of(time)
    if seconds is not None:
        yield _one(metric, *labels, value=seconds)


def _routes(status: MachineStatus) -> Iterator[Sample]:
    for family in (4, 6):
        if status.default_routes is not None:
            yield _one(told.ROUTE, f"ipv{family}", value=family in status.default_routes)
        if status.asking is not None and status.pairs:
            wanted = any(one.family == family for one in status.asking.default_routes)
            yield _one(told.ROUTE_WANTED, f"ipv{family}", value=wanted)


def _of_pair(pair: PairStatus, verdict: Verdict) -> Iterator[Sample]:
    own = (pair.mac, pair.label)
    aggregate = pair.aggregate.name if pair.aggregate is not None else ""
    synthetic = pair.synthetic.name if pair.synthetic is not None else ""
    configured = "true" if pair.is_configured else "false"
    yield _one(told.PAIR, *own, pair.mode.value, configured, synthetic, aggregate)
    names = {pair.mac, pair.label, aggregate, *(one.name for one in pair.members)}
    found = Counter(one.severity for one in verdict.findings if str(one.where) in names)
    for severity in Severity:
        yield _one(told.PAIR_FINDINGS, *own, severity.value, value=found[severity])
    role = next((one.role for one in pair.members if one.name == pair.active), "")
    for path, word in _PATHS.items():
        yield _one(told.PATH, *own, word, value=role == path)
    yield _one(told.VFS, *own, value=len(pair.vfs))
    yield _one(told.MEMBERS, *own, value=sum(one.is_joined for one in pair.members))
    yield from _drained(pair, own)
    for path, counted in (
        ("synthetic", pair.paths and pair.paths.synthetic),
        ("vf", pair.paths and pair.paths.vf),
    ):
        if counted:
            yield _one(told.PACKETS, *own, path, "received", value=counted.received)
            yield _one(told.PACKETS, *own, path, "sent", value=counted.sent)
            if counted.bytes is not None:
                yield _one(told.BYTES, *own, path, "received", value=counted.bytes.received)
                yield _one(told.BYTES, *own, path, "sent", value=counted.bytes.sent)
    for member in pair.members:
        yield from _of_member(member, own, pair.active)


def _drained(pair: PairStatus, own: tuple[str, str]) -> Iterator[Sample]:
    yield _one(told.DRAINED, *own, value=pair.drain is not None)
    if pair.drain is None:
        return
    yield from _at(told.DRAINED_SINCE, *own, time=pair.drain.since)
    # An event's id is for the journal: with each a series would begin that never goes on.
    owners = Counter(source_and_event(one)[0] for one in pair.drain.owners)
    for source, count in sorted(owners.items()):
        yield _one(told.OWNERS, *own, source, value=count)


def _of_member(member: Member, pair: tuple[str, str], active: str | None) -> Iterator[Sample]:
    own = (*pair, member.name, _PATHS[member.role])
    yield _one(told.UP, *own, value=member.is_up)
    if member.link in ("up", "down"):
        yield _one(told.LINK, *own, value=member.link == "up")
    yield _one(told.JOINED, *own, value=member.is_joined)
    yield _one(told.ACTIVE, *own, value=member.name == active)


def _moved(pairs: Iterable[PairStatus], moves: Moves) -> Iterator[Sample]:
    for pair in pairs:
        if pair.mac in moves.of_pairs:
            own = (pair.mac, pair.label)
            yield _one(told.FAILOVERS, *own, value=moves.of_pairs[pair.mac])
            yield _one(told.DRAIN_MOVES, *own, value=moves.by_drains[pair.mac])
    yield from _at(told.FAILOVERS_SINCE, time=moves.since)


def _reconciled(last: Last) -> Iterator[Sample]:
    run = last.run
    yield from _at(told.RECONCILED, time=run.time)
    yield _one(told.SUCCESS, value=run.settled and not run.failures)
    yield _one(told.STEPS, value=len(run.steps))
    yield _one(told.FAILURES, value=len(run.failures))
    yield _one(told.OBSTACLES, value=len(run.obstacles))
    if last.change is not None:
        yield from _at(told.CHANGED, time=last.change.time)


def _watched(watching: Watching) -> Iterator[Sample]:
    """What a service knew that watches no more may be over since, and nobody would know."""
    if not watching.sources or watching.is_running is None:
        return
    yield _one(told.WATCHING, value=watching.is_running)
    if not watching.is_running:
        return
    going_on = [one for one in watching.courses if one.standing is not Standing.OVER]
    for source in watching.sources:
        own = [one for one in going_on if one.announcement.source == source]
        yield _one(told.ANSWERS, source, value=source not in watching.silent)
        counts = Counter(one.standing for one in own)
        for standing in Standing:
            if standing is not Standing.OVER:
                yield _one(told.ANNOUNCEMENTS, source, standing.value, value=counts[standing])
        times = [one.announcement.not_before for one in own]
        known = [one for one in times if one is not None]
        if known:
            yield _one(told.NOT_BEFORE, source, value=min(known))
