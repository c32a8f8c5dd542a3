"""`hyperv-net review --merge`: what several runs wrote, each machine looked at, and put together.

A part may have come from anywhere.  Its summary and the lines of its machines are read, and have
to be of the same machines; what is written is made of them again.  Pages are taken as they are.
"""

from __future__ import annotations

import os
import shutil
from functools import reduce
from pathlib import Path

from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.fleet import summary as summaries
from hyperv_net.fleet.merging import from_json, row_from
from hyperv_net.fleet.reading import ENOUGH
from hyperv_net.fleet.tables import MACHINE_COLUMNS, MachineLines, csv_line
from hyperv_net.inventory.checked_json import parse
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO

    from hyperv_net.fleet.model import Row
    from hyperv_net.fleet.summary import Summary

SUMMARY, GROUPS = "summary.json", "groups"
JSON_LINES, CSV_LINES = "machines.jsonl", "machines.csv"
#: The formats of a group's page, the best first, and how its file ends.
PAGES = {"html": "html", "text": "txt"}


class Written(NamedTuple):
    """What one run wrote, and where."""

    folder: Path
    summary: Summary


def written(folders: Sequence[str]) -> list[Written]:
    """The parts in these folders.

    Raises UsageError where one is given twice, and HypervNetError where it has no summary.
    """
    seen: dict[tuple[int, int], str] = {}
    parts = []
    for one in folders:
        path = Path(one)
        with _opened(path / SUMMARY) as stream:
            summary = from_json(_text(stream.read(), str(path / SUMMARY)), str(path / SUMMARY))
            status = os.fstat(stream.fileno())
        before = seen.get(here := (status.st_dev, status.st_ino))
        if before is not None:
            as_what = "" if before == one else f", also as {before}"
            hint = "name each part once, since its machines would count twice"
            raise UsageError(f"given twice{as_what}", where=f"--merge {one}", hint=hint)
        seen[here] = one
        parts.append(Written(path, summary))
    return parts


def merged(parts: Sequence[Written], out: Path) -> Summary:
    """The summary of the parts, whose lines and pages are put together in `out`.

    Raises HypervNetError where lines of a part are none, or not those that its summary is of.
    """
    lines = MachineLines()
    with (
        (out / JSON_LINES).open("w", encoding="utf-8") as json_lines,
        (out / CSV_LINES).open("w", encoding="utf-8", newline="") as csv_lines,
    ):
        csv_lines.write(csv_line(MACHINE_COLUMNS))

        def copied(row: Row) -> Row:
            of_json, of_csv = lines.of(row)
            json_lines.write(of_json)
            csv_lines.write(of_csv)
            return row

        for folder, told in parts:
            path = folder / JSON_LINES
            if summaries.summary_of(map(copied, _rows(path))) != told:
                raise HypervNetError(
                    f"not the machines that {SUMMARY} beside it is of",
                    where=str(path),
                    hint="take the whole folder as the run left it",
                )
    whole = reduce(summaries.merge, (one.summary for one in parts), summaries.EMPTY)
    for shape in whole.groups:
        _copy_page(shape, whole, parts, out)
    return whole


def _rows(path: Path) -> Iterator[Row]:
    with _opened(path) as stream:
        for number, line in enumerate(iter(lambda: stream.readline(ENOUGH), b""), 1):
            where = f"{path}, line {number}"
            yield row_from(parse(_text(line, where), where))


def _copy_page(shape: str, whole: Summary, parts: Sequence[Written], out: Path) -> None:
    """Copy the page of a group's example, with its diff, from a part that has it."""
    example = whole.groups[shape].example
    has_it = (
        folder
        for folder, told in parts
        if shape in told.groups and told.groups[shape].example == example
    )
    folder = next(has_it)
    for suffix in (*PAGES.values(), "diff"):
        page = folder / GROUPS / f"{shape}.{suffix}"
        if page.is_file() and not page.is_symlink():
            shutil.copyfile(page, out / GROUPS / page.name)


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise HypervNetError(f"cannot be read: {error.strerror}", where=str(path)) from None


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HypervNetError(f"not UTF-8 at byte {error.start}", where=where) from None
