"""Whether there is anything to watch for, by the settings of the machine."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.registry import sources
from hyperv_net.announcements.service import serve, why_nothing_is_watched
from hyperv_net.hotplug.kept.drains import are_events_to_be_ended
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import find_settings
from hyperv_net.root.system import running_system
from hyperv_net.root.turned_off import why_turned_off

if TYPE_CHECKING:
    from hyperv_net.model import Settings


def rules_of(settings: Settings) -> Rules:
    """How what is announced is followed."""
    return Rules(float(settings.drain_ahead), settings.acknowledge)


def start(*, confined: bool = False) -> int:
    """Watch as the settings say, until a signal comes; the exit status.

    Where hyperv-net is turned off, nothing is looked at but what events own, and that is ended.

    Raises HypervNetError as `serve` does, and where the settings are none.
    """
    if why_turned_off():
        if are_events_to_be_ended(RUN_DIRECTORY[running_system()]):
            return serve((), Rules(), confined=confined)
        terminal.say(why_nothing_is_watched())
        return 0
    settings = find_settings("/")
    return serve(sources(settings.announcements), rules_of(settings), confined=confined)


def is_needed() -> bool:
    """Whether there is anything to watch for; if not, that is said, and what events own is ended.

    What could not be ended is to be watched for as well.  For a supervisor that starts again
    whatever has ended.  Raises HypervNetError as `start` does.
    """
    if not why_turned_off() and find_settings("/").announcements:
        return True
    return start() != 0
