"""A machine's status for people: aligned, and coloured where somebody looks on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hyperv_net.errors import printable
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Mode, Severity
from hyperv_net.owners import PERSON, whose
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import sections
from hyperv_net.review.assembling import finding_of
from hyperv_net.review.layout import PLAIN_LOOK, count, indent, table
from hyperv_net.visible import GREEN, RED

if TYPE_CHECKING:
    from hyperv_net.hotplug.kept.last import Last, Run
    from hyperv_net.hotplug.look.counters import Share
    from hyperv_net.hotplug.look.managers import Manager
    from hyperv_net.hotplug.look.state import Drain
    from hyperv_net.model import Finding
    from hyperv_net.review import model
    from hyperv_net.review.layout import Look
    from hyperv_net.status.model import MachineStatus, Member, PairStatus, Verdict


def status_text(status: MachineStatus, verdict: Verdict, look: Look = PLAIN_LOOK) -> str:
    """The whole status; its last line says whether the machine is healthy."""
    by = (
        f"configured by hyperv-net for {status.target}"
        if status.target
        else "not configured by hyperv-net"
    )
    if status.is_guarded:
        by += ", VFs kept off by its guard"
    lines = [
        *look.fitted(f"{status.system.value} {status.kernel or 'kernel unknown'}, {by}", 2),
        "",
        look.heading("Pairs") if status.pairs else "No pairs: no synthetic NIC was found",
    ]
    for pair in status.pairs:
        lines += _pair(pair, look)
    if status.target or status.last:
        lines += ["", look.heading("Last reconcile"), *_last(status.last, look)]
    if verdict.findings:
        lines += ["", *sections.findings(map(_told, verdict.findings), look)]
    if status.not_seen:
        lines += ["", look.heading("Not seen")]
        for one in status.not_seen:
            lines += look.fitted(f"  {printable(one)}", 4)
    colour = GREEN if verdict.is_healthy else RED
    return "\n".join([*lines, "", look.paint(_summary(verdict), colour)]) + "\n"


def _told(finding: Finding) -> model.Finding:
    told = finding_of(finding)
    return replace(told, message=printable(told.message), where=printable(told.where))


def _pair(pair: PairStatus, look: Look) -> list[str]:
    is_left = pair.mode is Mode.AGGREGATE and not pair.is_configured
    mode = f"{pair.mode.value}, not configured" if is_left else pair.mode.value
    lines = look.fitted(f"  {pair.label}  {pair.mac}  {mode}", 4)
    told = []
    if not pair.is_configured and pair.reason:
        told.append(f"because  {pair.reason}")
    if pair.members:
        told.append(f"traffic  {_traffic(pair)}")
    if pair.aggregate is not None and pair.aggregate.addresses:
        told.append(f"address  {', '.join(pair.aggregate.addresses)}")
    if pair.drain is not None:
        told.append(f"drained  {_drained(pair.drain)}")
    for one in told:
        lines += look.fitted(f"    {one}", 13)
    if pair.members:
        header = ("NIC", "ROLE", "DRIVER", "STATE", "IN", "RECEIVED", "SENT", "MANAGED BY")
        rows = [header, *(_row(one) for one in pair.members)]
        lines += indent(indent(table(rows, look, taken=4)))
    return lines


def _traffic(pair: PairStatus) -> str:
    roles = {member.name: member.role for member in pair.members}
    if pair.active is None:
        path = "through no NIC"
    else:
        path = f"through {pair.active} ({roles.get(pair.active, 'NIC')}){_below(pair)}"
    if pair.share is None or pair.mode not in (Mode.AGGREGATE, Mode.TRANSPARENT):
        return path
    return f"{path}; {_share(pair.share)}"


def _below(pair: PairStatus) -> str:
    """How the NIC that carries the traffic stands to the aggregate of its pair."""
    if pair.aggregate is None:
        return ""
    if not pair.aggregate.is_present:
        return f", without {pair.aggregate.name}, which is not there"
    is_joined = any(one.name == pair.active and one.is_joined for one in pair.members)
    return f" of {pair.aggregate.name}" if is_joined else f", outside of {pair.aggregate.name}"


def _share(share: Share) -> str:
    received = percent(share.vf.received, share.all.received)
    sent = percent(share.vf.sent, share.all.sent)
    if received is None and sent is None:
        return "no packets so far"
    known = (("received", received), ("sent", sent))
    # Rounded down: 100 % is nothing less.
    parts = [f"{int(value)} % of packets {word}" for word, value in known if value is not None]
    return " and ".join(parts) + " went over the VF"


def percent(part: int, whole: int) -> float | None:
    """How much of `whole`, in percent; None where that is nothing."""
    return min(100.0, 100 * part / whole) if whole else None


def _drained(drain: Drain) -> str:
    if drain.phase is Phase.ENDING:
        return "ending"
    owners = f" for {whose(drain.owners)}" if drain.owners != (PERSON,) else ""
    return f"since {drain.since}{owners}"


def _row(member: Member) -> tuple[str, ...]:
    state = f"up, link {member.link}" if member.is_up else "down"
    counters = member.counters
    return (
        member.name,
        member.role,
        member.driver or "-",
        state,
        member.master or "-",
        str(counters.received) if counters else "-",
        str(counters.sent) if counters else "-",
        ", ".join(map(_manager, member.managers)) or "-",
    )


def _manager(manager: Manager) -> str:
    return f"{manager.name} ({manager.evidence.rpartition('/')[2]})"


def _last(last: Last | None, look: Look) -> list[str]:
    if last is None:
        return ["  none since the machine booted"]
    lines = _run(last.run, "  ", look)
    if last.change is not None and last.change != last.run:
        lines += ["  before that", *_run(last.change, "    ", look)]
    return lines


def _run(run: Run, before: str, look: Look) -> list[str]:
    told = [printable(one) for one in (*run.steps, *run.failures, *run.obstacles)]
    if not run.settled:
        told.append("ended with steps left")
    time = f"{before}{printable(run.time)}  "
    lines = look.fitted(f"{time}{told[0] if told else 'nothing to do'}", len(time))
    for one in told[1:]:
        lines += look.fitted(f"{' ' * len(time)}{one}", len(time))
    return lines


def _summary(verdict: Verdict) -> str:
    counts = Counter(finding.severity for finding in verdict.findings)
    told = [
        count(counts[one], one.value) for one in (Severity.ERROR, Severity.WARNING) if counts[one]
    ]
    word = "healthy" if verdict.is_healthy else "unhealthy"
    return ": ".join([word, ", ".join(told)]) if told else word
