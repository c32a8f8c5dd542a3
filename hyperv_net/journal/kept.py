"""The journal as it is kept: a file of lines in a folder that outlives a boot, and the one before.

Several programs write it: the worker, `drain` and the service that watches for announcements.
Each adds its lines by one write(2) at the end of the file, which the kernel does for one after
the other, so that no lock is needed for it.  A write that was cut off leaves a line that is no
JSON, which readers pass over; whoever writes next begins a line of its own.

The folder has nothing else in it, since the worker, whose sandbox lets it write there, must not
write what this program acts on as root.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.journal.lines import Told, line_of, told
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing, locks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.journal.entry import Entry

#: Below the folder of what outlives a boot (KEPT_IN of hotplug/wanted.py).
FOLDER = "history"
FILE = f"{FOLDER}/entries.jsonl"
OLDER = f"{FILE}.1"

#: Bytes of one of the two files; what comes then begins a new one, and the older one goes.
LARGEST = 256 << 10

#: Lines of one write, which fit into a file of the largest size.
_AT_ONCE = 32

#: Who makes room has this lock; whoever finds it taken writes on, a little above the bound.
_LOCKS = f"{FOLDER}/{locks.LOCKS}"
_LOCK = f"{_LOCKS}/room"


def stamp(seconds: float | None = None) -> str:
    """A time as an entry has it, of now or of so many seconds since the epoch."""
    whole, thousandths = divmod(round((time.time() if seconds is None else seconds) * 1000), 1000)
    return time.strftime(f"%Y-%m-%dT%H:%M:%S.{thousandths:03}Z", time.gmtime(whole))


def add(directory: str, entries: Sequence[Entry]) -> None:
    """Put entries at the end of the journal of `directory`, one of KEPT_IN, made if need be.

    What cannot be kept is said on one line and lost: nobody's work fails for it.  It is not
    forced to the disk, so that a machine whose power fails may lack the last seconds.
    """
    if not entries:
        return
    try:
        os.makedirs(f"{directory}/{FOLDER}", locks.READABLE, exist_ok=True)  # noqa: PTH103
        believing.check(directory, FILE)
        for first in range(0, len(entries), _AT_ONCE):
            lines = "".join(map(line_of, entries[first : first + _AT_ONCE]))
            _append(directory, lines.encode())
    except OSError as error:
        terminal.complain(
            f"hyperv-net: {directory}/{FILE}: nothing was added: {error.strerror or error}"
        )
    except HypervNetError as error:
        terminal.complain(f"hyperv-net: {error}")


def is_told(directory: str, entry: Entry) -> bool:
    """Whether the journal tells the same already, of whatever time."""
    try:
        before = read(directory).entries
    except HypervNetError:
        return False
    return any(one._replace(time=entry.time) == entry for one in before)


def read(directory: str, *, doubting: bool = True) -> Told:
    """What the journal of `directory` tells, the oldest entry first.

    Without `doubting` for a machine that is only looked at.  Raises HypervNetError where it is
    not believed (root/believing.py) or cannot be read.
    """
    found = []
    for file in (OLDER, FILE):
        data = believing.read(directory, file, 2 * LARGEST, doubting=doubting) or b""
        found.append(told(data.decode(errors="replace").split("\n")))
    older, newer = found
    return Told((*older.entries, *newer.entries), older.damaged + newer.damaged)


def _append(directory: str, data: bytes) -> None:
    descriptor = _open(directory)
    try:
        if os.fstat(descriptor).st_size + len(data) > LARGEST and _made_room(directory, len(data)):
            os.close(descriptor)
            descriptor = _open(directory)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data
        if os.write(descriptor, data) < len(data):
            raise OSError("the last line is not whole")
    finally:
        os.close(descriptor)


def _open(directory: str) -> int:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    return os.open(f"{directory}/{FILE}", flags, 0o644)


def _made_room(directory: str, coming: int) -> bool:
    """Whether there is another file now, in which so many bytes have room."""
    locks.own_folder(f"{directory}/{_LOCKS}", locks.PRIVATE)
    lock = locks.try_lock(f"{directory}/{_LOCK}")
    if lock is None:
        return False
    try:
        path = f"{directory}/{FILE}"
        # Another may have done it since, and then the file is small, or not there yet.
        with suppress(FileNotFoundError):
            if os.stat(path).st_size + coming > LARGEST:  # noqa: PTH116
                os.replace(path, f"{directory}/{OLDER}")  # noqa: PTH105
        return True
    finally:
        os.close(lock)
