"""What may become of an announced migration, on one machine: waited for, cancelled, told to go on.

The scenarios follow one another on the same guest; each begins and ends with the VF carrying.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hyperv_net.journal.times import seconds_between
from tests.lab.announced import (
    WATCH,
    active,
    carries_again,
    goes_and_returns,
    is_drained,
    is_said,
    is_watching,
    lost_nothing,
    stories,
)
from tests.lab.announcer import NAME, OTHER_NAME, Announcer, announcer
from tests.lab.far_end import FarEnd, Window
from tests.lab.image import image
from tests.lab.machine import OTHER_SLOT, SLOT, VF, Machine, Results, started
from tests.lab.scenario import plugin

pytestmark = pytest.mark.lab

#: Seconds before its time at which the traffic is moved: as the machine has it set.
AHEAD = 30

#: Seconds from an announcement to its time: one that is waited for, and one that is not waited out.
EARLY, FAR = 75, 15 * 60

_ACKNOWLEDGES = f"""
cat >/etc/cloud/cloud.cfg.d/99-acknowledges.cfg <<'END'
hyperv_net:
  synthetic_drivers: [virtio_net]
  announcements: [azure]
  drain_ahead: {AHEAD}
  acknowledge: true
END
systemctl restart {WATCH}
"""

Watched = tuple[Machine, Announcer]


@pytest.fixture(scope="module")
def watched(results: Results) -> Iterator[Watched]:
    """A machine that asks Azure's fabric, and the fabric."""
    files = plugin("trixie", "netplan", "--announcements", "azure", "--drain-ahead", str(AHEAD))
    made = image("trixie", "netplan")
    with (
        started("trixie-netplan-courses", "netplan", made, files, results) as machine,
        announcer(machine.net, machine.guest.logs) as azure,
    ):
        machine.settled("eth0", VF)
        is_watching(machine, azure)
        yield machine, azure


def test_one_that_is_announced_early_is_drained_for_only_so_long_before_its_time(
    watched: Watched,
) -> None:
    """Nobody starts it: its time comes, and Azure says so."""
    machine, azure = watched
    with machine.probed() as end:
        end.window()
        event = azure.announce(EARLY)
        waiting, drain = is_waited_for(machine, end, event)
        is_said(machine, event, "started")
        detach, _ = goes_and_returns(machine, end, SLOT)
        azure.end(event)
        carries_again(machine, VF)
        attach = end.window()
    lost_nothing(waiting, drain, detach, attach)
    told = stories(machine)[event]
    is_drained_in_time(machine, told, "announced early")
    assert told["not_before"] <= told["started"]
    assert azure.acknowledged() == []


def test_one_that_is_cancelled_after_its_drain_gives_the_traffic_back(watched: Watched) -> None:
    machine, azure = watched
    with machine.probed() as end:
        end.window()
        event = azure.announce(EARLY)
        waiting, drain = is_waited_for(machine, end, event)
        before = len(machine.guest.notes())
        azure.cancel(event)
        carries_again(machine, VF)
        machine.guest.wait_for_note(before, what="sends", name=VF)
        back = end.window()
        machine.rest()
        after = end.window()
    machine.settled("eth0", VF)
    lost_nothing(waiting, drain, back, after)
    told = stories(machine)[event]
    (pair,) = told["pairs"]
    assert (told["ended"], told["started"], pair["absences"]) == ("cancelled", None, [])
    in_order(told["announced"], pair["drained"], told["over"], pair["undrained"])
    assert told["over"] < told["not_before"]
    machine.saw("cancelled once drained", "the VF carries again, 0 lost")


def test_a_vf_that_goes_twice_in_one_event_takes_nothing_with_it(watched: Watched) -> None:
    """Azure may have a second, shorter impact; the traffic stays where it is until all is over."""
    machine, azure = watched
    with machine.probed() as end:
        end.window()
        event = azure.announce(AHEAD)
        is_drained(machine, event)
        windows = [end.window()]
        azure.start(event)
        for slot in (OTHER_SLOT, SLOT):
            detach, _ = goes_and_returns(machine, end, slot)
            windows += [detach, end.window()]
        azure.end(event)
        carries_again(machine, VF)
        windows.append(end.window())
    machine.settled("eth0", VF)
    lost_nothing(*windows)
    told = stories(machine)[event]
    (pair,) = told["pairs"]
    first, second = pair["absences"]
    in_order(told["announced"], pair["drained"], first["vf_left"], first["vf_came"])
    in_order(first["vf_came"], second["vf_left"], second["vf_came"], told["over"])
    in_order(told["over"], pair["undrained"])
    machine.saw("two impacts in one event", f"{len(windows)} stretches of time, 0 lost")


def test_one_that_names_this_machine_alone_is_drained_and_then_acknowledged(
    watched: Watched,
) -> None:
    """Where that is set it is not waited for: Azure starts it as soon as it is told to."""
    machine, azure = watched
    machine.guest.ask(_ACKNOWLEDGES)
    with machine.probed() as end:
        end.window()
        event = azure.announce(FAR)
        is_drained(machine, event)
        drain = end.window()
        is_said(machine, event, "started")
        assert azure.acknowledged() == [event]
        detach, _ = goes_and_returns(machine, end, SLOT)
        azure.end(event)
        carries_again(machine, VF)
        attach = end.window()
    lost_nothing(drain, detach, attach)
    told = stories(machine)[event]
    (pair,) = told["pairs"]
    in_order(told["announced"], pair["drained"], told["acknowledged"], told["started"])
    in_order(told["started"], pair["vf_left"], pair["vf_came"], told["over"], pair["undrained"])
    waited = seconds_between(told["announced"], told["started"])
    assert waited is not None and waited < FAR - AHEAD
    machine.saw("acknowledged", f"drained and started {waited:.1f} s after it was heard of, 0 lost")


def test_one_that_names_others_too_is_waited_for_and_never_acknowledged(watched: Watched) -> None:
    """It is theirs to say as well; of one that names others alone the machine tells nothing."""
    machine, azure = watched
    machine.guest.ask(_ACKNOWLEDGES)
    before = azure.acknowledged()
    with machine.probed() as end:
        end.window()
        theirs = azure.announce(0, [OTHER_NAME])
        event = azure.announce(EARLY, [OTHER_NAME, NAME])
        waiting, drain = is_waited_for(machine, end, event)
        azure.start(event)
        detach, _ = goes_and_returns(machine, end, SLOT)
        azure.end(event)
        carries_again(machine, VF)
        attach = end.window()
        azure.end(theirs)
    lost_nothing(waiting, drain, detach, attach)
    found = stories(machine)
    is_drained_in_time(machine, found[event], "others named as well")
    assert theirs not in found
    assert found[event]["acknowledged"] is None
    assert azure.acknowledged() == before


def is_waited_for(machine: Machine, end: FarEnd, event: str) -> tuple[Window, Window]:
    """The VF carries on until its time is near; the stretches of waiting and of the drain."""
    is_said(machine, event, "announced")
    assert stories(machine)[event]["pairs"] == []
    assert active(machine) == VF
    waiting = end.window()
    is_drained(machine, event)
    return waiting, end.window()


def is_drained_in_time(machine: Machine, told: dict[str, Any], scenario: str) -> None:
    """The drain was before its time, and not earlier than it is set to be."""
    (pair,) = told["pairs"]
    waited = seconds_between(told["announced"], pair["drained"])
    ahead = seconds_between(pair["drained"], told["not_before"])
    assert waited is not None and ahead is not None and 0 < ahead <= AHEAD
    machine.saw(scenario, f"drained after {waited:.1f} s, {ahead:.1f} s before its time, 0 lost")


def in_order(*times: str | None) -> None:
    """All of these are told, one after another."""
    assert all(times) and [*times] == sorted(map(str, times)), times
