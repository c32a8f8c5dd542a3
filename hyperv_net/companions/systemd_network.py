"""Files of hyperv-net in /etc/systemd/network; what is in them is each target's to say."""

from __future__ import annotations

from hyperv_net.marks import FROM_PAIRS
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def systemd_file(path: str, lines: Iterable[str]) -> RenderedFile:
    """A file with these lines, marked as made by hyperv-net."""
    return RenderedFile(path, FROM_PAIRS + "".join(f"{line}\n" for line in lines))
