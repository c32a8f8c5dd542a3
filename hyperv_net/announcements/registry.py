"""The sources by their names in the settings; the one list of them.

A source is made by a module of its own, which is imported where it is asked for.
"""

from __future__ import annotations

from importlib import import_module

from hyperv_net.model import Announcer
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.announcements.source import Source

#: Modules of this package with a function `source`, which makes it for the machine that it is on.
MODULES: Mapping[Announcer, str] = {
    Announcer.AZURE: "azure_source",
    Announcer.DIRECTORY: "drop_directory",
    Announcer.HOST_POOL: "host_pool",
    Announcer.GOOGLE: "google_source",
}


def sources(announcers: Iterable[Announcer]) -> tuple[Source, ...]:
    """A source for each, in their order."""
    return tuple(_made(one) for one in announcers)


def _made(announcer: Announcer) -> Source:
    made: Source = import_module(f"hyperv_net.announcements.{MODULES[announcer]}").source()
    return made
