"""A plan and an inventory as versioned JSON (docs/json.md)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from hyperv_net.inventory.snapshot import as_document
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.diff import unified_diff
from hyperv_net.review.reviewed import basis
from hyperv_net.tree import format_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.model import Change, Decision, Entry, Inventory
    from hyperv_net.plan.flow import Plan

PLAN_SCHEMA = "hyperv-net/plan/1"


def plan_document(plan: Plan) -> str:
    """The plan; keys are only ever added within a schema version."""
    shown = as_shown(plan)
    return _text({**shown, "basis": basis(plan, shown)})


def as_shown(plan: Plan) -> dict[str, Any]:
    """All of the document but what it rests on."""
    names = {one.pair.mac: one.name for one in plan.rewritten.aggregates}
    return {
        "schema": PLAN_SCHEMA,
        "target": plan.target,
        "network_config": plan.config.source,
        "differs": plan.differs,
        "pairs": [_decision(one, names) for one in plan.decisions],
        "ledger": [_entry(entry) for entry in plan.ledger],
        "findings": [finding.document() for finding in plan.findings],
        "files": [_change(change) for change in plan.changes],
    }


def inventory_document(inventory: Inventory, decisions: Sequence[Decision]) -> str:
    """The inventory in the form that `--inventory` reads, with what follows from it in `pairs`."""
    return _text({**as_document(inventory), "pairs": [_decision(one, {}) for one in decisions]})


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _decision(decision: Decision, aggregates: Mapping[str, str]) -> dict[str, Any]:
    pair = decision.pair
    return {
        "mac": pair.mac,
        "synthetic": pair.synthetic.name if pair.synthetic else None,
        "vf": pair.vf.name if pair.vf else None,
        "mode": decision.mode.value,
        "aggregate": aggregates.get(pair.mac, decision.aggregate),
        "reason": decision.reason,
        "evidence": list(decision.evidence),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "source": format_path(entry.source),
        "value": _value(entry.value),
        "action": entry.action.value,
        "to": [format_path(path) for path in entry.to],
        "result": _value(entry.result),
        "places": list(entry.places),
        "reason": entry.reason,
    }


def _value(value: object) -> object:
    """A leaf's value; an empty container is a leaf too, and JSON has no infinity."""
    if isinstance(value, (tuple, list)):
        return []
    if isinstance(value, Mapping):
        return {}
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": change.file.path,
        "mode": f"{change.file.mode:04o}",
        "companion": change.is_companion,
        "exists": change.before is not None,
        "differs": change.differs,
        "text": change.file.text,
        "diff": unified_diff([change]),
    }
