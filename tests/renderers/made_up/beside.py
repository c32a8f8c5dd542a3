"""The table of those that are not to be touched."""

from __future__ import annotations

from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.marks import FROM_PAIRS
from hyperv_net.model import RenderedFile
from tests.renderers.made_up import BESIDE


def beside(wanted: Wanted) -> tuple[RenderedFile, ...]:
    """A line a pair."""
    lines = "".join(f"{pair.mac}\n" for pair in wanted.pairs)
    return (RenderedFile(BESIDE, FROM_PAIRS + lines),)
