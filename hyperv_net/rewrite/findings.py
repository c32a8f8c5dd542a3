"""What a person should know of pairs and the aggregates that they get."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.aggregates import mode_of
from hyperv_net.tree import Node, at, natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.model import Aggregate, Decision
    from hyperv_net.rewrite.work import Work


def about_aggregate(
    aggregate: Aggregate, before: Node | None, bond: Node, source: str
) -> list[Finding]:
    """What is remarkable about an administrator's bond."""
    where = f"{source}: bonds.{aggregate.name}.parameters"
    parameters = bond.get("parameters") or Node({})
    primary = parameters.get("primary")
    findings = []
    if primary is not None and primary.value == aggregate.synthetic_id:
        message = f"{primary.value} is the synthetic NIC, so its VF is not used"
        hint = f"name {aggregate.vf_id} there, or leave primary out"
        where_primary = f"{where}.primary"
        findings.append(
            Finding("aggregate-primary", Severity.WARNING, message, where_primary, hint)
        )
    interval = "mii-monitor-interval"
    if before is not None and parameters.get(interval) and not at(before, ("parameters", interval)):
        message = "the bond watched no link, and does now: a VF's link is late when it comes back"
        findings.append(Finding("aggregate-unwatched", Severity.NOTE, message, where))
    return findings


def spreading(bond: Node, name: str, works: Sequence[Work], source: str) -> Finding:
    """The bond sends over several members at once, so that no VF of these pairs joins it."""
    mode = mode_of(bond.get("parameters") or Node({}))
    pairs = " and ".join(f"{one.synthetic.name} ({one.decision.pair.mac})" for one in works)
    left = "pair is" if len(works) == 1 else "pairs are"
    message = (
        f"its mode is {mode}, which sends over all its members at once, so it gets no VF and the"
        f" {left} left alone: {pairs}"
    )
    where = f"{source}: bonds.{name}.parameters.mode"
    return Finding("aggregate-mode", Severity.WARNING, message, where, "use active-backup")


def torn(work: Work, over: Iterable[str], source: str) -> Finding:
    """The pair's NICs are members of several aggregates."""
    return Finding(
        rule="pair-in-two-aggregates",
        severity=Severity.ERROR,
        message=f"the synthetic NIC and the VF of {work.decision.pair.mac} are members of "
        f"{' and '.join(sorted(over, key=natural))}, so the pair is left alone",
        where=f"{source}: bonds",
        hint="put both into one bond of mode active-backup",
    )


def unconfigured(wanted: Iterable[Decision], works: Iterable[Work], source: str) -> list[Finding]:
    """The pairs that the configuration does not speak of."""
    done = {work.decision.pair.mac for work in works}
    return [
        Finding(
            rule="pair-without-settings",
            severity=Severity.NOTE,
            message=f"nothing in it speaks of {one.pair.synthetic.name} ({one.pair.mac}), "
            "so the pair is left alone",
            where=source,
        )
        for one in wanted
        if one.pair.mac not in done and one.pair.synthetic is not None
    ]
