"""What a process does with the machines that it is given: rows, and a part of the summary."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net.capture.unpacking import is_archive
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.fleet_jobs import CAPTURE, name_of
from hyperv_net.commands.machine import given_settings
from hyperv_net.commands.plan import full_plan
from hyperv_net.commands.reviewed_plan import with_timeline
from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.alike import Reviewer
from hyperv_net.fleet.model import Record
from hyperv_net.fleet.reading import record_of_line
from hyperv_net.fleet.reviewing import SOURCE, as_told
from hyperv_net.fleet.rows import row_of, row_of_error
from hyperv_net.fleet.summary import summary_of
from hyperv_net.fleet.tables import MachineLines
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.review.assembling import review_of, review_of_error
from hyperv_net.root import files
from hyperv_net.secrets import known

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from hyperv_net.commands.fleet_jobs import Chunk, Job
    from hyperv_net.fleet.model import Row
    from hyperv_net.fleet.summary import Summary
    from hyperv_net.plan.flow import Plan
    from hyperv_net.review.model import Review

INVENTORY, CONFIG, ROOT = "inventory.json", "network-config.yaml", "root"
_CAPTURE_HINT = "make one with 'hyperv-net inventory --capture FILE'"


class Part(NamedTuple):
    """What a chunk came to: its summary, the lines of its machines, and jobs by group's shape."""

    summary: Summary
    json_lines: str
    csv_lines: str
    examples: Mapping[str, Job]


class Worker:
    """Reviews chunk after chunk; keeps nothing of a machine but what helps with one like it."""

    def __init__(self, args: argparse.Namespace) -> None:
        from hyperv_net.rules.allowing import parsed

        self._args = args
        self._lines = MachineLines()
        target = None if args.target == "auto" else args.target
        allows = tuple(map(parsed, args.allow))
        self._reviewer = Reviewer(allows, target, given_settings(args))

    def part(self, chunk: Chunk) -> Part:
        """The part of a chunk."""
        rows = [self._row(job) for job in chunk.jobs]
        whole = summary_of(rows)
        first: dict[str, tuple[tuple[str, str], Job]] = {}
        for row, job in zip(rows, chunk.jobs):
            order = (row.id, row.exact)
            if row.shape not in first or order < first[row.shape][0]:
                first[row.shape] = (order, job)
        lines = [*map(self._lines.of, rows)]
        return Part(
            summary=whole,
            json_lines="".join([of_json for of_json, _ in lines]),
            csv_lines="".join([of_csv for _, of_csv in lines]),
            examples={shape: job for shape, (_, job) in first.items() if shape in whole.groups},
        )

    def _row(self, job: Job) -> Row:
        if isinstance(job, bytes):
            return self._reviewer.review_line(job)
        try:
            record = _record_of(job)
            if record is not None:
                return self._reviewer.review(record)
            with captures_unpacked(options := self._options(job)):
                return row_of(name_of(job), review_of(full_plan(options)), f"{_above(options)}/")[0]
        except Exception as error:
            return row_of_error(name_of(job), as_told(error), known.hider(), f"{job}/")
        finally:
            known.forget()

    def review(self, job: Job) -> Review:
        """The whole review of a machine, for its page."""
        try:
            return with_timeline(self._plan(job))
        except Exception as error:
            return review_of_error(as_told(error), _source(job), {}, ())

    def _plan(self, job: Job) -> Plan:
        if isinstance(job, bytes):
            return self._reviewer.plan(record_of_line(job))
        record = _record_of(job)
        if record is not None:
            return self._reviewer.plan(record)
        with captures_unpacked(options := self._options(job)):
            return full_plan(options)

    def _options(self, folder: str) -> argparse.Namespace:
        """What `review` would be given for a machine with a root, or for a capture."""
        import argparse

        found = {"inventory": None, "network_config": None, "root": folder}
        if not _is_capture(folder):
            found["root"] = f"{folder}/{ROOT}"
            for name, file in (("inventory", INVENTORY), ("network_config", CONFIG)):
                if os.path.lexists(f"{folder}/{file}"):
                    found[name] = f"{folder}/{file}"
        return argparse.Namespace(**{**vars(self._args), **found})


def _record_of(folder: str) -> Record | None:
    """The record of a machine in a folder; None where there is a root, which is to be looked at.

    Raises HypervNetError where it is neither a folder nor a capture.
    """
    if _is_capture(folder):
        return None
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise HypervNetError(f"cannot be read: {error.strerror}") from None
    if os.path.lexists(f"{folder}/{ROOT}"):
        return None
    config = f"{folder}/{CONFIG}"
    text = files.read_text(config, CONFIG) if os.path.lexists(config) else None
    inventory = files.read_text(f"{folder}/{INVENTORY}", INVENTORY)
    return Record(name_of(folder), inventory, text, None, {}, {})


def _is_capture(path: str) -> bool:
    if not path.endswith(CAPTURE) or Path(path).is_dir():
        return False
    if is_archive(path):
        return True
    raise HypervNetError("not a capture", hint=_CAPTURE_HINT)


def _above(options: argparse.Namespace) -> str:
    """The folder that a machine's files are in."""
    root = str(options.root)
    return root.removesuffix(f"/{ROOT}")


def _source(job: Job) -> str:
    """What the review of a machine that nothing can be planned for is of."""
    return SOURCE if isinstance(job, bytes) else job
