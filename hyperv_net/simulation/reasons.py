"""Why the hook takes a step, in one clause; the decisions' own modules have the long form."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.hotplug.decide.drain import drain_steps
from hyperv_net.hotplug.decide.receiving import receiving_steps
from hyperv_net.hotplug.decide.step import StepKind
from hyperv_net.hotplug.decide.steps import steps
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted

_WHY = {
    StepKind.STOP_CLIENT: "it would put its address back on a member",
    StepKind.LOWER: "outside of its aggregate a VF is down, and a bond takes only what is down",
    StepKind.TAKE_ADDRESSES: "a member bears no address",
    StepKind.MOVE_ADDRESSES: "what the synthetic NIC has by purpose is the aggregate's",
    StepKind.LEAVE: "a card is in one aggregate, its pair's",
    StepKind.DISABLE_IPV6: "a port would give itself a link-local address once it is up",
    StepKind.SET_MTU: "a member has its aggregate's MTU",
    StepKind.JOIN: "the pair's VF belongs in its aggregate",
    StepKind.RAISE: "a lagg leaves it to others to set its port up",
    StepKind.SET_PRIMARY: "it is the fast path whenever it is there",
    StepKind.FORGET_PRIMARY: "a bond sends through what joins under its primary's name",
    StepKind.REBUILD: "it held the synthetic NIC since the boot, and was deleted",
    StepKind.SET_RESELECT: "so that the bond stays where it is sent",
    StepKind.ACTIVATE: "traffic goes to the synthetic NIC ahead of the VF",
    StepKind.RECEIVE_BY_ALL: "frames on their way to the other member are not lost in a move",
    StepKind.RECEIVE_BY_ACTIVE: "the move is made, and each broadcast would come twice",
}
_BOND_JOIN = "; udev's rule takes this step first where the bond holds the synthetic NIC alone"
_IN_A_DRAIN = {
    StepKind.LOWER: "without its VF the pair sends by the synthetic NIC",
    StepKind.RAISE: "the drain is over",
}
_AT_ITS_END = {
    StepKind.SET_RESELECT: "as it was before the drain",
    StepKind.ACTIVATE: "the drain is over, and the VF carried the traffic before it",
}


def decided_by(step: Step, actual: ActualState, wanted: Wanted) -> str:
    """The full name of the function that decided a step of `actual`."""
    plain = step._replace(ifindex=0, master_ifindex=0)
    for function in (drain_steps, receiving_steps):
        for pair in wanted.pairs:
            if pair.mac == step.mac and plain in function(pair, actual):
                return f"{function.__module__}.{function.__name__}"
    return f"{steps.__module__}.{steps.__name__}"


def why(step: Step, actual: ActualState, wanted: Wanted) -> str:
    """The reason for a step of `actual`."""
    if decided_by(step, actual, wanted).endswith(drain_steps.__name__):
        is_over = any(one.mac == step.mac and one.phase.value == "ending" for one in actual.drains)
        found = _AT_ITS_END.get(step.kind) if is_over else None
        found = found or _IN_A_DRAIN.get(step.kind)
        if found:
            return found
    reason = _WHY[step.kind]
    is_bond_join = step.kind is StepKind.JOIN and actual.system is System.LINUX
    return reason + (_BOND_JOIN if is_bond_join else "")
