"""A plan and an inventory as versioned JSON (docs/json.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hyperv_net.inventory.snapshot import as_document
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.diff import unified_diff
from hyperv_net.review.json_text import json_text
from hyperv_net.review.layout import revealed
from hyperv_net.review.reviewed import basis
from hyperv_net.secrets.hidden import Hidden
from hyperv_net.secrets.masking import holds_secret, masked, mode_of
from hyperv_net.tree import format_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.model import Change, Decision, Entry, Inventory
    from hyperv_net.plan.flow import Plan

PLAN_SCHEMA = "hyperv-net/plan/1"


def plan_document(plan: Plan, *, show_secrets: bool = False) -> str:
    """The plan; keys are only ever added within a schema version."""
    shown = as_shown(plan, show_secrets=show_secrets)
    return json_text({**shown, "basis": basis(plan, shown)})


def as_shown(plan: Plan, *, show_secrets: bool) -> dict[str, Any]:
    """All of the document but what it rests on."""
    names = {one.pair.mac: one.name for one in plan.rewritten.aggregates}
    return {
        "schema": PLAN_SCHEMA,
        "target": plan.target,
        "network_config": plan.config.source,
        "differs": plan.differs,
        "secrets": "shown" if show_secrets else "hidden",
        "pairs": [_decision(one, names) for one in plan.decisions],
        "ledger": [_entry(entry, show_secrets=show_secrets) for entry in plan.ledger],
        "findings": [finding.document() for finding in plan.findings],
        "files": [_change(change, show_secrets=show_secrets) for change in plan.changes],
    }


def inventory_document(inventory: Inventory, decisions: Sequence[Decision]) -> str:
    """The inventory in the form that `--inventory` reads, with what follows from it in `pairs`."""
    return json_text({**as_document(inventory), "pairs": [_decision(one, {}) for one in decisions]})


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


def _entry(entry: Entry, *, show_secrets: bool) -> dict[str, Any]:
    hides = isinstance(entry.value, Hidden) or isinstance(entry.result, Hidden)
    entry = revealed(entry) if show_secrets else entry
    return {
        "source": format_path(entry.source),
        "value": _value(entry.value),
        "action": entry.action.value,
        "to": [format_path(path) for path in entry.to],
        "result": _value(entry.result),
        "places": list(entry.places),
        "reason": entry.reason,
        "masked": hides and not show_secrets,
    }


def _value(value: object) -> object:
    """A leaf's value; an empty container is a leaf too, and JSON has no infinity."""
    if isinstance(value, (tuple, list)):
        return []
    if isinstance(value, Mapping):
        return {}
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _change(change: Change, *, show_secrets: bool) -> dict[str, Any]:
    text = change.file.text
    hides = not show_secrets and (holds_secret(text) or holds_secret(change.before or ""))
    return {
        "path": change.file.path,
        "mode": f"{mode_of(change.file):04o}",
        "companion": change.is_companion,
        "exists": change.before is not None,
        "differs": change.differs,
        "masked": hides,
        "text": text if show_secrets else masked(text),
        "diff": unified_diff([change], show_secrets=show_secrets),
    }
