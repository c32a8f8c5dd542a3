"""A plan and an inventory as aligned plain text."""

from __future__ import annotations

from collections import Counter

from hyperv_net.model import Action, Mode
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import sections
from hyperv_net.review.assembling import finding_of, pair_of
from hyperv_net.review.layout import PLAIN_LOOK, count, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.model import Decision, Finding, Inventory, Nic
    from hyperv_net.plan.flow import Plan
    from hyperv_net.review.layout import Look
    from hyperv_net.review.model import Review


def nothing(plan: Plan) -> str:
    """Why no file of the target is rendered."""
    if not plan.meets:
        return "the network config speaks of no NIC of this machine, so nothing is planned for it"
    wanted = any(decision.mode is Mode.AGGREGATE for decision in plan.decisions)
    why = (
        "no pair that needs an aggregate is configured" if wanted else "no pair needs an aggregate"
    )
    beside = "" if plan.changes else "nothing is rendered, "
    is_given = plan.is_asked and not plan.stays
    stands = "what cloud-init writes stands" if is_given else "the configuration stays"
    return f"{why}: {beside}{stands}"


def plan_text(plan: Plan, review: Review, look: Look = PLAIN_LOOK) -> str:
    """Pairs with reasons, where each setting went, findings; the diff follows separately.

    `review` is that of the plan.
    """
    parts = [] if plan.meets else [look.fitted(nothing(plan), 2)]
    parts.append(sections.pairs(review.pairs, look))
    if plan.rewritten.aggregates:
        parts.append(sections.settings(review, look))
    if review.findings:
        parts.append(sections.findings(review.findings, look, review.inputs))
    if plan.differs:
        parts.append(sections.changes(review, look))
    return "\n".join(line for part in parts for line in (*part, ""))[:-1]


def summary(plan: Plan) -> str:
    """The last line: what it comes to."""
    changed = sum(change.differs for change in plan.changes)
    files = "nothing to change" if not changed else f"{count(changed, 'file')} to change"
    if not plan.rewritten.aggregates:
        return f"{nothing(plan)}; {files}" if plan.changes else nothing(plan)
    actions = Counter(entry.action for entry in plan.ledger)
    counts = ", ".join(f"{actions[action]} {action.value}" for action in Action if actions[action])
    aggregates = count(len(plan.rewritten.aggregates), "aggregate")
    return f"{aggregates}; settings: {counts}; {files}"


def inventory_text(
    inventory: Inventory,
    decisions: Sequence[Decision],
    findings: Sequence[Finding],
    look: Look = PLAIN_LOOK,
) -> str:
    """The NICs of a machine as a table, then its pairs."""
    header = ("NIC", "KIND", "DRIVER", "BUS", "MAC", "MASTER", "STATE", "MTU")
    rows = [header, *(_nic_row(nic) for nic in inventory.nics)]
    first = look.fitted(f"{inventory.system.value} {inventory.kernel}", 2)
    lines = [*first, "", *table(rows, look), ""]
    lines += sections.pairs([pair_of(one, None) for one in decisions], look, is_planned=False)
    if findings:
        lines += ["", *sections.findings(map(finding_of, findings), look)]
    return "\n".join(lines) + "\n"


def _nic_row(nic: Nic) -> tuple[str, ...]:
    return (
        nic.name,
        nic.kind.value,
        nic.driver or "-",
        nic.bus or "-",
        nic.hardware_mac or "-",
        nic.master or "-",
        nic.state,
        str(nic.mtu or "-"),
    )
