"""How far a fleet's review is, on standard error."""

from __future__ import annotations

from contextlib import contextmanager, suppress

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def counting(what: str, total: int | None) -> Iterator[Callable[[int, int], None]]:
    """Within it a bar on standard error, with the rate and the time that is left.

    What it gives is called with how much more of `total` is done, and how many more of `what`
    that were.  Only on a terminal, and where `rich` is installed, as for diffs.
    """
    drawn = None
    if terminal.is_watched():
        with suppress(ImportError):
            from hyperv_net.terminal_bar import Bar

            drawn = Bar(visible(what), total)
    if drawn is None:
        yield lambda amount, number: None
        return
    with drawn:
        yield drawn.more
