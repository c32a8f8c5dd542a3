"""Hyper-V's pool 0 of key-value pairs, by which a host's administrator tells a guest something.

The host's script sets the key before it moves the machine, and removes it when that is done.  Its
value is a document hyperv-net/announcement/1, with an id.  The daemon keeps the pool in a file:
/var/lib/hyperv/.kvp_pool_0 (torvalds/linux, tools/hv/hv_kvp_daemon.c), and on FreeBSD
/var/db/hyperv/pool/.kvp_pool_0 (freebsd/freebsd-src, contrib/hyperv/tools/hv_kvp_daemon.c).  It
empties that file to write it anew, under a lock of fcntl(2) that is for writing; here the same file
is locked for reading.  What a host has said outlasts a boot of the guest.
"""

from __future__ import annotations

import fcntl

from hyperv_net.announcements.kvp_records import RECORD, value_of
from hyperv_net.announcements.own_document import announcement_in
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.errors import HypervNetError, of_file
from hyperv_net.facts import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing
from hyperv_net.root.locks import wait_for
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    from hyperv_net.root.believing import Root

NAME = "host-pool"
KEY = "hyperv-net.announcement"

POOL = {
    System.LINUX: "var/lib/hyperv/.kvp_pool_0",
    System.FREEBSD: "var/db/hyperv/pool/.kvp_pool_0",
}

#: Seconds between two looks, and for the lock.
WAIT = 5.0
_LOCK_SECONDS = 1.0

_MOST = 1024  # records; the daemon's file grows by 50 at a time


def source(root: Root = "/") -> Source:
    """The pool's source."""
    path = POOL[system_of(root)]

    def ask(_: float) -> Heard:
        try:
            value = value_of(_pool(root, path), KEY.encode())
            if not value:
                return Heard((), WAIT)
            return Heard((announcement_in(value, f"/{path}: {KEY}", NAME),), WAIT)
        except HypervNetError as error:
            return Heard(None, WAIT, str(error))

    return Source(NAME, ask)


def _pool(root: Root, path: str) -> bytes:
    """The whole of the pool's file.  Raises HypervNetError."""
    descriptor = believing.opened(root, path)
    if descriptor is None:
        raise of_file(f"/{path}", "not there", "start Hyper-V's KVP daemon")
    try:
        with believing.reading(descriptor) as file:
            if wait_for(lambda: _locked(file.fileno()), _LOCK_SECONDS) is None:
                raise of_file(f"/{path}", "locked by another")
            data = file.read(_MOST * RECORD + 1)
    except OSError as error:
        raise of_file(f"/{path}", f"cannot be read: {error.strerror}") from None
    if len(data) > _MOST * RECORD:
        raise of_file(f"/{path}", f"has more than {_MOST} records")
    return data


def _locked(descriptor: int) -> int | None:
    """The descriptor, locked until it is closed; None where the daemon has it."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # EACCES and EAGAIN: fcntl(2) has both.
        return None
    return descriptor
