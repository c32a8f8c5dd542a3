"""The file that node_exporter's textfile collector reads."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from hyperv_net.marks import MADE

NAME = "hyperv_net.prom"

#: What it begins with, a comment to whoever reads it: one without is somebody else's.
MARK = f"{MADE}status --textfile.\n"

#: Where the next one is made; by a name that does not end in .prom the collector passes over it.
_NEW = f".{NAME}.new"


def write(folder: str, text: str) -> None:
    """Write it, for all to read; a reader sees the old file or the new one.  Raises OSError.

    The folder may be another user's, as /var/lib/prometheus is on Debian: so what is found where
    the new file is made is neither followed nor written to.  Its name does not end in .prom, by
    which the collector knows its files (textfile.go of prometheus/node_exporter).
    """
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(FileNotFoundError):
            os.unlink(_NEW, dir_fd=at)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(_NEW, flags, 0o644, dir_fd=at)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(f"{MARK}{text}")
                os.fchmod(file.fileno(), 0o644)
            os.replace(_NEW, NAME, src_dir_fd=at, dst_dir_fd=at)
        except OSError:
            with suppress(OSError):
                os.unlink(_NEW, dir_fd=at)
            raise
    finally:
        os.close(at)


def clear(folder: str) -> bool:
    """Take it away where it is ours, since the collector serves it for ever; whether it was there.

    Raises OSError where it cannot be taken away.
    """
    try:
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        is_there = _is_ours(at)
        if is_there:
            os.unlink(NAME, dir_fd=at)
        return is_there
    finally:
        os.close(at)


def _is_ours(at: int) -> bool:
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.lstat(NAME, dir_fd=at).st_mode):
            return False
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(NAME, flags, dir_fd=at), "rb") as file:
            return file.read(len(MARK)) == MARK.encode()
    return False
