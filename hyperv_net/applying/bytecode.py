"""What Python leaves beside modules that have run: it goes when they go.

The names are those of PEP 3147 and PEP 488: `__pycache__/cli.cpython-311.opt-1.pyc` is cli.py.
"""

from __future__ import annotations

import re

from hyperv_net.applying import below
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.applying.below import Root

_FOLDER = "__pycache__"
_COMPILED = re.compile(r"(?P<module>[^.]+)\.[a-z]+-[0-9]+(?:\.opt-[0-9a-z]+)?\.pyc\Z")


def remove(root: Root, paths: Iterable[str]) -> None:
    """Remove what was compiled of those `paths` that are modules, and folders that held no more.

    Paths are real ones.  Raises HypervNetError where a file cannot be removed.
    """
    modules: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name.endswith(".py"):
            modules.setdefault(folder, set()).add(name.removesuffix(".py"))
    for folder, names in modules.items():
        _remove(root, f"{folder}/{_FOLDER}" if folder else _FOLDER, names)


def _remove(root: Root, folder: str, modules: set[str]) -> None:
    if below.real_path(root, folder) != folder:
        return  # A link, which is somebody's own arrangement.
    found = [_COMPILED.match(name) for name in below.names(root, folder)]
    ours = [one.string for one in found if one is not None and one["module"] in modules]
    for name in ours:
        below.remove(root, f"{folder}/{name}")
    if ours:
        below.drop_folder(root, folder)
