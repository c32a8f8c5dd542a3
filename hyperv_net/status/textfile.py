"""The file that node_exporter's textfile collector reads."""

from __future__ import annotations

import os
from contextlib import suppress

NAME = "hyperv_net.prom"


def write(folder: str, text: str) -> None:
    """Write it, for all to read; a reader sees the old file or the new one.  Raises OSError.

    The folder may be another user's, as /var/lib/prometheus is on Debian: so what is found where
    the new file is made is neither followed nor written to.  Its name does not end in .prom, by
    which the collector knows its files (textfile.go of prometheus/node_exporter).
    """
    new = f".{NAME}.new"
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(FileNotFoundError):
            os.unlink(new, dir_fd=at)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(new, flags, 0o644, dir_fd=at)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
                os.fchmod(file.fileno(), 0o644)
            os.replace(new, NAME, src_dir_fd=at, dst_dir_fd=at)
        except OSError:
            with suppress(OSError):
                os.unlink(new, dir_fd=at)
            raise
    finally:
        os.close(at)
