"""Whatever goes wrong here, cloud-init goes on as it would alone, and one log line says why."""

from __future__ import annotations

import logging
from functools import lru_cache

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _Result = TypeVar("_Result")

_LOG = logging.getLogger("hyperv_net.sources")

_ALONE = "failed, and cloud-init goes on alone"


def attempt(ours: Callable[[], _Result], otherwise: Callable[[], _Result]) -> _Result:
    """The result of `ours`, or else of `otherwise`; what `otherwise` raises is passed on."""
    try:
        return ours()
    except Exception as error:
        try:
            say(f"{_ALONE}: {_reason(error)}")
        except Exception:
            _LOG.info("hyperv-net: %s", _ALONE)
    return otherwise()


# The same failure can be met at each look at the NICs; it is told once.
@lru_cache(maxsize=64)
def say(text: str) -> None:
    """A line of normal work, or of a failure that leaves the stock result.

    Neither is a warning: warnings make `cloud-init status` degraded and its
    exit status 2 (cloudinit/cmd/status.py), which the stock result is not.
    """
    _LOG.info("hyperv-net: %s", one_line(text))


def _reason(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({trace.tb_frame.f_code.co_name}, line {trace.tb_lineno})" if trace else ""
    return " ".join(f"{type(error).__name__}: {error}".split()) + place
