"""A machine's status as versioned JSON (docs/status.md)."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.documents.findings import plain_findings
from hyperv_net.status import document
from hyperv_net.status.text import percent

if TYPE_CHECKING:
    from hyperv_net.hotplug.kept.last import Run
    from hyperv_net.hotplug.look.counters import Counters, Share
    from hyperv_net.hotplug.look.state import Drain
    from hyperv_net.status.model import (
        AggregateStatus,
        MachineStatus,
        Member,
        PairStatus,
        Verdict,
    )


def status_document(status: MachineStatus, verdict: Verdict) -> document.StatusDocument:
    """The status; keys are only ever added within a schema version."""
    return document.StatusDocument(
        schema=document.SCHEMA,
        healthy=verdict.is_healthy,
        system=status.system,
        kernel=status.kernel,
        target=status.target,
        guarded=status.is_guarded,
        default_routes=_families(status.default_routes),
        pairs=tuple(map(_pair, status.pairs)),
        last_reconcile=_run(status.last.run if status.last else None),
        last_change=_run(status.last.change if status.last else None),
        findings=plain_findings(verdict.findings),
        not_seen=status.not_seen,
    )


def _families(families: frozenset[int] | None) -> tuple[str, ...] | None:
    return None if families is None else tuple(f"ipv{family}" for family in sorted(families))


def _pair(pair: PairStatus) -> document.PairOfMachine:
    return document.PairOfMachine(
        mac=pair.mac,
        mode=pair.mode,
        configured=pair.is_configured,
        reason=pair.reason,
        aggregate=_aggregate(pair.aggregate),
        members=tuple(map(_member, pair.members)),
        active=pair.active,
        drained=_drain(pair.drain),
        share=_share(pair.share),
    )


def _aggregate(aggregate: AggregateStatus | None) -> document.AggregateOfPair | None:
    if aggregate is None:
        return None
    return document.AggregateOfPair(
        name=aggregate.name,
        present=aggregate.is_present,
        up=aggregate.is_up,
        mode=aggregate.mode,
        primary=aggregate.primary,
        addresses=aggregate.addresses,
    )


def _member(member: Member) -> document.MemberOfPair:
    return document.MemberOfPair(
        name=member.name,
        role=member.role.lower(),
        driver=member.driver,
        up=member.is_up,
        link=member.link,
        joined=member.is_joined,
        master=member.master,
        addresses=member.addresses,
        managers=tuple(document.ManagerOfMember(one.name, one.evidence) for one in member.managers),
        packets=_packets(member.counters) if member.counters is not None else None,
    )


def _packets(counters: Counters) -> document.Packets:
    return document.Packets(counters.received, counters.sent)


def _drain(drain: Drain | None) -> document.DrainOfPair | None:
    if drain is None:
        return None
    return document.DrainOfPair(
        since=drain.since, vf=drain.vf_name, phase=drain.phase, owners=drain.owners
    )


def _share(share: Share | None) -> document.ShareOfVf | None:
    if share is None:
        return None
    return document.ShareOfVf(
        vf=_packets(share.vf),
        all=_packets(share.all),
        percent=document.Percent(
            received=percent(share.vf.received, share.all.received),
            sent=percent(share.vf.sent, share.all.sent),
        ),
    )


def _run(run: Run | None) -> document.ReconcileRun | None:
    if run is None:
        return None
    return document.ReconcileRun(
        time=run.time,
        steps=run.steps,
        failures=run.failures,
        obstacles=run.obstacles,
        settled=run.settled,
    )
