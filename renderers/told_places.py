"""NICs that were told by their place, for targets that can say it."""

from __future__ import annotations

from hyperv_net.inventory.told import told_paths
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.model import Rewritten


def paths_of(rewritten: Rewritten) -> dict[str, tuple[str, ...]]:
    """The ids of VFs that a PCI address tells → patterns of udev's ID_PATH.

    A network config cannot say it, so that they have the name there which udev makes of it.
    """
    found = {one.vf_id: told_paths(one.pair.vf_told) for one in rewritten.aggregates}
    return {vf_id: paths for vf_id, paths in found.items() if paths}
