"""Extended attributes of a file, given to the one that takes its place.

xattr(7): access control lists are `system.posix_acl_access` (acl(5)), SELinux's label is
`security.selinux`.  Left out is what was said of other bytes, or would give rights to them:
`security.capability` (capabilities(7)), which the kernel takes from a file that is written to
as it takes the set-id bits, `security.ima` and `security.evm`, and `trusted.*`, which is the
file system's own (overlayfs).  Python reads them on Linux alone.
"""

from __future__ import annotations

import os

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = ("user.", "security.selinux", "security.SMACK64", "security.apparmor", "system.posix_acl")


def copy(open_source: Callable[[], int], to: int) -> tuple[str, ...]:
    """Give the file `to` what the file that `open_source` opens has, if it can be opened.

    The result has a sentence for each that could not be given; none is worth failing for.
    """
    if not hasattr(os, "listxattr"):
        return ()
    try:
        source = open_source()
    except OSError:
        return ()  # There is none, or none with attributes.
    try:
        return _copied(source, to)
    finally:
        os.close(source)


def _copied(source: int, to: int) -> tuple[str, ...]:
    try:
        names = os.listxattr(source)
    except OSError:
        return ()  # A file system without them.
    lost = []
    for name in names:
        if not name.startswith(_KEPT):
            continue
        try:
            value = os.getxattr(source, name)
            # A label that the new file has by itself needs no right to be set.
            if name not in os.listxattr(to) or os.getxattr(to, name) != value:
                os.setxattr(to, name, value)
        except OSError as error:
            lost.append(f"{name} could not be kept: {error.strerror}")
    return tuple(lost)
