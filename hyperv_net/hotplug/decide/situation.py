"""What a pair's devices are at this moment, and whether its aggregate can take the VF."""

from __future__ import annotations

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.facts import Kind, System
from hyperv_net.inventory.told import is_told
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.hotplug.look.state import ActualState, Link
    from hyperv_net.hotplug.wanted import WantedPair

_AGGREGATES = (Kind.BOND, Kind.LAGG)
_FAILOVER_MODES = ("active-backup", "failover")


class Card(NamedTuple):
    """The devices of one pair as they are now, the VF to be used first."""

    synthetic: Link | None
    vfs: tuple[Link, ...]


class Situation(NamedTuple):
    """A pair's card and its aggregate; `obstacle` says why nothing can join it, if so."""

    card: Card
    aggregate: Link | None = None
    is_kernels: bool = False
    may_rebuild: bool = False
    obstacle: str = ""


def situation(pair: WantedPair, actual: ActualState) -> Situation:
    """The pair's card, what would take its VF, and what stands in the way."""
    card = _card(pair, actual)
    by_name = {link.nic.name: link for link in actual.links}
    owner = _kernels_master(pair, card, actual)
    if owner:
        return Situation(card, is_kernels=True, obstacle=f"the kernel owns the pair ({owner})")
    named = by_name.get(pair.aggregate)
    own = named if named is not None and named.nic.kind in _AGGREGATES else None
    held_by = by_name.get((card.synthetic.nic.master if card.synthetic else None) or "")
    if held_by is not None and held_by is not own:
        # An aggregate under another name serves as well, if it is one for failover.
        if held_by.nic.kind in _AGGREGATES and held_by.aggregate_mode in _FAILOVER_MODES:
            return Situation(card, held_by)
        return Situation(card, obstacle=f"{pair.synthetic} is in {held_by.nic.name}")
    if own is None:
        return _without_aggregate(pair, card, named, actual)
    mode = dict(pair.options).get("mode", own.aggregate_mode)
    if own.aggregate_mode not in (None, mode):
        return Situation(card, obstacle=f"{pair.aggregate} is {own.aggregate_mode}, not {mode}")
    # Where there is no synthetic NIC at all, the VF is all the machine has.
    if card.synthetic is not None and held_by is None and pair.aggregate not in actual.seen:
        return Situation(card, obstacle=f"{pair.aggregate} does not hold {pair.synthetic} yet")
    return Situation(card, own)


def carrying(here: Situation) -> Link | None:
    """The NIC that a pair's traffic goes through; None where none can send.

    An aggregate says it.  Elsewhere it is the VF for as long as that is up:
    the kernel's own drivers choose so.
    """
    card, aggregate = here.card, here.aggregate
    if aggregate is not None and (aggregate.nic.kind is Kind.BOND or aggregate.active):
        nics = (*card.vfs, *([card.synthetic] if card.synthetic else []))
        return next((one for one in nics if one.nic.name == aggregate.active), None)
    for vf in card.vfs:
        is_joined = here.is_kernels or (aggregate is not None and is_in(vf, aggregate))
        if is_joined and vf.is_up and vf.nic.state != "down":
            return vf
    return card.synthetic


def _without_aggregate(
    pair: WantedPair, card: Card, named: Link | None, actual: ActualState
) -> Situation:
    if named is not None:
        return Situation(card, obstacle=f"{pair.aggregate} is no aggregate")
    if pair.aggregate not in actual.seen:
        return Situation(card, obstacle=f"{pair.aggregate} is not there yet")
    if card.synthetic is None:
        return Situation(card, obstacle=f"{pair.aggregate} and {pair.synthetic} are gone")
    # A jail's address, or one that moves between machines, gives no machine its network.
    beside = (*card.synthetic.host_addresses, *card.synthetic.shared_addresses)
    if set(card.synthetic.addresses).difference(beside):
        # Somebody has configured the NIC itself; taking that away could cut the machine off.
        return Situation(
            card, obstacle=f"{pair.aggregate} is gone and {card.synthetic.nic.name} has addresses"
        )
    return Situation(card, may_rebuild=True, obstacle=f"{pair.aggregate} is gone")


def _card(pair: WantedPair, actual: ActualState) -> Card:
    """The pair's devices by address and driver, or as the VF was told.

    On FreeBSD hw.hn.vfmap comes first, since a lagg's port may show the
    lagg's address as its own; and where a release does not tell the driver of
    a NIC that was renamed, the one of the configured name is the synthetic.
    Of several VFs the one that has joined comes first, then the one that
    appeared last.
    """

    def is_synthetic(one: Link) -> bool:
        if one.nic.driver is None and actual.system is System.FREEBSD:
            return one.nic.name == pair.synthetic
        return one.nic.driver in pair.synthetic_drivers

    here = [one for one in actual.links if one.nic.kind is Kind.ETHERNET]
    cards = [one for one in here if one.nic.bus is not None or is_synthetic(one)]
    same = [one for one in cards if pair.mac in (one.nic.permanent_mac, one.nic.hardware_mac)]
    synthetic = next(filter(is_synthetic, same), None)
    mapped = {vf for hn, vf in actual.vf_map if synthetic and hn == synthetic.nic.name}

    def is_vf(one: Link) -> bool:
        if pair.vf:
            return is_told(pair.vf, one.nic)
        return one in same or one.nic.name in mapped

    vfs = [one for one in cards if is_vf(one) and not is_synthetic(one)]
    aggregates = {pair.aggregate, synthetic.nic.master if synthetic else None} - {None, ""}
    order = sorted(
        vfs,
        key=lambda one: (
            one.nic.name not in mapped,
            one.nic.master not in aggregates,
            -one.ifindex,
            one.nic.name,
        ),
    )
    return Card(synthetic, tuple(order))


def _kernels_master(pair: WantedPair, card: Card, actual: ActualState) -> str:
    """What shows that the kernel drives the pair itself; empty where it does not."""
    # hn(4)'s sysctl is there, and 1, in a kernel without any hn too (if_hn.c).
    if actual.vf_transparent and FREEBSD_SYNTHETIC_DRIVER in pair.synthetic_drivers:
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


def is_in(link: Link, aggregate: Link) -> bool:
    """Whether a device is a member of that aggregate."""
    return link.nic.master == aggregate.nic.name
