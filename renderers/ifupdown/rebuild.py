"""A bond that was deleted, made again: ifup(8) does all of it."""

from __future__ import annotations

from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Take down what ifupdown believes to be up, and bring it up.  Raises HypervNetError."""
    # Its DHCP client outlived the bond, and would stay beside the new one.
    with suppress(HypervNetError):
        means.run_long(("ifdown", "--force", pair.aggregate))
    means.run_long(("ifup", "--force", pair.aggregate))
