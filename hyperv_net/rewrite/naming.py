"""The names of aggregates: stable from run to run, and known to upstream's scripts."""

from __future__ import annotations

import re
from itertools import count

from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hyperv_net.model import Nic
    from hyperv_net.tree import Node


_LIKE_A_NAME = re.compile(r"[A-Za-z_-]+[0-9]{1,2}\Z")


def own_name(synthetic: Nic, device_id: str, entry: Node, system: System) -> str | None:
    """`lagg<hn unit>` on FreeBSD, `bond<N>` with the synthetic NIC's number on Linux.

    FreeBSD's own hyperv_vfup uses the unit of the hn(4) device, so that it
    adds a VF to the lagg it finds.  On Linux the configured name counts
    before the kernel's, which depends on the order of probing.  None where no
    name has a number.
    """
    if system is System.FREEBSD:
        return _numbered("lagg", (synthetic.device or synthetic.name,))
    set_name = entry.get("set-name")
    configured = str(set_name.value) if set_name else ""
    # The digits of a UUID or of a MAC address number no NIC.
    of_id = device_id if _LIKE_A_NAME.match(device_id) else ""
    return _numbered("bond", (configured, of_id, synthetic.name))


def free_name(system: System, taken: Collection[str]) -> str:
    """The first name for an aggregate that is not in `taken`."""
    prefix = "lagg" if system is System.FREEBSD else "bond"
    return next(name for name in map(f"{prefix}{{}}".format, count()) if name not in taken)


def _numbered(prefix: str, names: Iterable[str]) -> str | None:
    """The prefix with the number that the first numbered one of `names` ends in."""
    for name in names:
        found = re.search(r"([0-9]{1,6})\Z", name)
        if found:
            return f"{prefix}{int(found[1])}"
    return None
