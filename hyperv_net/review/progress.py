"""How far a long change is, for people at a terminal."""

from __future__ import annotations

import sys

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.applying.decision import Operation

#: Fewer files than this are written before anybody has read how many they are.
_WORTH_SHOWING = 50


def progress(what: str, operations: Sequence[Operation]) -> Iterable[Operation]:
    """Go through `operations`, with a bar on standard error while that lasts.

    Only on a terminal, and where `rich` is installed: the optional dependency
    `hyperv-net[review]`.
    """
    if len(operations) < _WORTH_SHOWING or not sys.stderr.isatty():
        return operations
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        return operations
    return track(operations, what, console=Console(stderr=True), transient=True)
