"""A lagg that was deleted, made again: rc(8) does it, from rc.conf."""

from __future__ import annotations

from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Start the interface, which creates what is in `cloned_interfaces` (rc.d/netif).

    The static default routes went with the lagg's addresses, and rc.d/netif puts back those
    alone that rc.conf has for one interface by name.
    """
    means.run_long(("/usr/sbin/service", "netif", "quietstart", pair.aggregate))
    # It says that it failed where one of its routes is there.
    with suppress(HypervNetError):
        means.run_long(("/usr/sbin/service", "routing", "quietstart"))
