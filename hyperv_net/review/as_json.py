"""A plan and an inventory as versioned JSON (docs/json.md)."""

from __future__ import annotations

from hyperv_net.inventory.snapshot import as_document
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.assembling import pair_of, review_of
from hyperv_net.review.document import as_plain
from hyperv_net.review.reviewed import basis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.model import Decision, Inventory
    from hyperv_net.plan.flow import Plan


def plan_document(plan: Plan, *, show_secrets: bool = False) -> dict[str, Any]:
    """The plan; keys are only ever added within a schema version."""
    shown = as_shown(plan, show_secrets=show_secrets)
    return {**shown, "basis": basis(plan, shown)}


def as_shown(plan: Plan, *, show_secrets: bool) -> dict[str, Any]:
    """All of the document but what it rests on."""
    document: dict[str, Any] = as_plain(review_of(plan, show_secrets=show_secrets))
    return document


def inventory_document(inventory: Inventory, decisions: Sequence[Decision]) -> dict[str, Any]:
    """The inventory in the form that `--inventory` reads, with what follows from it in `pairs`."""
    pairs = [as_plain(pair_of(one, one.aggregate)) for one in decisions]
    return {**as_document(inventory), "pairs": pairs}
