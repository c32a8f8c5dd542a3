"""The wanted state that a root has: which pairs it was configured for.

The hook reads its own machine's (running.py), without what resolves the links of a root.
"""

from __future__ import annotations

from pathlib import Path

from hyperv_net.hotplug.wanted import PATHS, Wanted, from_json
from hyperv_net.root import files


def find_wanted(root: Path) -> Wanted | None:
    """The wanted state of the machine at `root`; None where it was never configured.

    Raises HypervNetError where its file is not one.
    """
    for path in PATHS.values():
        found = files.resolve_below(root, path)
        if found.exists():
            return from_json(files.read_text(found), str(found))
    return None
