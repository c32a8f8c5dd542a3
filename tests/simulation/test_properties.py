"""What holds of any story, whatever the machine and the order of the events."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.hotplug.decide.drain_phase import going_on
from hyperv_net.hotplug.decide.situation import carrying, situation
from hyperv_net.hotplug.decide.steps import steps
from hyperv_net.model import Inventory, Kind, Mode
from hyperv_net.plan.flow import Plan
from hyperv_net.simulation.events import lived, simulate
from hyperv_net.simulation.lanes import lanes
from hyperv_net.simulation.model import actual, find
from hyperv_net.simulation.story import EVENTS
from tests.simulation.plans import (
    ETH0,
    HN0,
    MCE0,
    VF,
    freebsd,
    linux,
    net_failover,
    nic,
    plan_of,
)

MACHINES: dict[str, Inventory] = {
    "a bond": linux(ETH0, VF),
    "a bond of an old hv_netvsc": linux(nic("eth0", "hv_netvsc", "vmbus"), VF, kernel="4.9.0-13"),
    "hv_netvsc takes the VF": linux(nic("eth0", "hv_netvsc", "vmbus"), VF),
    "net_failover": net_failover(),
    "a lagg": freebsd(HN0, MCE0),
    "a lagg whose VF is away": freebsd(HN0),
    "a lagg over vtnet": freebsd(nic("vtnet0", "vtnet", "virtio"), nic("em0", "em")),
    "hn(4) drives the VF": freebsd(HN0, MCE0, transparent=True),
    "a VF alone": linux(nic("enP1s1", "mana", device="VMBUS:00/pci")),
    "a synthetic NIC alone": linux(ETH0),
}


@cache
def plan_for(name: str) -> Plan:
    more: dict[str, Any] = {"synthetic_drivers": ["vtnet"]} if "vtnet" in name else {}
    return plan_of(MACHINES[name], **more)


@pytest.mark.parametrize("name", MACHINES)
@settings(max_examples=12, deadline=None)
@given(events=st.lists(st.sampled_from(list(EVENTS)), min_size=1, max_size=7))
def test_a_story_of_any_events_ends_as_the_hooks_own_functions_say(
    name: str, events: list[str]
) -> None:
    here = lived(plan_for(name), events)
    simulation = simulate(plan_for(name), events)
    state = actual(here.machine)
    (story,) = simulation.stories

    # The hook has nothing left to do, and its drains are where they go.
    assert going_on(state, here.wanted) == state.drains
    assert steps(state, here.wanted) == ()
    # No member has an address at any time, and none has one in the end.
    for link in here.machine.links:
        master = find(here.machine, link.nic.master or "")
        if master is not None and master.nic.kind in (Kind.BOND, Kind.LAGG):
            assert link.addresses == ()
    rules = {one.rule for one in simulation.findings}
    assert not rules & {"simulated-member-address", "simulated-two-defaults"}
    # The path is the one that situation() sees.
    for pair in here.wanted.pairs:
        sends = carrying(situation(pair, state))
        assert sends is not None and sends.is_up and sends.nic.state == "up"
        view = story.moments[-1].view
        assert view.carries == sends.nic.name
        assert view.path == ("VF" if sends.nic.bus == "pci" else "synthetic")
    # Only a VF that stands alone leaves a machine without a path.
    if story.decision.mode is not Mode.VF_ONLY:
        assert all(one.view.path != "none" for one in story.moments if one.is_settled)
    # Lanes go from the first moment to the last, without a gap.
    for lane in lanes(simulation):
        ends = [(span.start, span.end) for span in lane.spans]
        assert (ends[0][0], ends[-1][1]) == (0, len(story.moments) - 1)
        assert all(next_start == end + 1 for (_, end), (next_start, _) in zip(ends, ends[1:]))


@pytest.mark.parametrize("name", MACHINES)
def test_the_same_plan_and_events_tell_the_same_story(name: str) -> None:
    assert simulate(plan_for(name)) == simulate(plan_for(name))
