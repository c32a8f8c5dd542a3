"""An aggregate that was deleted, made again as the machine's target makes it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.wanted import Wanted


def rebuild(step: Step, wanted: Wanted, means: Means) -> None:
    """Take a step REBUILD, or have it taken where this process may not.

    Raises HypervNetError where it fails.
    """
    if means.hand_over is not None:
        means.hand_over(step.device)
    else:
        make_again(step.device, wanted, means)


def make_again(aggregate: str, wanted: Wanted, means: Means) -> None:
    """Make it with the target's own programs.  Raises HypervNetError where that fails."""
    pair = next(one for one in wanted.pairs if one.aggregate == aggregate)
    load(wanted.target).rebuild(pair, means)
