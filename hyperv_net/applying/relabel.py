"""What SELinux has to label again where files were written below a root that uses it.

Offline there is no policy loaded that would label a new file, and on a machine whose policy
is another's the labels are that one's.  setfiles(8) of SELinuxProject/selinux, with `-r`, labels
what is below an image by the image's own list; restorecon(8) does on the running machine.
"""

from __future__ import annotations

import os
import shlex

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: selinux_config(5).
CONFIG = "etc/selinux/config"
_POLICY = "targeted"
_OWN = ("hyperv_net", "hyperv-net")


def relabelling(root: Path, paths: Iterable[str]) -> str | None:
    """The line of a shell that labels what was written; None where the root uses no SELinux."""
    (text,) = files.read_matching(root, [CONFIG]).values() or ("",)
    found = {one.key: one.value for one in settings(text)}
    if found.get("SELINUX") not in ("enforcing", "permissive"):
        return None
    if os.path.realpath(root) == "/":
        return shlex.join(["restorecon", "-RF", *(f"/{one}" for one in _places(paths))])
    contexts = f"etc/selinux/{found.get('SELINUXTYPE') or _POLICY}/contexts/files/file_contexts"
    base = os.fspath(root)
    return shlex.join(
        ["setfiles", "-F", "-r", base, f"{base}/{contexts}"]
        + [f"{base}/{one}" for one in _places(paths)]
    )


def _places(paths: Iterable[str]) -> list[str]:
    """The files, but a folder that is ours alone for all that is in it."""
    places = set()
    for path in paths:
        parts = path.split("/")
        depth = next((at for at, part in enumerate(parts[:-1]) if part in _OWN), len(parts) - 1)
        places.add("/".join(parts[: depth + 1]))
    return sorted(places)
