"""From what is there and what is wanted to the steps between them; nothing is done here.

The steps depend on the two states alone, and never on the event that woke
the hook, so events may come in any order, number or not at all.  They keep
two rules at every moment: a VF is up only inside its aggregate, and it joins
with no address left on it.

A pair's aggregate takes a VF only once it holds the synthetic NIC, or has held
it since the boot: before that the network's own manager is still making it.
An aggregate that held it and is gone was deleted, and is made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from hyperv_net.hotplug.state import ActualState, Link
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Kind, Mode, System

_AGGREGATES = (Kind.BOND, Kind.LAGG)
_FAILOVER_MODES = ("active-backup", "failover")


class StepKind(str, Enum):
    """What a step does; the text is how a person reads it, with the device and its master."""

    STOP_CLIENT = "stop the DHCP client of {0}"
    LOWER = "set {0} down"
    TAKE_ADDRESSES = "take the addresses off {0}"
    LEAVE = "take {0} out of {1}"
    DISABLE_IPV6 = "turn IPv6 off on {0}"
    SET_MTU = "set the MTU of {0}"
    JOIN = "join {0} to {1}"
    RAISE = "set {0} up"
    SET_PRIMARY = "make {0} the primary of {1}"
    REBUILD = "make {0} again"


@dataclass(frozen=True)
class Step:
    """One thing to do for the pair with this MAC.

    `device` is what it is done to (for REBUILD the aggregate).  `master` is
    the aggregate of a JOIN or SET_PRIMARY, and the other master of a LEAVE.
    `values` are the addresses to take off, the process of the client, the
    MTU in bytes, or the kind of the other master.
    """

    kind: StepKind
    mac: str
    device: str
    master: str = ""
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As `--dry-run` prints it."""
        values = f" ({', '.join(self.values)})" if self.values else ""
        return self.kind.value.format(self.device, self.master) + values


@dataclass(frozen=True)
class _Card:
    """The devices of one pair as they are now, the VF to be used first."""

    synthetic: Link | None
    vfs: tuple[Link, ...]


@dataclass(frozen=True)
class _Situation:
    """A pair's card and its aggregate; `obstacle` says why nothing can join it, if so."""

    card: _Card
    aggregate: Link | None = None
    is_kernels: bool = False
    may_rebuild: bool = False
    obstacle: str = ""


def steps(actual: ActualState, wanted: Wanted) -> tuple[Step, ...]:
    """The steps that are left, pair after pair; none where all is as it should be."""
    return tuple(step for pair in _ours(wanted) for step in _steps_of(pair, actual))


def obstacles(actual: ActualState, wanted: Wanted) -> tuple[str, ...]:
    """Why some pairs cannot be what is wanted, one sentence each."""
    found = ((pair, _situation(pair, actual)) for pair in _ours(wanted))
    return tuple(f"{pair.mac}: {here.obstacle}" for pair, here in found if here.obstacle)


def complete(actual: ActualState, wanted: Wanted) -> frozenset[str]:
    """The wanted aggregates that hold their synthetic NIC at this moment."""
    held = set()
    for pair in _ours(wanted):
        here = _situation(pair, actual)
        synthetic, aggregate = here.card.synthetic, here.aggregate
        if synthetic is not None and aggregate is not None and _is_in(synthetic, aggregate):
            held.add(aggregate.nic.name)
    return frozenset(held)


def _ours(wanted: Wanted) -> Iterator[WantedPair]:
    return (pair for pair in wanted.pairs if pair.mode is Mode.AGGREGATE)


def _situation(pair: WantedPair, actual: ActualState) -> _Situation:
    card = _card(pair, actual)
    by_name = {link.nic.name: link for link in actual.links}
    owner = _kernels_master(pair, card, actual)
    if owner:
        return _Situation(card, is_kernels=True, obstacle=f"the kernel owns the pair ({owner})")
    named = by_name.get(pair.aggregate)
    own = named if named is not None and named.nic.kind in _AGGREGATES else None
    held_by = by_name.get((card.synthetic.nic.master if card.synthetic else None) or "")
    if held_by is not None and held_by is not own:
        # An aggregate under another name serves as well, if it is one for failover.
        if held_by.nic.kind in _AGGREGATES and held_by.aggregate_mode in _FAILOVER_MODES:
            return _Situation(card, held_by)
        return _Situation(card, obstacle=f"{pair.synthetic} is in {held_by.nic.name}")
    if own is None:
        return _without_aggregate(pair, card, named, actual)
    mode = dict(pair.options).get("mode", own.aggregate_mode)
    if own.aggregate_mode not in (None, mode):
        return _Situation(card, obstacle=f"{pair.aggregate} is {own.aggregate_mode}, not {mode}")
    # Where there is no synthetic NIC at all, the VF is all the machine has.
    if card.synthetic is not None and held_by is None and pair.aggregate not in actual.seen:
        return _Situation(card, obstacle=f"{pair.aggregate} does not hold {pair.synthetic} yet")
    return _Situation(card, own)


def _without_aggregate(
    pair: WantedPair, card: _Card, named: Link | None, actual: ActualState
) -> _Situation:
    if named is not None:
        return _Situation(card, obstacle=f"{pair.aggregate} is no aggregate")
    if pair.aggregate not in actual.seen:
        return _Situation(card, obstacle=f"{pair.aggregate} is not there yet")
    if card.synthetic is None:
        return _Situation(card, obstacle=f"{pair.aggregate} and {pair.synthetic} are gone")
    if card.synthetic.addresses:
        # Somebody has configured the NIC itself; taking that away could cut the machine off.
        return _Situation(
            card, obstacle=f"{pair.aggregate} is gone and {card.synthetic.nic.name} has addresses"
        )
    return _Situation(card, may_rebuild=True, obstacle=f"{pair.aggregate} is gone")


def _card(pair: WantedPair, actual: ActualState) -> _Card:
    """The pair's devices by address and driver.

    On FreeBSD hw.hn.vfmap comes first, since a lagg's port may show the
    lagg's address as its own.  Of several VFs the one that has joined comes
    first, then the one that appeared last.
    """
    cards = [one for one in actual.links if one.nic.bus is not None]
    same = [one for one in cards if pair.mac in (one.nic.permanent_mac, one.nic.hardware_mac)]
    synthetics = [
        one
        for one in same
        if one.nic.kind is Kind.ETHERNET and one.nic.driver in pair.synthetic_drivers
    ]
    synthetic = synthetics[0] if synthetics else None
    mapped = {vf for hn, vf in actual.vf_map if synthetic and hn == synthetic.nic.name}
    vfs = [
        one
        for one in cards
        if one.nic.kind is Kind.ETHERNET
        and (one in same or one.nic.name in mapped)
        and one.nic.driver not in pair.synthetic_drivers
    ]
    order = sorted(
        vfs,
        key=lambda one: (
            one.nic.name not in mapped,
            one.nic.master != pair.aggregate,
            -one.index,
            one.nic.name,
        ),
    )
    return _Card(synthetic, tuple(order))


def _kernels_master(pair: WantedPair, card: _Card, actual: ActualState) -> str:
    """What shows that the kernel drives the pair itself; empty where it does not."""
    if actual.vf_transparent:
        return "hw.hn.vf_transparent"
    members = [one.nic.name for one in (*card.vfs, *([card.synthetic] if card.synthetic else []))]
    for link in actual.links:
        if link.nic.kind is Kind.FAILOVER and (
            link.nic.hardware_mac == pair.mac or set(link.nic.lowers) & set(members)
        ):
            return link.nic.name
    synthetic = card.synthetic.nic.name if card.synthetic else None
    owned = any(vf.nic.master is not None and vf.nic.master == synthetic for vf in card.vfs)
    return synthetic or "" if owned else ""


def _kind_of(link: Link, actual: ActualState) -> tuple[str, ...]:
    """The kind of a device's master, which decides how it is taken out."""
    return tuple(one.nic.kind.value for one in actual.links if one.nic.name == link.nic.master)


def _is_in(link: Link, aggregate: Link) -> bool:
    return link.nic.master == aggregate.nic.name


def _steps_of(pair: WantedPair, actual: ActualState) -> list[Step]:
    here = _situation(pair, actual)
    if here.is_kernels:
        return []
    if here.aggregate is None:
        found = [step for vf in here.card.vfs for step in _quieten(pair, vf, actual)]
        if here.may_rebuild and pair.aggregate not in actual.refused:
            found.append(Step(StepKind.REBUILD, pair.mac, pair.aggregate))
        return found
    found = []
    if here.card.synthetic is not None:
        found += _as_member(pair, here.card.synthetic, here.aggregate, actual)
    chosen = next((vf for vf in here.card.vfs if vf.nic.name not in actual.refused), None)
    for vf in here.card.vfs:
        if vf is chosen or _is_in(vf, here.aggregate):
            found += _as_member(pair, vf, here.aggregate, actual)
        else:
            found += _quieten(pair, vf, actual)
    if chosen is not None and pair.primary and here.aggregate.primary != chosen.nic.name:
        found.append(Step(StepKind.SET_PRIMARY, pair.mac, chosen.nic.name, here.aggregate.nic.name))
    return found


def _quieten(pair: WantedPair, link: Link, actual: ActualState) -> list[Step]:
    """A VF that cannot join is down and bears no address; one that failed is only set down.

    One that is in the wanted aggregate, though that is not as it should be, is not cut off.
    """
    is_in = link.nic.master is not None and link.nic.master == pair.aggregate
    lower = [Step(StepKind.LOWER, pair.mac, link.nic.name)] if link.is_up and not is_in else []
    return [*lower, *(_cleared(pair, link) if link.nic.name not in actual.refused else [])]


def _cleared(pair: WantedPair, link: Link) -> list[Step]:
    """The client first, or it would put its address back."""
    found = []
    if link.dhcp_client is not None:
        found.append(
            Step(StepKind.STOP_CLIENT, pair.mac, link.nic.name, values=(str(link.dhcp_client),))
        )
    if link.addresses:
        found.append(Step(StepKind.TAKE_ADDRESSES, pair.mac, link.nic.name, values=link.addresses))
    return found


def _as_member(pair: WantedPair, link: Link, aggregate: Link, actual: ActualState) -> list[Step]:
    name, mac = link.nic.name, pair.mac
    if name in actual.refused:
        return []
    raised = Step(StepKind.RAISE, mac, name)
    if _is_in(link, aggregate):
        return [*_cleared(pair, link), *([] if link.is_up else [raised])]
    found = [Step(StepKind.LOWER, mac, name)] if link.is_up else []
    found += _cleared(pair, link)
    if link.nic.master is not None:
        found.append(Step(StepKind.LEAVE, mac, name, link.nic.master, _kind_of(link, actual)))
    if actual.system is System.FREEBSD and not link.ipv6_disabled:
        found.append(Step(StepKind.DISABLE_IPV6, mac, name))
    mtu = aggregate.nic.mtu
    if mtu is not None and link.nic.mtu is not None and link.nic.mtu != mtu:
        found.append(Step(StepKind.SET_MTU, mac, name, values=(str(mtu),)))
    found.append(Step(StepKind.JOIN, mac, name, aggregate.nic.name))
    if actual.system is System.FREEBSD:
        # A bond raises what joins it; a lagg leaves that to whoever adds the port.
        found.append(raised)
    return found
