"""Small files of a folder of ours, written so that a reader sees the old one or the new one."""

from __future__ import annotations

import os


def replace(path: str, text: str) -> None:
    """Write one.  One writer at a time has the worker's lock.  Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(f"{path}.new", flags, 0o644)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow
        file.write(text)
    os.replace(f"{path}.new", path)  # noqa: PTH105
