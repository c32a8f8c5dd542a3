"""A file for udev, for bonds that cloud-init declares without a MAC."""

from __future__ import annotations

from hyperv_net.companions.systemd_network import systemd_file
from hyperv_net.companions.udev_rules import check
from hyperv_net.facts import Mode
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.paths import BOND_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.model import RenderedFile


def beside(wanted: Wanted) -> tuple[RenderedFile, ...]:
    """A file for the bonds of a machine.

    Raises HypervNetError for a pair whose names cannot stand in a file.
    """
    for pair in wanted.pairs:
        check(pair)
    bonds = sorted({pair.aggregate for pair in wanted.pairs if pair.mode is Mode.AGGREGATE})
    return (_bonds(bonds),) if bonds else ()


def _bonds(names: Iterable[str]) -> RenderedFile:
    """For bonds that are to have the MAC of the first that joins.

    Its renderer for NetworkManager knows none for a bond, and that for sysconfig
    has taken one over since 26 only.  udev would give such a bond one of its own
    (99-default.link of systemd 242 and later, outside Fedora and its kin), and
    the kernel then gives that to the members: a switch of Hyper-V drops all that
    a machine sends from another MAC than its card's.  Left alone, a bond has that
    of the first that joins.
    """
    match = f"OriginalName={' '.join(names)}"
    return systemd_file(BOND_FILE, ["[Match]", match, "", "[Link]", "MACAddressPolicy=none"])
