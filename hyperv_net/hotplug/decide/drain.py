"""Traffic moved to the synthetic NIC before an announced migration, and back.

A drained pair is a wanted state of its own.  A bond is told not to go back to
its primary (`primary_reselect` failure) and which member to send through.
Where the kernel drives the pair, and in a lagg, nothing can be told: there the
VF is set down, which makes the synthetic NIC carry the traffic.

When a drain begins and when it is over is decided in `drain_phase`.
"""

from __future__ import annotations

from hyperv_net.facts import Kind, Mode, System
from hyperv_net.hotplug.decide.situation import is_in, situation
from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.hotplug.wanted import WantedPair
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.decide.situation import Situation
    from hyperv_net.hotplug.look.state import ActualState, Drain, Link

#: The bond stays with the member it has until that fails (bonding.rst of torvalds/linux).
KEEP = "failure"


def drain_of(pair: WantedPair, actual: ActualState) -> Drain | None:
    """The drain of a pair, if it is drained."""
    return next((one for one in actual.drains if one.mac == pair.mac), None)


def drained_pairs(actual: ActualState) -> tuple[WantedPair, ...]:
    """The pairs that are drained, of a machine that was never configured: they are the kernel's.

    Of the NICs that a card has, the one that is not on PCI is the hypervisor's own.
    """
    found = {}
    for link in actual.links:
        nic = link.nic
        if nic.kind is Kind.ETHERNET and nic.bus not in (None, "pci") and nic.driver:
            for mac in (nic.permanent_mac, nic.hardware_mac):
                if mac is not None:
                    found[mac] = WantedPair(mac, Mode.TRANSPARENT, nic.name, (nic.driver,))
    return tuple(found[drain.mac] for drain in actual.drains if drain.mac in found)


def vf_to_drain(pair: WantedPair, actual: ActualState) -> Link | None:
    """The VF that carries a pair's traffic or might; None where it is away."""
    vfs = situation(pair, actual).card.vfs
    return vfs[0] if vfs else None


def obstacle(pair: WantedPair, actual: ActualState) -> str:
    """Why a pair with a VF cannot be drained; empty where it can be."""
    if actual.is_off:
        return "hyperv-net is turned off"
    here = situation(pair, actual)
    synthetic = here.card.synthetic
    if synthetic is None:
        return "there is no synthetic NIC to move the traffic to"
    if not is_transparent(pair, here):
        if here.aggregate is None:
            return here.obstacle
    elif reason := left_to_kernel(pair, actual):
        return reason
    elif any(vf.nic.master is None for vf in here.card.vfs):
        return "the kernel has not taken the VF"
    if not synthetic.is_up:
        return f"{synthetic.nic.name} is down"
    # A hn(4) has no link of its own as long as its VF is up.
    if actual.system is System.LINUX and synthetic.nic.state == "down":
        return f"{synthetic.nic.name} has no link"
    return ""


def left_to_kernel(pair: WantedPair, actual: ActualState) -> str:
    """Why the switch of a pair is left to the kernel for good; empty where the pair may be drained.

    A pair of hv_netvsc's, which is transparent as well, may be.
    """
    here = situation(pair, actual)
    synthetic = here.card.synthetic
    if synthetic is None or not is_transparent(pair, here):
        return ""
    if actual.system is System.FREEBSD:
        # hn(4) would set the VF up again: hn_xpnt_vf_init() of sys/dev/hyperv/netvsc/if_hn.c.
        return "hn(4) switches by itself when the VF leaves"
    if _is_of_failover(synthetic, actual):
        # While it has a VF, up or down, it hands nothing on that its standby receives:
        # net_failover_handle_frame() of drivers/net/net_failover.c (torvalds/linux).
        return f"net_failover hears nothing through {synthetic.nic.name} before the VF is gone"
    return ""


def _is_of_failover(synthetic: Link, actual: ActualState) -> bool:
    """Whether a NIC is the standby of a device of net_failover."""
    masters = {link.nic.name for link in actual.links if link.nic.kind is Kind.FAILOVER}
    return synthetic.nic.master in masters


def drain_steps(pair: WantedPair, actual: ActualState) -> list[Step]:
    """What is left to do for the pair's drain, or for its end; none where it is not drained."""
    drain = drain_of(pair, actual)
    if drain is None:
        return []
    here = situation(pair, actual)
    if drain.phase is Phase.ENDING:
        # The ports of a lagg are raised as at any other time.
        is_lagg = not is_bond(pair, here, actual) and not is_transparent(pair, here)
        return [] if is_lagg else end_steps(pair, actual)
    if is_bond(pair, here, actual):
        return bond_moved(pair, here, actual)
    vf = drained_vf(drain, here)
    if drain.phase is not Phase.BEGUN or vf is None or vf.nic.name in actual.refused:
        return []
    return [Step(StepKind.LOWER, pair.mac, vf.nic.name)] if vf.is_up else []


def end_steps(pair: WantedPair, actual: ActualState) -> list[Step]:
    """What is left to do for the traffic of a pair to go to its VF, where its drain has ended.

    All that is done where hyperv-net is turned off: a VF that has left its pair stays out.
    """
    drain = drain_of(pair, actual)
    if drain is None or drain.phase is not Phase.ENDING:
        return []
    here = situation(pair, actual)
    if is_bond(pair, here, actual):
        return bond_back(drain, pair, here, actual)
    vf = drained_vf(drain, here)
    if vf is None or vf.is_up or vf.nic.name in actual.refused:
        return []
    is_in_place = is_transparent(pair, here) or (
        here.aggregate is not None and is_in(vf, here.aggregate)
    )
    return [Step(StepKind.RAISE, pair.mac, vf.nic.name)] if is_in_place else []


def is_kept_down(pair: WantedPair, link: Link, actual: ActualState) -> bool:
    """Whether a lagg's port is down because its pair is drained."""
    drain = drain_of(pair, actual)
    return (
        drain is not None
        and drain.phase is not Phase.ENDING
        and actual.system is System.FREEBSD
        and names_vf(drain, link)
    )


def keeps_its_active_member(pair: WantedPair, actual: ActualState) -> bool:
    """Whether a bond must not be told its primary, which would move the traffic back."""
    drain = drain_of(pair, actual)
    return drain is not None and drain.phase is not Phase.ENDING


def primary_steps(pair: WantedPair, aggregate: Link, actual: ActualState) -> list[Step]:
    """What a bond that is to stay where it is needs before a VF joins it.

    It remembers its primary by name when that has left, and sends through whatever joins under
    that name, though its primary_reselect says otherwise (force_primary in bond_enslave() and
    bond_choose_primary_or_current() of drivers/net/bonding/bond_main.c, torvalds/linux; seen with
    Linux 6.12, and not once the primary was forgotten).
    """
    name = aggregate.nic.name
    is_told = pair.primary and actual.system is System.LINUX and name not in actual.refused
    if not (is_told and keeps_its_active_member(pair, actual)):
        return []
    return [Step(StepKind.FORGET_PRIMARY, pair.mac, name, name)]


def is_drained(pair: WantedPair, actual: ActualState) -> bool:
    """Whether the traffic of a pair goes through its synthetic NIC because it is drained."""
    drain = drain_of(pair, actual)
    if drain is None or drain.phase is Phase.ENDING:
        return False
    here = situation(pair, actual)
    if not is_bond(pair, here, actual):
        vf = drained_vf(drain, here)
        return vf is None or not vf.is_up
    synthetic, aggregate = here.card.synthetic, here.aggregate
    return (
        synthetic is not None
        and aggregate is not None
        and aggregate.reselect in (KEEP, None)
        and aggregate.active in (synthetic.nic.name, None)
    )


def is_transparent(pair: WantedPair, here: Situation) -> bool:
    """Whether the kernel chooses between the pair's NICs."""
    return pair.mode is Mode.TRANSPARENT or here.is_kernels


def is_bond(pair: WantedPair, here: Situation, actual: ActualState) -> bool:
    """Whether the pair is in a bond, which can be told through which member to send."""
    return actual.system is System.LINUX and not is_transparent(pair, here)


def names_vf(drain: Drain, link: Link) -> bool:
    """Whether a device is the VF that was drained; an index is never given twice on Linux."""
    return drain.vf == link.ifindex if drain.vf else drain.vf_name == link.nic.name


def drained_vf(drain: Drain, here: Situation) -> Link | None:
    """The VF that was drained, while it is there."""
    return next((vf for vf in here.card.vfs if names_vf(drain, vf)), None)


def bond_moved(pair: WantedPair, here: Situation, actual: ActualState) -> list[Step]:
    """What is left to do for a bond to send through the synthetic NIC, and to stay there."""
    synthetic, aggregate = here.card.synthetic, here.aggregate
    if synthetic is None or aggregate is None or not is_in(synthetic, aggregate):
        return []
    name = aggregate.nic.name
    if name in actual.refused:
        return []
    found = []
    if aggregate.reselect not in (None, KEEP):
        found.append(Step(StepKind.SET_RESELECT, pair.mac, name, name, (KEEP,)))
    is_able = synthetic.nic.state != "down" and synthetic.nic.name not in actual.refused
    if is_able and aggregate.active not in (None, synthetic.nic.name):
        found.append(Step(StepKind.ACTIVATE, pair.mac, synthetic.nic.name, name))
    return found


def bond_back(drain: Drain, pair: WantedPair, here: Situation, actual: ActualState) -> list[Step]:
    """What is left to do for a bond to be as it was: the traffic goes to the VF that is there."""
    aggregate, vf = here.aggregate, drained_vf(drain, here)
    if aggregate is None:
        return []
    name = aggregate.nic.name
    found = []
    if drain.reselect and aggregate.reselect != drain.reselect and name not in actual.refused:
        found.append(Step(StepKind.SET_RESELECT, pair.mac, name, name, (drain.reselect,)))
    if (
        drain.was_active
        and vf is not None
        and is_in(vf, aggregate)
        and vf.nic.state != "down"
        and vf.nic.name not in actual.refused
        and aggregate.active not in (None, vf.nic.name)
    ):
        found.append(Step(StepKind.ACTIVATE, pair.mac, vf.nic.name, name))
    return found
