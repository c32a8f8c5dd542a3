"""Files for systemd-networkd that keep it off VFs which are not its to join."""

from __future__ import annotations

from hyperv_net.companions.systemd_network import systemd_file
from hyperv_net.companions.udev_rules import JOINED_BY_RULE, check
from hyperv_net.facts import Mode
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.paths import JOINED_FILE, TRANSPARENT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.model import RenderedFile

# Devices of software that bear the address of the card below them and no type of their own.
_SOFTWARE = ("ipvlan", "macvlan", "net_failover")
_UNMANAGED = ("", "[Link]", "Unmanaged=yes")


def beside(wanted: Wanted) -> tuple[RenderedFile, ...]:
    """A file for the VFs of transparent pairs, and one for those that the rule joins.

    Raises HypervNetError for a pair whose names cannot stand in a file.
    """
    for pair in wanted.pairs:
        check(pair)
    of_kernel = [pair for pair in wanted.pairs if pair.mode is Mode.TRANSPARENT]
    files = []
    if of_kernel:
        macs = {pair.mac for pair in of_kernel}
        drivers = {one for pair in of_kernel for one in pair.synthetic_drivers}
        files.append(_transparent(macs, drivers))
    if any(pair.mode is Mode.AGGREGATE for pair in wanted.pairs):
        files.append(joined())
    return tuple(files)


def _transparent(macs: Iterable[str], drivers: Iterable[str]) -> RenderedFile:
    """For the VFs of transparent pairs.

    networkd reads ID_NET_MANAGED_BY since 255, and forgets it when the link
    comes up later (systemd issue 36997), so the VF is also told by what the
    kernel says of it, which holds at any moment and in every version.
    """
    lines = [
        "[Match]",
        # A line a MAC: such a key may be given again, and adds to its list.
        *(f"MACAddress={mac}" for mac in sorted(macs)),
        "Type=ether",
        f"Driver=!{' '.join((*sorted(drivers), *_SOFTWARE))}",
        *_UNMANAGED,
    ]
    return systemd_file(TRANSPARENT_FILE, lines)


def joined() -> RenderedFile:
    """For a VF that the rule joins before networkd hears of it.

    networkd would have nothing left to do for it, but that of systemd 252 sets
    what is in its bond already down and raises it again, and the traffic goes
    with it (seen in the lab; link_is_ready_to_set_link() of
    src/network/networkd-setlink.c and systemd issue 25067).  While the bond is
    still being made, and where the rules are lost, the property is not there,
    and networkd joins the VF itself.
    """
    return systemd_file(JOINED_FILE, ["[Match]", f"Property={JOINED_BY_RULE}=1", *_UNMANAGED])
