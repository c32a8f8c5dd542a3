"""Files for /etc/systemd/network: who keeps off a VF, and which MAC a bond has."""

from __future__ import annotations

from collections.abc import Iterable

from hyperv_net.hotplug.udev_rules import HEADER, JOINED_BY_RULE, check
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import Mode, RenderedFile

#: The first file that fits is used: these come before those of cloud-init and netplan
#: (`10-cloud-init-…`, `10-netplan-…`), and the last one after an administrator's own.
TRANSPARENT_FILE = "etc/systemd/network/05-hyperv-net-vf.network"
JOINED_FILE = "etc/systemd/network/05-hyperv-net-joined.network"
BOND_FILE = "etc/systemd/network/98-hyperv-net-bond.link"
FILES = (TRANSPARENT_FILE, JOINED_FILE, BOND_FILE)

# Devices of software that bear the address of the card below them and no type of their own.
_SOFTWARE = ("ipvlan", "macvlan", "net_failover")
_UNMANAGED = ("", "[Link]", "Unmanaged=yes")
_ON_NETWORKD = ("netplan", "networkd")
_WITHOUT_MAC = ("network-manager", "sysconfig")


def systemd_network_files(wanted: Wanted) -> tuple[RenderedFile, ...]:
    """The files for the pairs of a machine, as its target needs them.

    Raises HypervNetError for a pair whose names cannot stand in a file.
    """
    for pair in wanted.pairs:
        check(pair)
    bonds = sorted({pair.aggregate for pair in wanted.pairs if pair.mode is Mode.AGGREGATE})
    of_kernel = [pair for pair in wanted.pairs if pair.mode is Mode.TRANSPARENT]
    files = []
    if of_kernel and wanted.target in _ON_NETWORKD:
        macs = {pair.mac for pair in of_kernel}
        drivers = {one for pair in of_kernel for one in pair.synthetic_drivers}
        files.append(_transparent(macs, drivers))
    if bonds and wanted.target in _ON_NETWORKD:
        files.append(_joined())
    if bonds and wanted.target in _WITHOUT_MAC:
        files.append(_bonds(bonds))
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
    return _file(TRANSPARENT_FILE, lines)


def _joined() -> RenderedFile:
    """For a VF that the rule joins before networkd hears of it.

    networkd would have nothing left to do for it, but that of systemd 252 sets
    what is in its bond already down and raises it again, and the traffic goes
    with it (seen in the lab; link_is_ready_to_set_link() of
    src/network/networkd-setlink.c and systemd issue 25067).  While the bond is
    still being made, and where the rules are lost, the property is not there,
    and networkd joins the VF itself.
    """
    return _file(JOINED_FILE, ["[Match]", f"Property={JOINED_BY_RULE}=1", *_UNMANAGED])


def _bonds(names: Iterable[str]) -> RenderedFile:
    """For bonds that cloud-init declares without a MAC.

    Its renderer for NetworkManager knows none for a bond, and that for sysconfig
    has taken one over since 26 only.  udev would give such a bond one of its own
    (99-default.link of systemd 242 and later, outside Fedora and its kin), and
    the kernel then gives that to the members: a switch of Hyper-V drops all that
    a machine sends from another MAC than its card's.  Left alone, a bond has that
    of the first that joins.
    """
    match = f"OriginalName={' '.join(names)}"
    return _file(BOND_FILE, ["[Match]", match, "", "[Link]", "MACAddressPolicy=none"])


def _file(path: str, lines: Iterable[str]) -> RenderedFile:
    return RenderedFile(path, HEADER + "".join(f"{line}\n" for line in lines))
