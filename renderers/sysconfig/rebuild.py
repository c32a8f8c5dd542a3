"""A bond that was deleted, made again: the script ifup does all of it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Bring the bond up.  Raises HypervNetError where that fails."""
    means.run_long(("ifup", pair.aggregate))
