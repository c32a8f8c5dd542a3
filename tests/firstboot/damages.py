"""What can become of the files by which cloud-init comes to hyperv-net: each in its own way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

#: A file of the package, and what is made of its bytes.
Damage = tuple[str, str, Callable[[bytes], bytes]]

#: What cloud-init imports with no net below it.
ENTRANCES = ("__init__.py", "sources/__init__.py", "sources/DataSourceNoCloud.py")

PLUG = "data/90-hyperv-net.cfg"
_KINDS: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "its last 20 bytes": lambda data: data[:-20],
    "nul": lambda data: bytes(len(data)),
    "empty": lambda data: b"",
    "of another file": lambda data: b"root:x:0:0:root:/root:/bin/sh\n" * 9,
    "leaves python": lambda data: b"raise SystemExit(0)\n",
}
_ENDLESS = b"while True:\n    pass\n"


def of_entrances() -> Iterator[Damage]:
    """Every kind for each of them, compiled or not, and one that never returns."""
    for file in ENTRANCES:
        for kind, change in _KINDS.items():
            yield file, kind, change
        yield compiled(file), "half", _KINDS["half"]
        # What Python tells a compiled file by stays, so that the rest is loaded.
        yield compiled(file), "nul", lambda data: data[:16] + bytes(len(data) - 16)
        yield compiled(file), "changed", lambda data: data[:16] + data[16:][::-1]


def of_plug() -> Iterator[Damage]:
    """What cloud-init reads to come by the package, with no net below it either."""
    yield PLUG, "no text", lambda data: data.replace(b"Lets", b"\xff\xfe")
    yield PLUG, "half", _KINDS["half"]
    yield PLUG, "empty", _KINDS["empty"]
    yield PLUG, "no list", lambda data: data.replace(b"[hyperv_net.sources]", b"{1: 2}")


def endless() -> Iterator[Damage]:
    """A module that never returns: at an entrance, behind it, and where only the plan comes by."""
    for file in ("sources/__init__.py", "sources/patches.py", "renderers/netplan/render.py"):
        yield file, "never returns", lambda data: _ENDLESS


def compiled(file: str) -> str:
    """The place of a module's bytecode; `*` is for the version."""
    folder, _, name = file.rpartition("/")
    return f"{folder}/__pycache__/{name[:-3]}.cpython-*.pyc".lstrip("/")


def do(damage: Damage, package: Path) -> None:
    """Do it to the package at that folder, in place: size and time may stay as they are."""
    pattern, _, change = damage
    (path,) = package.glob(pattern)
    data = change(path.read_bytes())
    assert data != path.read_bytes()
    times = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def is_compiled(damage: Damage) -> bool:
    """Whether it is done to what Python made of the package."""
    return "__pycache__" in damage[0]


def name(damage: Damage) -> str:
    """What pytest calls it."""
    return f"{damage[0]} {damage[1]}"
