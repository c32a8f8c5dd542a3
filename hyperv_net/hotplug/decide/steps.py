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

from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.decide.drain import (
    drain_steps,
    end_steps,
    is_kept_down,
    keeps_its_active_member,
    primary_steps,
)
from hyperv_net.hotplug.decide.receiving import receiving_steps
from hyperv_net.hotplug.decide.situation import is_in, situation
from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.decide.situation import Situation
    from hyperv_net.hotplug.look.state import ActualState, Link
    from hyperv_net.hotplug.wanted import Wanted, WantedPair


def steps(actual: ActualState, wanted: Wanted) -> tuple[Step, ...]:
    """The steps that are left, pair after pair; none where all is as it should be."""
    indexes = {link.nic.name: link.ifindex for link in actual.links}
    return tuple(
        step._replace(
            ifindex=indexes.get(step.device, 0), master_ifindex=indexes.get(step.master, 0)
        )
        for pair in wanted.pairs
        for step in _steps_of(pair, actual)
    )


def obstacles(actual: ActualState, wanted: Wanted) -> tuple[str, ...]:
    """Why some pairs cannot be what is wanted, one sentence each."""
    found = [(pair, situation(pair, actual)) for pair in _ours(wanted)]
    said = [(pair, here.obstacle) for pair, here in found if here.obstacle]
    said += [(pair, text) for pair, here in found for text in _left(pair, here)]
    return tuple(f"{pair.mac}: {text}" for pair, text in said)


def _left(pair: WantedPair, here: Situation) -> Iterator[str]:
    """The addresses that nobody but their owner can move: ifconfig shows no vhid's password."""
    synthetic = here.card.synthetic
    if here.aggregate is not None and synthetic is not None and synthetic.shared_addresses:
        yield (
            f"{', '.join(synthetic.shared_addresses)} of a vhid is left on {synthetic.nic.name}, "
            f"from which nothing is sent: give the vhid to {pair.aggregate}"
        )


def complete(actual: ActualState, wanted: Wanted) -> frozenset[str]:
    """The wanted aggregates that hold their synthetic NIC at this moment."""
    held = set()
    for pair in _ours(wanted):
        here = situation(pair, actual)
        synthetic, aggregate = here.card.synthetic, here.aggregate
        if synthetic is not None and aggregate is not None and is_in(synthetic, aggregate):
            held.add(aggregate.nic.name)
    return frozenset(held)


def _ours(wanted: Wanted) -> Iterator[WantedPair]:
    return (pair for pair in wanted.pairs if pair.mode is Mode.AGGREGATE)


def _kind_of(link: Link, actual: ActualState) -> tuple[str, ...]:
    """The kind of a device's master, which decides how it is taken out."""
    return tuple(one.nic.kind.value for one in actual.links if one.nic.name == link.nic.master)


def _steps_of(pair: WantedPair, actual: ActualState) -> list[Step]:
    if actual.is_off:
        return end_steps(pair, actual)
    here = situation(pair, actual)
    if pair.mode is Mode.TRANSPARENT or here.is_kernels:
        return drain_steps(pair, actual)
    if here.aggregate is None:
        found = [step for vf in here.card.vfs for step in _quieten(pair, vf, actual)]
        if here.may_rebuild and pair.aggregate not in actual.refused:
            found.append(Step(StepKind.REBUILD, pair.mac, pair.aggregate))
        return found
    found = []
    if here.card.synthetic is not None:
        synthetic = here.card.synthetic
        moved = () if synthetic.nic.name in actual.refused else synthetic.host_addresses
        found += _moved(pair, synthetic, moved)
        kept = (*moved, *synthetic.shared_addresses)
        left = tuple(one for one in synthetic.addresses if one not in kept)
        found += _as_member(pair, synthetic._replace(addresses=left), here.aggregate, actual)
    chosen = next((vf for vf in here.card.vfs if vf.nic.name not in actual.refused), None)
    if chosen is not None and not is_in(chosen, here.aggregate):
        found += primary_steps(pair, here.aggregate, actual)
    for vf in here.card.vfs:
        if vf is chosen or is_in(vf, here.aggregate):
            found += _as_member(pair, vf, here.aggregate, actual)
        else:
            found += _quieten(pair, vf, actual)
    found += receiving_steps(pair, actual)
    is_told = pair.primary and not keeps_its_active_member(pair, actual)
    if chosen is not None and is_told and here.aggregate.primary != chosen.nic.name:
        found += _as_primary(pair, chosen, here.aggregate, actual)
    return [*found, *drain_steps(pair, actual)]


def _as_primary(pair: WantedPair, vf: Link, aggregate: Link, actual: ActualState) -> list[Step]:
    """A bond is told; a lagg's primary has to join again, once the VF can carry the traffic."""
    step = Step(StepKind.SET_PRIMARY, pair.mac, vf.nic.name, aggregate.nic.name)
    if actual.system is System.LINUX:
        return [step]
    can_carry = is_in(vf, aggregate) and vf.is_up and vf.nic.state != "down"
    former = aggregate.primary
    return [step._replace(values=(former,))] if can_carry and former is not None else []


def _quieten(pair: WantedPair, link: Link, actual: ActualState) -> list[Step]:
    """A VF that cannot join is down and bears no address; one that failed is only set down.

    One that is in the wanted aggregate, though that is not as it should be, is not cut off.
    """
    is_member = link.nic.master is not None and link.nic.master == pair.aggregate
    lower = Step(StepKind.LOWER, pair.mac, link.nic.name, pair.aggregate)
    lowered = [lower] if link.is_up and not is_member else []
    return [*lowered, *(_cleared(pair, link) if link.nic.name not in actual.refused else [])]


def _moved(pair: WantedPair, synthetic: Link, addresses: tuple[str, ...]) -> list[Step]:
    """What somebody put on the synthetic NIC by purpose is the aggregate's, as all it had is.

    Such an address has no network: a jail's.  A DHCP client's has one, and what it
    had is not moved, since nobody would give it up when the lease has ended.
    """
    name, kind = synthetic.nic.name, StepKind.MOVE_ADDRESSES
    return [Step(kind, pair.mac, name, pair.aggregate, addresses)] if addresses else []


def _cleared(pair: WantedPair, link: Link) -> list[Step]:
    """The client first, or it would put its address back."""
    found = []
    if link.dhcp_client is not None:
        found.append(
            Step(StepKind.STOP_CLIENT, pair.mac, link.nic.name, values=(str(link.dhcp_client),))
        )
    if link.addresses:
        found.append(
            Step(
                StepKind.TAKE_ADDRESSES,
                pair.mac,
                link.nic.name,
                values=link.addresses,
                blamed=link.managers,
            )
        )
    return found


def _as_member(pair: WantedPair, link: Link, aggregate: Link, actual: ActualState) -> list[Step]:
    name, mac = link.nic.name, pair.mac
    if name in actual.refused:
        return []
    raised = [] if is_kept_down(pair, link, actual) else [Step(StepKind.RAISE, mac, name)]
    if actual.system is System.FREEBSD and not link.ipv6_disabled:
        off = [Step(StepKind.DISABLE_IPV6, mac, name)]
    else:
        off = []
    if is_in(link, aggregate):
        # Once up, a port with IPv6 gives itself a link-local address.
        return [*_cleared(pair, link), *([] if link.is_up else [*off, *raised])]
    found = [Step(StepKind.LOWER, mac, name, aggregate.nic.name)] if link.is_up else []
    found += _cleared(pair, link)
    if link.nic.master is not None:
        found.append(Step(StepKind.LEAVE, mac, name, link.nic.master, _kind_of(link, actual)))
    found += off
    mtu = aggregate.nic.mtu
    if mtu is not None and link.nic.mtu is not None and link.nic.mtu != mtu:
        found.append(Step(StepKind.SET_MTU, mac, name, values=(str(mtu),)))
    found.append(Step(StepKind.JOIN, mac, name, aggregate.nic.name))
    if actual.system is System.FREEBSD:
        # A bond raises what joins it; a lagg leaves that to whoever adds the port.
        found += raised
    return found
