"""Which system a root is of."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.model import System
from hyperv_net.root import files

#: One of these is in every FreeBSD and in no Linux.
_FREEBSDS_OWN = (
    *("bin/freebsd-version", "etc/defaults/rc.conf", "boot/defaults/loader.conf"),
    "boot/loader.conf",
)


def system_of(root: Path) -> System:
    """Whose root that is."""
    is_freebsd = any(files.exists_below(root, path) for path in _FREEBSDS_OWN)
    return System.FREEBSD if is_freebsd else System.LINUX
