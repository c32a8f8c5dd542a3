"""hyperv-net turned off and on for what runs at an event (root/turned_off.py)."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net.applying.tree import write_tree
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files
from hyperv_net.root.system import system_of
from hyperv_net.root.turned_off import OFF, why_turned_off
from hyperv_net.root.turning import why_of

if TYPE_CHECKING:
    from hyperv_net.model import Settings
    from hyperv_net.root.files import Root


def turn(root: Root, settings: Settings) -> str:
    """Have events follow the settings that were found below `root`; why they turn it off, if so.

    Raises HypervNetError.
    """
    why = why_of(settings)
    path = OFF[system_of(root)]
    if why == why_turned_off(os.fspath(root)):
        return why
    if why:
        write_tree(root, [RenderedFile(path, f"{why}\n")])
        return why
    try:
        Path(files.resolve_below(root, path)).unlink()
    except OSError as error:
        raise HypervNetError(f"cannot be removed: {error.strerror}", where=Place(path)) from None
    return why
