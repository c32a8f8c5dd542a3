"""Whether a drain still does what it is for, looked at while nobody else need look.

The worker sees to it at each event of a VF.  Where no rule wakes one, as on a machine of the
kernel's own pairs that was never configured, hv_netvsc moves the data path to a VF that returns,
since it sets that up (netvsc_vf_join() of drivers/net/hyperv/netvsc_drv.c, torvalds/linux).
"""

from __future__ import annotations

from hyperv_net.hotplug.decide.drain import drain_steps, drained_pairs
from hyperv_net.hotplug.decide.drain_phase import going_on
from hyperv_net.hotplug.kept.drains import read_drains
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.hotplug.running import reader, wanted_here
from hyperv_net.hotplug.wanted import RUN_DIRECTORY, Wanted
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.system import running_system

if TYPE_CHECKING:
    from hyperv_net.hotplug.look.state import ActualState


def has_lapsed(actual: ActualState, wanted: Wanted) -> bool:
    """Whether something is left to do for the traffic of a drained pair to be off its VF."""
    drains = going_on(actual, wanted)
    then = actual._replace(drains=drains)
    drained = {one.mac for one in drains if one.is_of_event and one.phase is not Phase.ENDING}
    return any(drain_steps(pair, then) for pair in wanted.pairs if pair.mac in drained)


def has_lapsed_here(root: str = "/") -> bool:
    """The same of this machine, which is only looked at: whoever drains has the worker's lock.

    A worker that is just about to do it is seen as well, and waited for by who drains then.
    Raises HypervNetError where the machine cannot be looked at.
    """
    system = running_system()
    if not any(one.is_of_event for one in read_drains(root.rstrip("/") + RUN_DIRECTORY[system])):
        return False
    wanted = wanted_here(root)
    nothing = Wanted(system, target="")
    actual = reader(wanted or nothing, root, addresses=False)()
    return has_lapsed(actual, wanted or nothing._replace(pairs=drained_pairs(actual)))
