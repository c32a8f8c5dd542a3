"""The machines of a fleet one after another, each as a job that a process can take."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.model import LONGEST_RECORD
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

CAPTURE = ".tar.gz"
#: Machines of one chunk; those of folders take longer each.
_LINES, _FOLDERS = 64, 8
_MOST_BYTES = 1 << 20


class Job(NamedTuple):
    """A machine: a line of a file with its place, or a folder, or a capture (`line` is None)."""

    place: str
    line: bytes | None

    @property
    def id(self) -> str:
        """What the machine is called where its record does not say it."""
        return self.place if self.line is not None else Path(self.place).name.removesuffix(CAPTURE)


class Chunk(NamedTuple):
    """Some jobs, and how much of the whole is done with them: bytes of a file, or machines."""

    jobs: tuple[Job, ...]
    amount: int


def total(fleet: str) -> int | None:
    """How much there is to do, None where nobody knows."""
    if fleet == files.STDIN:
        return None
    path = Path(fleet)
    if path.is_dir():
        return len(_folders(fleet))
    return path.stat().st_size if path.is_file() else None


def chunks(fleet: str) -> Iterator[Chunk]:
    """All machines in their order.  Raises HypervNetError where there is no such fleet."""
    if fleet == files.STDIN:
        yield from _of_lines(sys.stdin.buffer)
    elif Path(fleet).is_dir():
        names = _folders(fleet)
        if not names:
            raise HypervNetError(
                "no machine in it",
                where=fleet,
                hint=f"a machine is a folder with inventory.json, or a capture *{CAPTURE}",
            )
        for at in range(0, len(names), _FOLDERS):
            jobs = tuple(Job(f"{fleet}/{one}", None) for one in names[at : at + _FOLDERS])
            yield Chunk(jobs, len(jobs))
    else:
        try:
            with Path(fleet).open("rb") as stream:
                yield from _of_lines(stream)
        except OSError as error:
            raise HypervNetError(f"cannot be read: {error.strerror}", where=fleet) from None


def _folders(fleet: str) -> list[str]:
    with os.scandir(fleet) as found:
        return sorted(
            one.name
            for one in found
            if not one.name.startswith(".") and (one.is_dir() or one.name.endswith(CAPTURE))
        )


def _of_lines(stream: IO[bytes]) -> Iterator[Chunk]:
    jobs: list[Job] = []
    size = 0
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST_RECORD + 1), b""), 1):
        size += len(line)
        # Of a line that is too long no more is kept than shows that it is.
        more = line
        while len(more) > LONGEST_RECORD and not more.endswith(b"\n"):
            more = stream.readline(LONGEST_RECORD + 1)
            size += len(more)
        if line.strip():
            jobs.append(Job(f"line {number}", line))
        if len(jobs) >= _LINES or size >= _MOST_BYTES:
            yield Chunk(tuple(jobs), size)
            jobs, size = [], 0
    if jobs:
        yield Chunk(tuple(jobs), size)
