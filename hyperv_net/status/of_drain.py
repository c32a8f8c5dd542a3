"""What is to be said of the drain of one pair."""

from __future__ import annotations

from datetime import datetime

from hyperv_net.hotplug.kept.watched import LONGEST
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Finding, Severity
from hyperv_net.owners import PERSON, whose
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.look.state import Drain
    from hyperv_net.status.model import PairStatus

#: Seconds after which a person's drain has outlived any migration: Azure's maintenance
#: freezes a machine for seconds, and announces it 15 minutes ahead.
LONG_DRAIN = 3600


def drain_findings(pair: PairStatus, now: str, uptime: float | None) -> Iterator[Finding]:
    """That a pair is drained, by whom, and for too long; the times are as for `judge`."""
    drain = pair.drain
    if drain is None:
        return
    hint = "`hyperv-net undrain` moves it back"
    if drain.phase is Phase.ENDING:
        message = "the traffic is being moved back to the VF"
    elif drain.owners == (PERSON,):
        message = f"drained since {drain.since}: the VF carries no traffic until it has come back"
    else:
        message = (
            f"drained since {drain.since} for {whose(drain.owners)}: "
            "the VF carries no traffic until that is over"
        )
        hint = "`hyperv-net undrain --all-owners` moves it back"
    is_long = _is_long(drain, now, uptime)
    yield Finding(
        "drained-long" if is_long else "drained",
        Severity.WARNING if is_long else Severity.NOTE,
        message,
        pair.label,
        hint,
    )


def _is_long(drain: Drain, now: str, uptime: float | None) -> bool:
    """Whether it lasts longer than its owners' ought to: an event's end in time by themselves."""
    if uptime is not None and drain.uptime:
        is_of_person = PERSON in drain.owners or not drain.owners
        return (is_of_person and uptime - drain.uptime > LONG_DRAIN) or (
            drain.is_of_event and uptime - drain.event_uptime > LONGEST
        )
    seconds = _seconds(drain.since, now)
    return seconds is not None and seconds > (LONGEST if drain.is_of_event else LONG_DRAIN)


def _seconds(since: str, now: str) -> float | None:
    try:
        then, here = (datetime.strptime(one, "%Y-%m-%dT%H:%M:%SZ") for one in (since, now))
    except ValueError:
        return None
    return (here - then).total_seconds()
