"""Archives that the kernel unpacks as its initial root: cpio's "newc" form.

Documentation/driver-api/early-userspace/buffer-format.rst of torvalds/linux
has the format.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from typing import NamedTuple


class Entry(NamedTuple):
    """A file, directory or link of an archive: path without a leading slash, st_mode, content."""

    path: str
    mode: int
    content: bytes = b""


def file(path: str, content: bytes, mode: int = 0o644) -> Entry:
    """An ordinary file."""
    return Entry(path, stat.S_IFREG | mode, content)


def directory(path: str) -> Entry:
    """A directory."""
    return Entry(path, stat.S_IFDIR | 0o755)


def link(path: str, target: str) -> Entry:
    """A symbolic link."""
    return Entry(path, stat.S_IFLNK | 0o777, target.encode())


def archive(entries: Iterable[Entry]) -> bytes:
    """The archive; it can follow another one in the same file."""
    parts = [_record(number, entry) for number, entry in enumerate(entries, 1)]
    return b"".join([*parts, _record(0, Entry("TRAILER!!!", 0))])


def with_parents(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, with the directories above each before it."""
    found: dict[str, Entry] = {}
    for entry in entries:
        names = entry.path.split("/")
        for length in range(1, len(names)):
            above = "/".join(names[:length])
            found.setdefault(above, directory(above))
        found[entry.path] = entry
    return list(found.values())


def _record(number: int, entry: Entry) -> bytes:
    path = entry.path.encode() + b"\0"
    fields = (
        *(number, entry.mode, 0, 0, 1, 0, len(entry.content)),
        *(0, 0, 0, 0, len(path), 0),
    )
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + path
    return _padded(head) + _padded(entry.content)


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % 4)
