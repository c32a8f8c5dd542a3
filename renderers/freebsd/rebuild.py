"""A lagg that was deleted, made again: rc(8) does it, from rc.conf."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Start the interface, which creates what is in `cloned_interfaces` (rc.d/netif)."""
    means.run_long(("/usr/sbin/service", "netif", "quietstart", pair.aggregate))
