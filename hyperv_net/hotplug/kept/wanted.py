"""The wanted state that a root has: which pairs it was configured for."""

from __future__ import annotations

import os

from hyperv_net.errors import of_file
from hyperv_net.hotplug.wanted import PATHS, from_json
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing

if TYPE_CHECKING:
    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.root.believing import Root

_LARGEST_FILE = 4 * 1024 * 1024


def find_wanted(root: Root) -> Wanted | None:
    """The wanted state of the machine at `root`; None where it was never configured.

    Raises HypervNetError where its file is not one, and where that is this machine and the
    file is not believed (root/believing.py).  Of any other root it only says what would be done.
    """
    return read_wanted(root, is_to_be_done=os.path.realpath(root) == "/")


def read_wanted(root: Root, *, is_to_be_done: bool = True) -> Wanted | None:
    """The same, of which the caller says whether it is to be done on a running machine."""
    for below in PATHS.values():
        path = f"{os.fspath(root).rstrip('/')}/{below}"
        data = believing.read(root, below, _LARGEST_FILE, doubting=is_to_be_done)
        if data is not None:
            try:
                return from_json(data.decode(), path)
            except UnicodeDecodeError as error:
                raise of_file(path, f"cannot be read: {error}") from None
    return None
