"""A plan and an inventory as aligned plain text."""

from __future__ import annotations

from collections import Counter

from hyperv_net.errors import printable
from hyperv_net.model import Action, Mode
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count, finding_lines, indent, revealed, table
from hyperv_net.tree import format_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hyperv_net.model import Decision, Entry, Finding, Inventory, Nic
    from hyperv_net.plan.flow import Plan


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


def plan_text(plan: Plan, *, show_secrets: bool = False) -> str:
    """Pairs with reasons, where each setting went, findings; the diff follows separately."""
    sections = [] if plan.meets else [[nothing(plan)]]
    sections += [
        _pairs(plan.decisions, {one.pair.mac: one.name for one in plan.rewritten.aggregates})
    ]
    if plan.rewritten.aggregates:
        sections.append(_settings(plan, show_secrets=show_secrets))
    if plan.findings:
        sections.append(["Findings", *indent(finding_lines(plan.findings, plan.allowed))])
    if plan.differs:
        sections.append([f"Changes for {plan.target}"])
    return "\n".join(line for section in sections for line in (*section, ""))[:-1]


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
    inventory: Inventory, decisions: Sequence[Decision], findings: Sequence[Finding]
) -> str:
    """The NICs of a machine as a table, then its pairs."""
    header = ("NIC", "KIND", "DRIVER", "BUS", "MAC", "MASTER", "STATE", "MTU")
    rows = [header, *(_nic_row(nic) for nic in inventory.nics)]
    lines = [f"{inventory.system.value} {inventory.kernel}", "", *table(rows), ""]
    lines += _pairs(decisions, {})
    if findings:
        lines += ["", "Findings", *indent(finding_lines(findings))]
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


def _pairs(decisions: Sequence[Decision], aggregates: dict[str, str]) -> list[str]:
    if not decisions:
        return ["No pairs: no synthetic NIC was found"]
    lines = ["Pairs"]
    for decision in decisions:
        pair = decision.pair
        names = " + ".join(nic.name for nic in (pair.synthetic, pair.vf) if nic is not None)
        mode = decision.mode.value
        if decision.mode is Mode.AGGREGATE and pair.mac in aggregates:
            mode += f" {aggregates[pair.mac]}"
        lines.append(f"  {names}  {pair.mac}  {mode}")
        lines.append(f"    because  {decision.reason}")
        for number, evidence in enumerate(decision.evidence):
            lines.append(f"    {'evidence' if number == 0 else '':8} {evidence}")
    return lines


def _settings(plan: Plan, *, show_secrets: bool) -> list[str]:
    """What became of each setting; files go by their last name where that is clear."""
    holding = {place.partition(": ")[0] for entry in plan.ledger for place in entry.places}
    files = [change.file.path for change in plan.changes if change.file.path in holding]
    names = Counter(path.rpartition("/")[2] for path in files)
    short = {path: path.rpartition("/")[2] for path in files if names[path.rpartition("/")[2]] == 1}
    if len(files) == 1:
        short = {files[0]: ""}
    rows = [
        (
            entry.action.value,
            f"{format_path(entry.source)}: {_shown(entry.value)}",
            _destination(entry),
            _places(entry, short),
        )
        for entry in (map(revealed, plan.ledger) if show_secrets else plan.ledger)
    ]
    into = f", now in {', '.join(files)}" if files else ""
    return [f"Settings of {plan.config.source}{into}", *indent(table(rows))]


def _places(entry: Entry, short: Mapping[str, str]) -> str:
    """Where the text has it, without what the line says already."""
    to = {format_path(path) for path in entry.to}
    shown = []
    for place in entry.places:
        file, colon, inside = place.partition(": ")
        if colon and inside not in to:
            name = short.get(file, file)
            shown.append(f"{name}: {inside}" if name else inside)
    return "; ".join(shown)


def _destination(entry: Entry) -> str:
    if entry.action is Action.DROPPED:
        return f"({entry.reason})"
    if entry.action is Action.KEPT:
        return f"(in part: {entry.reason})" if entry.reason else ""
    to = ", ".join(format_path(path) or "(top level)" for path in entry.to)
    changed = entry.result != entry.value
    partly = f" (in part: {entry.reason})" if entry.reason else ""
    return (f"-> {to}: {_shown(entry.result)}" if changed else f"-> {to}") + partly


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (tuple, list)):
        return "[]"
    if isinstance(value, dict):
        return "{}"
    return printable(str(value))
