"""The parts of a fleet, by as many processes as there are to be; none of them ends in silence."""

from __future__ import annotations

import os
from collections import deque
from functools import partial

from hyperv_net.commands.fleet_jobs import machine_of
from hyperv_net.commands.fleet_work import Worker
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from hyperv_net.commands.fleet_jobs import Chunk
    from hyperv_net.commands.fleet_work import Part

#: Chunks that wait for a process, or to be written: so many a process.
_WAITING = 4
_HINT = "look for a lack of memory; fewer --jobs need less"


def parts(args: argparse.Namespace, chunks: Iterable[Chunk]) -> Iterator[tuple[Part, int]]:
    """The parts in the order of the machines, each with its chunk's amount; few are under way.

    Raises HypervNetError with the first and the last machine of a part that ended otherwise.
    """
    count = args.jobs or _processors()
    if count == 1:
        worker = Worker(args)
        for chunk in chunks:
            yield _named(chunk, partial(worker.part, chunk)), chunk.amount
        return
    yield from _by_processes(args, chunks, count)


def _by_processes(
    args: argparse.Namespace, chunks: Iterable[Chunk], count: int
) -> Iterator[tuple[Part, int]]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # No thread runs here yet, so that a fork is safe; it shares what is imported.
    context = multiprocessing.get_context("fork")

    def pool_of(processes: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(args,))

    waiting: deque[tuple[Future[Part], Chunk]] = deque()
    pool = pool_of(count)

    def first() -> tuple[Part, int]:
        future, chunk = waiting[0]
        part = _named(chunk, future.result)
        waiting.popleft()
        return part, chunk.amount

    under_way: list[Chunk] = []
    try:
        for chunk in chunks:
            under_way = [*(one for _, one in waiting), chunk]
            waiting.append((pool.submit(_part, chunk), chunk))
            if len(waiting) >= _WAITING * count:
                yield first()
        while waiting:
            under_way = [one for _, one in waiting]
            yield first()
    except BrokenProcessPool:
        # All that is under way goes with the one that died: alone it dies again.
        pool.shutdown()
        for one in under_way:
            with pool_of(1) as alone:
                try:
                    _named(one, alone.submit(_part, one).result)
                except BrokenProcessPool:
                    raise _died([one]) from None
        raise _died(under_way) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _named(chunk: Chunk, made: Callable[[], Part]) -> Part:
    """The part of a chunk, or an error that names its machines where it was not to be had."""
    try:
        return made()
    except SystemExit as stopped:
        what = f"the review of {_machines([chunk])} ended itself with {stopped.code!r}"
        raise HypervNetError(what, hint="please report it") from None
    except MemoryError:
        what = f"there is not enough memory for the review of {_machines([chunk])}"
        raise HypervNetError(what, hint="fewer --jobs need less") from None


def _died(chunks: Sequence[Chunk]) -> HypervNetError:
    what = f"a process that reviewed {_machines(chunks)} was ended from outside"
    return HypervNetError(what, hint=_HINT)


def _machines(chunks: Sequence[Chunk]) -> str:
    """The first and the last machine of chunks that follow each other."""
    first, last = machine_of(chunks[0].jobs[0]), machine_of(chunks[-1].jobs[-1])
    return first if first == last else f"{first} to {last}"


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_WORKER: list[Worker] = []


def _begin(args: argparse.Namespace) -> None:
    _WORKER[:] = [Worker(args)]


def _part(chunk: Chunk) -> Part:
    return _WORKER[0].part(chunk)
