"""An injection on the machine that this runs on: written, brought up, and told of in one line."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net.kvp import injecting
from hyperv_net.kvp.allowed import check_injection
from hyperv_net.kvp.injected import parse
from hyperv_net.kvp.machine import look
from hyperv_net.kvp.settings import unused
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.kvp.injected import Injection
    from hyperv_net.kvp.injecting import Prepared

#: Seconds to wait for a reconcile that is at work.
_WAIT = 60


def inject(text: str, source: str) -> str:
    """Take in what the daemon's file `source` says, and return what was done.

    Raises HypervNetError where it cannot be taken in.
    """
    from hyperv_net.hotplug.act.means import live_means
    from hyperv_net.hotplug.kept.worker import workers_kept_away
    from hyperv_net.hotplug.running import settle_here
    from hyperv_net.hotplug.wanted import RUN_DIRECTORY

    root = Path("/")
    check_injection(root)
    injection = parse(text, source)
    injecting.undo_interrupted(root)
    machine = look(root)
    prepared = injecting.prepare(machine, injection)
    # A bond that ifdown takes away here must not be made again in between.
    directory = RUN_DIRECTORY[machine.system]
    with workers_kept_away(directory, _WAIT, lambda: settle_here(directory)):
        applied = injecting.write_and_activate(machine, prepared, live_means().run_long)
    return "; ".join((told(injection, prepared), *applied.notes))


def told(injection: Injection, prepared: Prepared) -> str:
    """What became of an injection, in one line."""
    written = ", ".join(change.file.path for change in prepared.changes) or "nothing to change"
    left = "; not used: " + ", ".join(unused(injection)) if any(unused(injection)) else ""
    return f"{injection.interface}: injected settings are {prepared.device}'s: {written}{left}"


def inject_or_hand_over(text: str, source: str) -> str:
    """Take it in, or have it taken in where this process may not: the daemon's unit.

    That of Debian gives the daemon, and with it this program, a read-only /etc and no
    capability.  Raises HypervNetError.
    """
    if os.access("/etc", os.W_OK):
        return inject(text, source)
    from hyperv_net.handed_over.asking import INJECT, ask

    # What cannot be read is refused here, and a name that is not one line never gets there.
    parse(text, source)
    return ask(INJECT, " ".join(source.split()), text)
