"""A name that the config gives to a synthetic NIC, where the kernel has given it to a VF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.sources import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

#: MAC, the name to get, driver and device id of the NIC to rename (cloudinit/net/__init__.py,
#: extract_physdevs).
Rename = Sequence[Any]
#: What cloud-init knows of the NICs that it may rename, by name (_get_current_rename_info).
Known = Mapping[str, Mapping[str, Any]]


def with_vfs_in_the_way(
    renames: Sequence[Rename], look: Callable[[], Known]
) -> tuple[Sequence[Rename], Known | None]:
    """The renames, and what they need to know of the NICs; None: what cloud-init knows will do.

    cloud-init itself moves a NIC out of the way of a name, to a name of its
    own, if that NIC can be taken down.  `look` is its look at the NICs.
    """
    vfs = machine.vfs_now() & {name for _, name, _, _ in renames}
    if not vfs:
        return renames, None
    taken = {name: _without_address(name) for name in vfs}
    return _without_facts_of(vfs, renames), {**look(), **taken}


def _without_facts_of(vfs: Collection[str], renames: Sequence[Rename]) -> list[Rename]:
    """What the config leaves out, cloud-init takes from the NIC that bears the wanted name now."""
    return [
        (mac, name, None, None) if name in vfs else (mac, name, driver, device_id)
        for mac, name, driver, device_id in renames
    ]


def _without_address(vf: str) -> dict[str, Any]:
    """A VF that is no more than a name to cloud-init: nothing is ever matched with it."""
    from cloudinit import net

    up = net.is_up(vf)
    return {
        "name": vf,
        "mac": None,
        "driver": None,
        "device_id": None,
        "up": up,
        "downable": not (up and _has_address(vf)),
    }


def _has_address(nic: str) -> bool:
    from cloudinit import subp

    out, _ = subp.subp(["ip", "-o", "addr", "show", "dev", nic, "scope", "global"])
    return bool(out.strip())
