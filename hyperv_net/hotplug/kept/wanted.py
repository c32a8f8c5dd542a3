"""The wanted state that a root has: which pairs it was configured for.

The hook reads it by itself (hotplug/running.py), without what resolves a root's links.
"""

from __future__ import annotations

from hyperv_net.hotplug.wanted import PATHS, from_json
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files

if TYPE_CHECKING:
    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.root.files import Root


def find_wanted(root: Root) -> Wanted | None:
    """The wanted state of the machine at `root`; None where it was never configured.

    Raises HypervNetError where its file is not one.
    """
    for path in PATHS.values():
        found = files.resolve_below(root, path)
        if files.exists_below(root, path):
            return from_json(files.read_text(found), found)
    return None
