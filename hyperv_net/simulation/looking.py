"""What a pair of an imagined machine looks like: through `status`, and what must hold of it."""

from __future__ import annotations

from hyperv_net.hotplug.kept.last import Last, Run
from hyperv_net.model import Finding, Severity, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.simulation.model import AGGREGATES, actual, find, inventory
from hyperv_net.simulation.story import label
from hyperv_net.status.assemble import assemble
from hyperv_net.status.judge import judge
from hyperv_net.status.linux import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.model import Decision
    from hyperv_net.simulation.model import Machine
    from hyperv_net.status.model import MachineStatus, Member, PairStatus

#: There is no clock: what happened before in the story stands where a time would.
SINCE = "the drain of this story"
_RUN = "of this story"
NOBODY = "none"


class View(NamedTuple):
    """One pair at one moment.

    `vf`, `synthetic` and `aggregate` are a name and a state in words, or a word alone.
    `path` is VF, synthetic or none, and `carries` the NIC.  `addresses` are those of the
    pair's devices and of what is stacked on them, and `routes` (4, 6) the default routes by
    these.  `marks` are what udev and hyperv-net have noted.
    """

    vf: str
    synthetic: str
    aggregate: str
    path: str
    carries: str = ""
    addresses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    routes: tuple[tuple[int, str], ...] = ()
    marks: tuple[str, ...] = ()


def status_of(
    machine: Machine, wanted: Wanted, decision: Decision, outcome: Outcome | None = None
) -> MachineStatus:
    """What `status` would say of a machine that had this pair alone."""
    mac = decision.pair.mac
    run = (
        Run(_RUN)
        if outcome is None
        else Run(
            _RUN,
            tuple(str(one) for one in outcome.taken),
            tuple(str(one) for one in outcome.failures),
            outcome.obstacles,
            outcome.settled,
        )
    )
    seen = Seen(
        inventory=inventory(machine),
        actual=actual(machine),
        managers={},
        counters={},
        last=Last(run, run),
        addresses_are_known=True,
        default_routes=frozenset(one.family for one in machine.routes),
    )
    own = wanted._replace(pairs=tuple(one for one in wanted.pairs if one.mac == mac))
    return assemble(seen, own, (decision,), ())


def view(machine: Machine, wanted: Wanted, decision: Decision) -> View:
    """The pair as it is now."""
    (pair,) = status_of(machine, wanted, decision).pairs
    carries = next((one for one in pair.members if one.name == pair.active), None)
    can = carries is not None and carries.is_up and carries.link != "down"
    devices = _devices(machine, pair)
    return View(
        vf=", ".join(map(_member, pair.vfs)) or "away",
        synthetic=_member(pair.synthetic) if pair.synthetic is not None else "-",
        aggregate=_aggregate(machine, pair),
        path=carries.role if can and carries is not None else NOBODY,
        carries=carries.name if can and carries is not None else "",
        addresses=tuple(
            (link.nic.name, link.addresses)
            for link in machine.links
            if link.nic.name in devices and link.addresses
        ),
        routes=tuple((one.family, one.device) for one in machine.routes if one.device in devices),
        marks=tuple(_marks(machine, wanted, pair)),
    )


def warnings(
    machine: Machine, wanted: Wanted, decision: Decision, outcome: Outcome | None
) -> tuple[Finding, ...]:
    """What `status` would warn of once all is settled, and what must not be."""
    status = status_of(machine, wanted, decision, outcome)
    return (*judge(status, "").findings, *broken(machine, wanted, decision, is_settled=True))


def broken(
    machine: Machine, wanted: Wanted, decision: Decision, *, is_settled: bool
) -> Iterator[Finding]:
    """The invariants that do not hold at this moment.

    Between two steps a pair may be without a path; once all is settled it may not.
    """
    (pair,) = status_of(machine, wanted, decision).pairs
    members = {one.name for one in pair.members}
    for link in machine.links:
        master = find(machine, link.nic.master or "")
        inside = master is not None and master.nic.kind in AGGREGATES
        if link.nic.name in members and inside and link.addresses:
            had = ", ".join(link.addresses)
            yield Finding(
                "simulated-member-address",
                Severity.ERROR,
                f"{link.nic.name} has {had}, and is a member of {link.nic.master}",
                link.nic.name,
            )
    own = {*members, *([pair.aggregate.name] if pair.aggregate is not None else [])}
    for family in (4, 6):
        by = sorted({one.device for one in machine.routes if one.family == family} & own)
        if len(by) > 1:
            yield Finding(
                "simulated-two-defaults",
                Severity.ERROR,
                f"IPv{family} has default routes by {' and '.join(by)}, which are one card",
                by[0],
            )
    if view(machine, wanted, decision).path == NOBODY:
        yield Finding(
            "simulated-no-path",
            Severity.ERROR if is_settled else Severity.NOTE,
            "no NIC of the pair carries traffic" + ("" if is_settled else " at this moment"),
            label(decision),
        )


def _member(member: Member) -> str:
    word = "down" if not member.is_up else "no link" if member.link == "down" else "up"
    return f"{member.name} {word}" + (f" in {member.master}" if member.master else "")


def _aggregate(machine: Machine, pair: PairStatus) -> str:
    if pair.aggregate is None:
        return "-"
    if not pair.aggregate.is_present:
        return f"no {pair.aggregate.name}"
    link = find(machine, pair.aggregate.name)
    active = link.active if link is not None else None
    return f"{pair.aggregate.name} by {active}" if active else f"{pair.aggregate.name} by none"


def _devices(machine: Machine, pair: PairStatus) -> set[str]:
    """The pair's devices, and all that is stacked on them."""
    found = {one.name for one in pair.members}
    while True:
        above = {
            link.nic.name
            for link in machine.links
            if found & set(link.nic.lowers)
            or any(
                one.nic.name in found and one.nic.master == link.nic.name for one in machine.links
            )
        }
        if above <= found:
            return found
        found |= above


def _marks(machine: Machine, wanted: Wanted, pair: PairStatus) -> Iterator[str]:
    if machine.system is System.LINUX and any(one.mac == pair.mac for one in wanted.pairs):
        yield from (f"udev: {vf.name} is the VF of a pair, {pair.mode.value}" for vf in pair.vfs)
    if pair.aggregate is not None and pair.aggregate.name in machine.seen:
        yield f"seen since the boot: {pair.aggregate.name}"
    yield from (f"drain: {one.phase.value}" for one in machine.drains if one.mac == pair.mac)
