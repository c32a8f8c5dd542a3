"""An aggregate that was deleted, made again as the machine's target makes it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.wanted import Wanted


def rebuild(step: Step, wanted: Wanted, means: Means) -> None:
    """Take a step REBUILD.  Raises HypervNetError where it fails."""
    pair = next(one for one in wanted.pairs if one.aggregate == step.device)
    load(wanted.target).rebuild(pair, means)
