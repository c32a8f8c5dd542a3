"""NICs of one address that are no pair: cloud-init stops at them, and the machine has no network.

get_interfaces_by_mac_on_linux() of cloudinit/net raises 'duplicate mac found!' (issues 5794, 6782
and 7097 of canonical/cloud-init: two functions of one card, a laptop's dock).  It is shown one of
them.
"""

from __future__ import annotations

import os.path

from hyperv_net.drivers import TOLD_APART
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.sources import machine
from hyperv_net.sources.failsafe import say

if TYPE_CHECKING:
    #: What cloud-init knows of a NIC: name, address, driver, id of the device.
    Known = tuple[str, str, str, str]


def one_of_each(nics: list[Known]) -> list[Known]:
    """The NICs without those at which cloud-init would stop; all where hyperv-net is turned off."""
    by_mac: dict[str, list[Known]] = {}
    for nic in nics:
        by_mac.setdefault(nic[1], []).append(nic)
    alike = [group for group in by_mac.values() if _would_stop(group)]
    if not alike or not machine.is_enabled():
        return nics
    from hyperv_net.decision.pairing import place

    left_out = set()
    for group in alike:
        shown, *others = sorted((one[0] for one in group), key=lambda one: place(*_where(one)))
        left_out.update(others)
        say(
            f"{' and '.join(sorted([shown, *others]))} have one MAC address ({group[0][1]}), at "
            f"which cloud-init would stop: it is shown {shown} alone"
        )
    return [nic for nic in nics if nic[0] not in left_out]


def _would_stop(group: list[Known]) -> bool:
    return any(driver not in TOLD_APART for _, _, driver, _ in group[1:])


def _where(name: str) -> tuple[str, str, str]:
    """Bus, device and name, as the inventory has them."""
    link = f"{machine.system_root()}/{machine.CLASS_NET}/{name}/device"
    return (
        os.path.realpath(f"{link}/subsystem").rpartition("/")[2],
        os.path.realpath(link),
        name,
    )
