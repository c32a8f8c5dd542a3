"""This program's own files, as they go into an image."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net.root import files

_LEFT_OUT = "__pycache__"


def own_package() -> dict[str, str]:
    """Path in the package's folder → text, for each file of it.

    Raises HypervNetError where one cannot be read.
    """
    package = Path(__file__).resolve().parents[1]
    found = {}
    # `renderers` is a link in a checkout; what it leads to belongs to the package.
    for folder, folders, names in os.walk(package, followlinks=True):
        folders[:] = sorted(one for one in folders if one != _LEFT_OUT)
        for name in sorted(names):
            path = Path(folder, name).relative_to(package)
            if name.endswith((".py", "py.typed")) or path.parts[0] == "data":
                found[path.as_posix()] = files.read_text(package / path, is_own=True)
    return found
