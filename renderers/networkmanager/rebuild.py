"""A bond that was deleted, made again: NetworkManager does all of it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Bring the connection up, by the name that cloud-init gives it.

    cloudinit/net/network_manager.py.  Raises HypervNetError where that fails.
    """
    means.run_long(("nmcli", "connection", "up", "id", f"cloud-init {pair.aggregate}"))
