"""What a process does with the machines that it is given: rows, and a part of the summary."""

from __future__ import annotations

import json
from pathlib import Path

from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.machine import given_settings
from hyperv_net.commands.plan import full_plan
from hyperv_net.commands.reviewed_plan import with_timeline
from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.alike import Reviewer
from hyperv_net.fleet.model import Record
from hyperv_net.fleet.reading import record_of_line
from hyperv_net.fleet.reviewing import SOURCE, plan_of
from hyperv_net.fleet.rows import row_of, row_of_error
from hyperv_net.fleet.summary import summary_of
from hyperv_net.fleet.tables import machine_line
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.review.assembling import review_of, review_of_error
from hyperv_net.root import files
from hyperv_net.secrets import known
from hyperv_net.visible import visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from hyperv_net.commands.fleet_jobs import Chunk, Job
    from hyperv_net.fleet.model import Row
    from hyperv_net.fleet.summary import Summary
    from hyperv_net.review.model import Review

INVENTORY, CONFIG, ROOT = "inventory.json", "network-config.yaml", "root"


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
        self._settings = given_settings(args)
        self._target = None if args.target == "auto" else args.target
        self._allows = tuple(map(parsed, args.allow or ()))
        self._reviewer = Reviewer(self._allows)

    def part(self, chunk: Chunk) -> Part:
        """The part of a chunk."""
        rows = [self._row(job) for job in chunk.jobs]
        whole = summary_of(rows)
        first: dict[str, tuple[tuple[str, str], Job]] = {}
        for row, job in zip(rows, chunk.jobs):
            order = (row.id, row.exact)
            if row.shape not in first or order < first[row.shape][0]:
                first[row.shape] = (order, job)
        return Part(
            summary=whole,
            json_lines="".join(f"{json.dumps(row.document())}\n" for row in rows),
            csv_lines=visible("".join(map(machine_line, rows))),
            examples={shape: job for shape, (_, job) in first.items() if shape in whole.groups},
        )

    def _row(self, job: Job) -> Row:
        try:
            record = self._record(job)
            if record is not None:
                return self._reviewer.review(record)
            with captures_unpacked(options := self._options(job)):
                return row_of(job.id, review_of(full_plan(options)), f"{_above(options)}/")[0]
        except HypervNetError as error:
            told = str(error)
        except Exception as error:
            said = " ".join(str(error).split())
            told = f"a mistake of hyperv-net, please report it: {type(error).__name__}: {said}"
        finally:
            hide = known.hider()
            known.forget()
        return row_of_error(job.id, hide(told), f"{job.place}/")

    def review(self, job: Job) -> Review:
        """The whole review of a machine, for its page."""
        try:
            record = self._record(job)
            if record is not None:
                return with_timeline(plan_of(record, self._allows))
            with captures_unpacked(options := self._options(job)):
                return with_timeline(full_plan(options))
        except HypervNetError as error:
            return review_of_error(error, SOURCE if job.line else job.place, {}, ())

    def _record(self, job: Job) -> Record | None:
        """The record of a machine whose files are not looked at; None of one that has a root."""
        if job.line is not None:
            record = record_of_line(_decoded(job), job.place)
        elif not Path(job.place).is_dir() or Path(job.place, ROOT).is_dir():
            return None
        else:
            config = Path(job.place, CONFIG)
            text = files.read_text(config, CONFIG) if config.exists() else None
            inventory = files.read_text(Path(job.place, INVENTORY), INVENTORY)
            record = Record(job.id, inventory, text, None, {}, {})
        return Record(
            id=record.id,
            inventory=record.inventory,
            network_config=record.network_config,
            target=record.target or self._target,
            settings={**self._settings, **record.settings},
            existing=record.existing,
        )

    def _options(self, job: Job) -> argparse.Namespace:
        """What `review` would be given for a machine with a root, or for a capture."""
        import argparse

        found = {"inventory": None, "network_config": None, "root": job.place}
        if Path(job.place).is_dir():
            found["root"] = f"{job.place}/{ROOT}"
            for name, file in (("inventory", INVENTORY), ("network_config", CONFIG)):
                if Path(job.place, file).exists():
                    found[name] = f"{job.place}/{file}"
        return argparse.Namespace(**{**vars(self._args), **found})


def _above(options: argparse.Namespace) -> str:
    """The folder that a machine's files are in."""
    root = str(options.root)
    return root.removesuffix(f"/{ROOT}")


def _decoded(job: Job) -> str:
    try:
        return (job.line or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise HypervNetError(f"not UTF-8 at byte {error.start}", where=job.place) from None
