"""A bond that was deleted, made again for networkd.

It configures a bond of a name it knows as soon as there is one, so that it is enough to
make it: in one request, since a bond whose mode is still the kernel's default must not
be seen.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Make the bond with its options.  Raises HypervNetError where that fails."""
    mtu = ("mtu", str(pair.mtu)) if pair.mtu is not None else ()
    options = (word for option in pair.options for word in option)
    means.run(("ip", "link", "add", "name", pair.aggregate, "up", *mtu, "type", "bond", *options))
