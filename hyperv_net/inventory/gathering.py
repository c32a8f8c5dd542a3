"""Gathering the facts about one machine's NICs: of the running one, or below a root."""

from __future__ import annotations

import os

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.inventory import rooted
from hyperv_net.processes import output
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.system import running_system

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.facts import Inventory
    from hyperv_net.root.files import Root


def gather(root: Root) -> Inventory:
    """The inventory of the machine at `root`: `/` is the running one, any other a captured tree.

    Where that tree has the answers of its machine's kernel they count as they did there.
    Raises HypervNetError where there is neither a sysfs below `root` nor FreeBSD's tools,
    running or kept.
    """
    is_live = os.path.realpath(root) == "/"
    if rooted.is_directory(rooted.open_root(os.fspath(root)), rooted.CLASS_NET):
        return _of_linux(root, is_live=is_live)
    if is_live and running_system() is System.FREEBSD:
        from hyperv_net.inventory.freebsd import netifaces_link_addresses, read_freebsd

        return read_freebsd(run_tool, netifaces_link_addresses())
    from hyperv_net.inventory.answers import kept_answers

    kept = None if is_live else kept_answers(root)
    if kept is not None and (kept.ifconfig or kept.link_addresses):
        from hyperv_net.inventory.freebsd import inventory_from

        return inventory_from(kept.ifconfig, kept.sysctl, kept.link_addresses)
    raise HypervNetError(
        "no /sys/class/net of a Linux machine, and this is not a running FreeBSD",
        where=str(root),
        hint="give the machine's NICs with --inventory FILE, "
        "as `hyperv-net inventory --format json` prints them there",
    )


def _of_linux(root: Root, *, is_live: bool) -> Inventory:
    from hyperv_net.inventory.driver_statistics import counts_vf
    from hyperv_net.inventory.sysfs import read_sysfs
    from hyperv_net.inventory.unbound import with_unbound_cards

    if is_live:
        from hyperv_net.inventory.driver_statistics import driver_statistics
        from hyperv_net.inventory.ethtool import permanent_address

        found = read_sysfs(
            os.fspath(root), permanent_address, lambda name: counts_vf(driver_statistics(name))
        )
        return with_unbound_cards(found, root)
    from hyperv_net.inventory.answers import kept_answers

    kept = kept_answers(root)
    if kept is None:
        return with_unbound_cards(read_sysfs(os.fspath(root)), root)
    statistics = kept.driver_statistics
    found = read_sysfs(
        os.fspath(root), kept.permanent_addresses.get, lambda name: counts_vf(statistics.get(name))
    )
    return with_unbound_cards(found, root)


def run_tool(command: Sequence[str]) -> str | None:
    """What a command of the running system prints; None where it fails or takes too long."""
    try:
        return output(command)
    except (HypervNetError, OSError):
        return None
