"""Which system a root is of, and a process runs on."""

from __future__ import annotations

import os

from hyperv_net.facts import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files

if TYPE_CHECKING:
    from hyperv_net.root.files import Root

#: One of these is in every FreeBSD and in no Linux.
_FREEBSDS_OWN = (
    *("bin/freebsd-version", "etc/defaults/rc.conf", "boot/defaults/loader.conf"),
    "boot/loader.conf",
)


#: A tree of few files, made for a review, has no init system.
INIT = ("usr/lib/systemd/systemd", "lib/systemd/systemd", "usr/sbin/init", "sbin/init")

#: All that is looked for to tell it.
ASKED = (*_FREEBSDS_OWN, *INIT)


def is_whole(root: Root) -> bool:
    """Whether a root is a system with its packages, so that what is not there is missing."""
    return any(files.exists_below(root, path) for path in INIT)


def system_of(root: Root) -> System:
    """Whose root that is."""
    is_freebsd = any(files.exists_below(root, path) for path in _FREEBSDS_OWN)
    return System.FREEBSD if is_freebsd else System.LINUX


def running_system() -> System:
    """The system that this process runs on, whatever its root looks like."""
    return System.FREEBSD if os.uname().sysname == "FreeBSD" else System.LINUX
