"""From the facts to one status a pair; nothing is read here, and nothing is judged."""

from __future__ import annotations

from hyperv_net.hotplug.decide.drain import drain_of, is_transparent
from hyperv_net.hotplug.decide.drain_phase import going_on
from hyperv_net.hotplug.decide.situation import carrying, situation
from hyperv_net.hotplug.look.counters import paths_of, share_of
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.status.model import (
    SYNTHETIC,
    VF,
    AggregateStatus,
    MachineStatus,
    Member,
    PairStatus,
    Watching,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.decide.situation import Situation
    from hyperv_net.hotplug.look.state import Link
    from hyperv_net.model import Decision, Finding
    from hyperv_net.status.linux import Seen
    from hyperv_net.status.routes import Asking

#: Nobody is to be asked.
NOBODY = Watching()

_UNSEEN = "announcements: whether somebody watches for them is seen by root on the machine itself"


def assemble(
    seen: Seen,
    wanted: Wanted | None,
    decisions: tuple[Decision, ...],
    findings: tuple[Finding, ...],
    asking: Asking | None = None,
    watching: Watching = NOBODY,
) -> MachineStatus:
    """The status of a machine.

    `wanted` is what hyperv-net configured; `decisions` and `findings` are what
    the inventory alone tells; `asking` is what the files ask for.
    """
    unseen = watching.sources and watching.is_running is None
    addresses = tuple((link.nic.name, link.addresses) for link in seen.actual.links)
    return MachineStatus(
        system=seen.inventory.system,
        kernel=seen.inventory.kernel,
        target=wanted.target if wanted is not None else None,
        pairs=tuple(_pairs(seen, wanted, decisions)),
        last=seen.last,
        addresses=addresses if seen.addresses_are_known else None,
        not_seen=(*seen.not_seen, *([_UNSEEN] if unseen else [])),
        inventory_findings=(*seen.inventory.findings, *findings),
        waagent=seen.waagent,
        stock_scripts=seen.stock_scripts,
        default_routes=seen.default_routes,
        asking=asking,
        is_guarded=seen.is_guarded,
        unmarked=seen.unmarked,
        watching=watching,
    )


def _pairs(
    seen: Seen, wanted: Wanted | None, decisions: tuple[Decision, ...]
) -> Iterator[PairStatus]:
    if wanted is None:
        # Perhaps nobody is there to put the record of a drain away that is over.
        found = Wanted(seen.inventory.system, "", tuple(map(_as_found, decisions)))
        drains = going_on(seen.actual, found)
        seen = seen._replace(actual=seen.actual._replace(drains=drains))
    reasons = {decision.pair.mac: decision.reason for decision in decisions}
    configured = wanted.pairs if wanted is not None else ()
    for pair in configured:
        yield _pair(seen, pair, True, reasons.get(pair.mac, ""))
    known = {pair.mac for pair in configured}
    for decision in decisions:
        if decision.pair.mac not in known:
            yield _pair(seen, _as_found(decision), False, decision.reason)


def _as_found(decision: Decision) -> WantedPair:
    """A pair that hyperv-net did not configure, in the words of those it did."""
    synthetic = decision.pair.synthetic
    return WantedPair(
        mac=decision.pair.mac,
        mode=decision.mode,
        synthetic=synthetic.name if synthetic else "",
        synthetic_drivers=(synthetic.driver,) if synthetic and synthetic.driver else (),
        aggregate=decision.aggregate or "",
        vf=decision.pair.vf_told,
    )


def _pair(seen: Seen, pair: WantedPair, is_configured: bool, reason: str) -> PairStatus:
    here = situation(pair, seen.actual)
    transparent = is_transparent(pair, here)
    links = [(SYNTHETIC, here.card.synthetic)] if here.card.synthetic else []
    members = [*links, *((VF, vf) for vf in here.card.vfs)]
    active = carrying(here)
    paths = paths_of(here, transparent, seen.counters, seen.driver_statistics)
    aggregate = _aggregate(seen, pair, here)
    name = aggregate.name if aggregate is not None else ""
    return PairStatus(
        mac=pair.mac,
        mode=pair.mode,
        is_configured=is_configured,
        reason=reason,
        members=tuple(_member(seen, role, link, name, transparent) for role, link in members),
        aggregate=aggregate,
        active=active.nic.name if active is not None else _only_path(pair, here),
        drain=drain_of(pair, seen.actual),
        share=share_of(paths),
        paths=paths,
        obstacle=here.obstacle if pair.mode is Mode.AGGREGATE else "",
        is_kernels=here.is_kernels,
        is_taken=pair.mode is Mode.TRANSPARENT and not pair.synthetic,
    )


def _only_path(pair: WantedPair, here: Situation) -> str | None:
    """The VF of a machine that has no synthetic NIC."""
    vfs = here.card.vfs if pair.mode is Mode.VF_ONLY else ()
    return next((vf.nic.name for vf in vfs if vf.is_up), None)


def _member(seen: Seen, role: str, link: Link, aggregate: str, transparent: bool) -> Member:
    nic = link.nic
    if transparent:
        # hn(4) shows no master for a VF that it drives.
        is_linux = seen.inventory.system is System.LINUX
        is_joined = role == SYNTHETIC or nic.master is not None or not is_linux
    else:
        # An aggregate that is unfit to be joined may have members all the same.
        is_joined = nic.master is not None and nic.master == aggregate
    return Member(
        name=nic.name,
        role=role,
        driver=nic.driver,
        is_up=link.is_up,
        link=nic.state,
        is_joined=is_joined,
        master=nic.master,
        addresses=link.addresses,
        managers=seen.managers.get(nic.name, ()),
        counters=seen.counters.get(nic.name),
    )


def _aggregate(seen: Seen, pair: WantedPair, here: Situation) -> AggregateStatus | None:
    by_name = {link.nic.name: link for link in seen.actual.links}
    link = here.aggregate or by_name.get(pair.aggregate)
    if link is None:
        return AggregateStatus(pair.aggregate, False) if pair.aggregate else None
    return AggregateStatus(
        link.nic.name, True, link.is_up, link.aggregate_mode, link.primary, link.addresses
    )
