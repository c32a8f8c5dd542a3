"""What the last run of `reconcile` did, kept until the next boot for `status`."""

from __future__ import annotations

import json
from contextlib import suppress

from hyperv_net.errors import HypervNetError, of_file
from hyperv_net.hotplug.kept.whole import replace
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import believing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

SCHEMA = "hyperv-net/last/1"
_FILE = "last.json"
_SIZE_LIMIT = 1 << 20


class Run(NamedTuple):
    """A run: when it ended (RFC 3339, UTC), the steps taken, and what failed or is in the way.

    `settled` is false where it ended with steps left.
    """

    time: str
    steps: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    settled: bool = True


class Last(NamedTuple):
    """The last run, and the last one that took a step (None: there was none since the boot)."""

    run: Run
    change: Run | None


def record(directory: str, run: Run) -> None:
    """Keep `run` in the run directory, which exists; a reader sees the old file or the new one.

    Raises OSError.
    """
    before = read(directory)
    change = run if run.steps else before.change if before is not None else None
    document = {
        "schema": SCHEMA,
        **run._asdict(),
        "change": change._asdict() if change is not None else None,
    }
    path = f"{directory}/{_FILE}"
    replace(path, json.dumps(document) + "\n")


def read(directory: str) -> Last | None:
    """What was kept; None where there is nothing that is believed, or nothing of this version's."""
    with suppress(ValueError, RecursionError, HypervNetError):
        document = json.loads(believing.read(directory, _FILE, _SIZE_LIMIT) or b"")
        if isinstance(document, dict) and document.get("schema") == SCHEMA:
            change = document.get("change")
            return Last(_run(document), _run(change) if change is not None else None)
    return None


def _run(document: Any) -> Run:
    """A run as it stands in the file.  Raises HypervNetError."""
    if not isinstance(document, dict) or not isinstance(document.get("time"), str):
        raise of_file(_FILE, "not a run")
    return Run(
        document["time"],
        _texts(document.get("steps")),
        _texts(document.get("failures")),
        _texts(document.get("obstacles")),
        document.get("settled") is True,
    )


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise of_file(_FILE, "not a list of texts")
    return tuple(value)


def texts(things: Iterable[object]) -> tuple[str, ...]:
    """Steps, failures and so on, as they are kept."""
    return tuple(str(one) for one in things)
