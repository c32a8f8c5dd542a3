"""The steps on Linux: rtnetlink for what is done to a NIC, bonding's files in sysfs for the bond.

Documentation/networking/bonding.rst of torvalds/linux describes the files.
The kernel wants a device down before it joins, and sets it up itself
(bond_enslave() in drivers/net/bonding/bond_main.c).
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.link_change import LinkChange, What
from hyperv_net.hotplug.act.rebuilding import rebuild
from hyperv_net.hotplug.decide.step import StepKind
from hyperv_net.inventory.rooted import CLASS_NET
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.wanted import Wanted


def carry_out(step: Step, wanted: Wanted, means: Means) -> None:
    """Take one step.  Raises HypervNetError where it fails."""
    device = step.device
    bonding = f"{CLASS_NET}/{step.master}/bonding"
    if step.kind is StepKind.STOP_CLIENT:
        means.stop_process(step.values[0])
    elif step.kind is StepKind.LOWER:
        _lower(step, means)
    elif step.kind is StepKind.RAISE:
        means.change(LinkChange(What.UP, step.ifindex))
    elif step.kind is StepKind.TAKE_ADDRESSES:
        means.change(LinkChange(What.FLUSH, step.ifindex))
    elif step.kind is StepKind.LEAVE:
        means.change(LinkChange(What.NO_MASTER, step.ifindex))
    elif step.kind is StepKind.SET_MTU:
        means.change(LinkChange(What.MTU, step.ifindex, int(step.values[0])))
    elif step.kind is StepKind.JOIN:
        means.change(LinkChange(What.MASTER, step.ifindex, step.master_ifindex))
    elif step.kind is StepKind.SET_PRIMARY:
        # To the kernel it is a name, which may be that of none, and by an index that has gone it
        # would be taken away (bond_changelink() of bond_netlink.c).
        means.write(f"{bonding}/primary", f"{device}\n")
    elif step.kind is StepKind.FORGET_PRIMARY:
        means.write(f"{bonding}/primary", "\n")
    elif step.kind is StepKind.SET_RESELECT:
        means.write(f"{bonding}/primary_reselect", f"{step.values[0]}\n")
    elif step.kind is StepKind.ACTIVATE:
        means.change(LinkChange(What.ACTIVE, step.master_ifindex, step.ifindex))
    elif step.kind in (StepKind.RECEIVE_BY_ALL, StepKind.RECEIVE_BY_ACTIVE):
        text = "1\n" if step.kind is StepKind.RECEIVE_BY_ALL else "0\n"
        means.write(f"{bonding}/all_slaves_active", text)
    elif step.kind is StepKind.REBUILD:
        rebuild(step, wanted, means)


def _lower(step: Step, means: Means) -> None:
    """Set a device down, unless it is in the aggregate by now that it was seen outside of.

    udev joins a VF at the same time, and the member that is lowered then may
    carry all of the traffic.
    """
    master = means.target_of(f"{CLASS_NET}/{step.device}/master").rpartition("/")[2]
    if master and master == step.master:
        raise HypervNetError(f"it has joined {master} meanwhile", where=step.device)
    means.change(LinkChange(What.DOWN, step.ifindex))
