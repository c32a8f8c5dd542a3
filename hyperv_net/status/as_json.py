"""A machine's status as versioned JSON (docs/status.md)."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.json_text import json_text
from hyperv_net.status.text import percent

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.hotplug.kept.last import Run
    from hyperv_net.hotplug.look.state import Drain
    from hyperv_net.status.model import (
        AggregateStatus,
        Counters,
        MachineStatus,
        Member,
        PairStatus,
        Share,
        Verdict,
    )

STATUS_SCHEMA = "hyperv-net/status/1"


def status_document(status: MachineStatus, verdict: Verdict) -> str:
    """The status; keys are only ever added within a schema version."""
    document = {
        "schema": STATUS_SCHEMA,
        "healthy": verdict.is_healthy,
        "system": status.system.value,
        "kernel": status.kernel,
        "target": status.target,
        "guarded": status.is_guarded,
        "default_routes": _families(status.default_routes),
        "pairs": [_pair(pair) for pair in status.pairs],
        "last_reconcile": _run(status.last.run if status.last else None),
        "last_change": _run(status.last.change if status.last else None),
        "findings": [one.document() for one in verdict.findings],
        "not_seen": list(status.not_seen),
    }
    return json_text(document)


def _families(families: frozenset[int] | None) -> list[str] | None:
    return None if families is None else [f"ipv{family}" for family in sorted(families)]


def _pair(pair: PairStatus) -> dict[str, Any]:
    return {
        "mac": pair.mac,
        "mode": pair.mode.value,
        "configured": pair.is_configured,
        "reason": pair.reason,
        "aggregate": _aggregate(pair.aggregate),
        "members": [_member(one) for one in pair.members],
        "active": pair.active,
        "drained": _drain(pair.drain),
        "share": _share(pair.share),
    }


def _aggregate(aggregate: AggregateStatus | None) -> dict[str, Any] | None:
    if aggregate is None:
        return None
    return {
        "name": aggregate.name,
        "present": aggregate.is_present,
        "up": aggregate.is_up,
        "mode": aggregate.mode,
        "primary": aggregate.primary,
        "addresses": list(aggregate.addresses),
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "role": member.role.lower(),
        "driver": member.driver,
        "up": member.is_up,
        "link": member.link,
        "joined": member.is_joined,
        "master": member.master,
        "addresses": list(member.addresses),
        "managers": [{"name": one.name, "evidence": one.evidence} for one in member.managers],
        "packets": _counters(member.counters),
    }


def _counters(counters: Counters | None) -> dict[str, int] | None:
    return counters._asdict() if counters is not None else None


def _drain(drain: Drain | None) -> dict[str, Any] | None:
    if drain is None:
        return None
    return {"since": drain.since, "vf": drain.vf_name, "phase": drain.phase.value}


def _share(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {
        "vf": share.vf._asdict(),
        "all": share.all._asdict(),
        "percent": {
            "received": percent(share.vf.received, share.all.received),
            "sent": percent(share.vf.sent, share.all.sent),
        },
    }


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "time": run.time,
        "steps": list(run.steps),
        "failures": list(run.failures),
        "obstacles": list(run.obstacles),
        "settled": run.settled,
    }
