"""Whether a service watches for announcements, whose events own drains until they are over."""

from __future__ import annotations

import os
import time

from hyperv_net import terminal
from hyperv_net.hotplug.decide.drain_phase import of_persons
from hyperv_net.hotplug.kept.drains import keep_drains, read_drains
from hyperv_net.owners import LONGEST_OF_EVENT, PERSON, whose
from hyperv_net.root import locks

#: Who watches has this lock, below the run directory.
LOCK = f"{locks.LOCKS}/watch"

#: Seconds for which an event may own a drain that nobody watches: what a service gives it at the
#: most, and time for that service to be started again and to end it.
LONGEST = LONGEST_OF_EVENT + 5 * 60


def let_go(directory: str) -> None:
    """End the parts of events in drains that are old and that nobody watches any more.

    What is left to do for it are steps like others.  The caller has the worker's lock.  Raises
    OSError.
    """
    drains = read_drains(directory)
    # By the same clock as the service counts.
    then = time.monotonic() - LONGEST
    old = [one for one in drains if one.is_of_event and one.event_uptime < then]
    if not old or _is_watched(directory):
        return
    keep_drains(directory, [of_persons(one) if one in old else one for one in drains])
    for drain in old:
        events = whose(one for one in drain.owners if one != PERSON)
        terminal.say(f"{drain.mac}: nobody watches {events} any more, so its drain is over")


def _is_watched(directory: str) -> bool:
    locks.own_folder(f"{directory}/{locks.LOCKS}", locks.PRIVATE)
    lock = locks.try_lock(f"{directory}/{LOCK}")
    if lock is not None:
        os.close(lock)
    return lock is None
