"""`hyperv-net review --fleet` and `--merge`: many machines, in groups of plans of one shape."""

from __future__ import annotations

import gc
import json
import shutil
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.commands import fleet_jobs, fleet_parts
from hyperv_net.commands.fleet_bar import counting
from hyperv_net.commands.fleet_options import check_fleet_options
from hyperv_net.commands.fleet_parts import CSV_LINES, GROUPS, JSON_LINES, PAGES, SUMMARY
from hyperv_net.commands.fleet_processes import parts
from hyperv_net.commands.fleet_work import Worker
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import at_least
from hyperv_net.fleet import summary as summaries
from hyperv_net.fleet.index import index_page
from hyperv_net.fleet.reviewing import as_told
from hyperv_net.fleet.tables import (
    MACHINE_COLUMNS,
    csv_line,
    findings_csv,
    groups_csv,
    summary_text,
)
from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import formats
from hyperv_net.review.assembling import review_of_error
from hyperv_net.review.presenting import without_secrets
from hyperv_net.review.terminal_look import look_of_terminal
from hyperv_net.secrets import known

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from hyperv_net.commands.fleet_jobs import Chunk, Job
    from hyperv_net.commands.fleet_work import Part
    from hyperv_net.fleet.summary import Summary
    from hyperv_net.review.model import Review


def run(args: argparse.Namespace) -> int:
    """Review the fleet; 1 where it is so for any of its machines."""
    check_fleet_options(args)
    gc.enable()  # A run over many machines is not one that does little and ends.
    out = Path(args.out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise HypervNetError("there is something already", where=str(out), hint="name a new folder")
    # Whatever is wrong with what is given is said ahead of the first file.
    if args.merge:
        runs = fleet_parts.written(args.merge)
        with _made(out):
            whole = _written(out, fleet_parts.merged(runs, out))
    else:
        chunks = fleet_jobs.chunks(args.fleet)
        first = next(chunks)
        with _made(out):
            whole = _written(out, _reviewed(args, chain([first], chunks), out))
    terminal.write(summary_text(whole, look_of_terminal()))
    return int(_is_refused(whole, Severity(args.fail_on)))


@contextmanager
def _made(out: Path) -> Iterator[None]:
    """Within it the folder is there; it is left as it was where what is in it was not finished."""
    was_there = out.exists()
    (out / GROUPS).mkdir(parents=True)
    try:
        yield
    except BaseException:
        for one in out.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        if not was_there:
            out.rmdir()
        raise


def _written(out: Path, whole: Summary) -> Summary:
    """The summary, which is in `out` then, beside what is there of the machines."""
    terminal.write_file(str(out / "groups.csv"), groups_csv(whole))
    terminal.write_file(str(out / "findings.csv"), findings_csv(whole))
    found = (f"{GROUPS}/{one}.{suffix}" for one in whole.groups for suffix in PAGES.values())
    pages = {Path(page).stem: page for page in found if (out / page).exists()}
    terminal.write_file(str(out / "index.html"), index_page(whole, pages))
    text = json.dumps(summaries.document(whole), indent=1)
    terminal.write_file(str(out / SUMMARY), f"{text}\n")
    return whole


def _is_refused(whole: Summary, fail_on: Severity) -> bool:
    fatal = (whole.severities.get(one.value) for one in at_least(fail_on))
    return bool(whole.levels.get("network")) or any(fatal)


def _reviewed(args: argparse.Namespace, chunks: Iterable[Chunk], out: Path) -> Summary:
    """The summary of all machines, each of which has its line in `out` then."""
    whole = summaries.EMPTY
    examples: dict[str, Job] = {}
    with (
        (out / JSON_LINES).open("w", encoding="utf-8") as json_lines,
        (out / CSV_LINES).open("w", encoding="utf-8", newline="") as csv_lines,
        counting("machines", fleet_jobs.total(args.fleet)) as advance,
    ):
        csv_lines.write(csv_line(MACHINE_COLUMNS))
        for part, amount in parts(args, chunks):
            json_lines.write(part.json_lines)
            csv_lines.write(part.csv_lines)
            whole = _with_examples(whole, part, examples)
            advance(amount, part.summary.machines)
    worker, page = Worker(args), _page()
    for shape, job in examples.items():
        known.forget()  # A page is the same whatever others there are.
        review = without_secrets(worker.review(job), terminal.hidden)
        file = str(out / GROUPS / f"{shape}.{PAGES[page]}")
        terminal.write_file(file, _drawn(page, review))
        diff = "".join(one.diff for one in review.files)
        terminal.write_file(str(out / GROUPS / f"{shape}.diff"), diff)
    return whole


def _drawn(page: str, review: Review) -> str:
    """The page; in its place what went wrong, where a mistake of ours is in the way."""
    try:
        return formats.draw(page, [review])
    except Exception as error:
        said = as_told(error)
        return formats.draw(page, [review_of_error(said, review.network_config, {}, ())])


def _page() -> str:
    """The format of pages: the best of those whose libraries are there."""
    for one in PAGES:
        with suppress(formats.MissingLibraryError):
            formats.load(one)
            return one
    raise AssertionError("text needs no library")


def _with_examples(whole: Summary, part: Part, examples: dict[str, Job]) -> Summary:
    """The summary with a part, and in `examples` the job of each group's example."""
    both = summaries.merge(whole, part.summary)
    for shape, job in part.examples.items():
        group, before = both.groups.get(shape), whole.groups.get(shape)
        if group is not None and (before is None or before.example != group.example):
            examples[shape] = job
    for shape in examples.keys() - both.groups.keys():
        del examples[shape]
    return both
