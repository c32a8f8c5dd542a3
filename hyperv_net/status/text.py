"""A machine's status for people: aligned, and coloured where somebody looks on."""

from __future__ import annotations

from collections import Counter

from hyperv_net.errors import printable
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Mode, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count, indent, table, without_severity
from hyperv_net.terminal import BOLD, GREEN, PLAIN, RED, YELLOW

if TYPE_CHECKING:
    from hyperv_net.hotplug.kept.last import Last, Run
    from hyperv_net.hotplug.look.managers import Manager
    from hyperv_net.status.model import MachineStatus, Member, PairStatus, Share, Verdict

_COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.NOTE: ""}


def status_text(status: MachineStatus, verdict: Verdict, colours: bool = False) -> str:
    """The whole status; its last line says whether the machine is healthy."""

    def paint(text: str, colour: str) -> str:
        return f"{colour}{text}{PLAIN}" if colours and colour else text

    by = (
        f"configured by hyperv-net for {status.target}"
        if status.target
        else "not configured by hyperv-net"
    )
    if status.is_guarded:
        by += ", VFs kept off by its guard"
    lines = [
        f"{status.system.value} {status.kernel or 'kernel unknown'}, {by}",
        "",
        paint("Pairs", BOLD) if status.pairs else "No pairs: no synthetic NIC was found",
    ]
    for pair in status.pairs:
        lines += indent(_pair(pair))
    if status.target or status.last:
        lines += ["", paint("Last reconcile", BOLD), *indent(_last(status.last))]
    if verdict.findings:
        lines += ["", paint("Findings", BOLD)]
        for finding in verdict.findings:
            severity = paint(finding.severity.value, _COLOURS[finding.severity])
            lines.append(f"  {severity}: {printable(without_severity(finding))}")
    if status.not_seen:
        lines += ["", paint("Not seen", BOLD), *indent(map(printable, status.not_seen))]
    colour = GREEN if verdict.is_healthy else RED
    return "\n".join([*lines, "", paint(_summary(verdict), colour)]) + "\n"


def _pair(pair: PairStatus) -> list[str]:
    is_left = pair.mode is Mode.AGGREGATE and not pair.is_configured
    mode = f"{pair.mode.value}, not configured" if is_left else pair.mode.value
    lines = [f"{pair.label}  {pair.mac}  {mode}"]
    if not pair.is_configured and pair.reason:
        lines.append(f"  because  {pair.reason}")
    if pair.members:
        lines.append(f"  traffic  {_traffic(pair)}")
    if pair.aggregate is not None and pair.aggregate.addresses:
        lines.append(f"  address  {', '.join(pair.aggregate.addresses)}")
    if pair.drain is not None:
        word = "ending" if pair.drain.phase is Phase.ENDING else f"since {pair.drain.since}"
        lines.append(f"  drained  {word}")
    if pair.members:
        header = ("NIC", "ROLE", "DRIVER", "STATE", "IN", "RECEIVED", "SENT", "MANAGED BY")
        lines += indent(table([header, *(_row(one) for one in pair.members)]))
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


def _last(last: Last | None) -> list[str]:
    if last is None:
        return ["none since the machine booted"]
    lines = _run(last.run)
    if last.change is not None and last.change != last.run:
        lines += ["before that", *indent(_run(last.change))]
    return lines


def _run(run: Run) -> list[str]:
    lines = [printable(one) for one in (*run.steps, *run.failures, *run.obstacles)]
    if not run.settled:
        lines.append("ended with steps left")
    time = printable(run.time)
    first = f"{time}  {lines[0] if lines else 'nothing to do'}"
    return [first, *(f"{' ' * len(time)}  {line}" for line in lines[1:])]


def _summary(verdict: Verdict) -> str:
    counts = Counter(finding.severity for finding in verdict.findings)
    told = [
        count(counts[one], one.value) for one in (Severity.ERROR, Severity.WARNING) if counts[one]
    ]
    word = "healthy" if verdict.is_healthy else "unhealthy"
    return ": ".join([word, ", ".join(told)]) if told else word
