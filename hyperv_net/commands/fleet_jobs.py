"""The machines of a fleet one after another, each as a job that a process can take."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Union

from hyperv_net.errors import HypervNetError, printable
from hyperv_net.fleet.reading import ENOUGH, NoRecordError, line_of, record_of_line
from hyperv_net.fleet.reading import name_of as name_of_line
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

CAPTURE = ".tar.gz"
#: Machines of one chunk; those of folders take longer each.
_LINES, _FOLDERS = 64, 8
_MOST_BYTES = 1 << 20

#: A machine: a line of a file (`reading.line_of`), or the path of a folder or of a capture.
Job = Union[bytes, str]


def name_of(path: str) -> str:
    """What the machine in a folder or in a capture is called."""
    return printable(Path(path).name.removesuffix(CAPTURE))


def machine_of(job: Job) -> str:
    """What the machine of a job is called."""
    if isinstance(job, str):
        return name_of(job)
    try:
        return record_of_line(job).id
    except NoRecordError as error:
        return error.machine or name_of_line(job)


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
    """All machines in their order.

    Raises HypervNetError where there is no such fleet, or nothing in it, ahead of the first.
    """
    if Path(fleet).is_dir():
        hint = f"a machine is a folder with inventory.json, or a capture *{CAPTURE}"
        found = _of_folders(fleet)
    else:
        hint = "a machine is a line with a JSON object"
        found = _of_file(fleet)
    is_empty = True
    for chunk in found:
        is_empty = False
        yield chunk
    if is_empty:
        raise HypervNetError("no machine in it", where=fleet, hint=hint)


def _of_folders(fleet: str) -> Iterator[Chunk]:
    names = _folders(fleet)
    for at in range(0, len(names), _FOLDERS):
        jobs = tuple(f"{fleet}/{one}" for one in names[at : at + _FOLDERS])
        yield Chunk(jobs, len(jobs))


def _folders(fleet: str) -> list[str]:
    with os.scandir(fleet) as found:
        return sorted(one.name for one in found if _is_machine(one))


def _is_machine(entry: os.DirEntry[str]) -> bool:
    """Whether it is one, or is meant to be and its row says what is wrong: a link to nowhere."""
    if entry.name.startswith("."):
        return False
    try:
        is_there = entry.is_dir() or (entry.is_symlink() and not Path(entry.path).exists())
    except OSError:  # as of a link that leads in a circle
        return True
    return is_there or entry.name.endswith(CAPTURE)


def _of_file(fleet: str) -> Iterator[Chunk]:
    try:
        if fleet == files.STDIN:
            yield from _of_lines(sys.stdin.buffer)
            return
        with Path(fleet).open("rb") as stream:
            yield from _of_lines(stream)
    except OSError as error:
        raise HypervNetError(f"cannot be read: {error.strerror}", where=fleet) from None


def _of_lines(stream: IO[bytes]) -> Iterator[Chunk]:
    jobs: list[Job] = []
    size = 0
    for line in iter(lambda: stream.readline(ENOUGH), b""):
        size += len(line)
        more = line
        while len(more) == ENOUGH and not more.endswith(b"\n"):
            more = stream.readline(ENOUGH)
            size += len(more)
        if job := line_of(line):
            jobs.append(job)
        if len(jobs) >= _LINES or size >= _MOST_BYTES:
            yield Chunk(tuple(jobs), size)
            jobs, size = [], 0
    if jobs:
        yield Chunk(tuple(jobs), size)
