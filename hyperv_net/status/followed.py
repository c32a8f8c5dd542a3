"""What the services leave behind: whether one watches, and what they have counted."""

from __future__ import annotations

from hyperv_net.announcements.kept import read_kept
from hyperv_net.hotplug.kept.noticed import read_noticed
from hyperv_net.hotplug.kept.watched import LOCK
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.locks import is_taken
from hyperv_net.root.turned_off import why_turned_off
from hyperv_net.status.model import Watching
from hyperv_net.status.openmetrics import Moves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.model import Announcer, System


def see_watching(
    root: str, system: System, announcers: Iterable[Announcer], *, is_live: bool
) -> Watching:
    """What is watched for at `root`, whose settings name the `announcers`.

    `is_live` is whether that is this machine: nobody holds the locks of a captured one.
    """
    base = root.rstrip("/")
    if why_turned_off(root):
        return Watching()
    kept = read_kept(f"{base}/{KEPT_IN[system]}")
    is_running = is_taken(f"{base}{RUN_DIRECTORY[system]}/{LOCK}")
    return Watching(
        tuple(one.value for one in announcers),
        is_running if is_running or is_live else None,
        kept.silent,
        kept.known.courses,
    )


def see_moves(root: str, system: System) -> Moves | None:
    """How often the traffic of each pair has moved; None where no worker has looked yet."""
    noticed = read_noticed(f"{root.rstrip('/')}{RUN_DIRECTORY[system]}")
    if noticed is None:
        return None
    return Moves(
        noticed.since,
        {one.mac: one.moves for one in noticed.pairs},
        {one.mac: one.drain_moves for one in noticed.pairs},
    )
