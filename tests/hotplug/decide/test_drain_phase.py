"""What a drain remembers of how it was before, and of who asked for it when."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.hotplug.decide.drain_phase import begun, ended, of_persons
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.model import System
from hyperv_net.owners import PERSON
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import (
    EVENT,
    NOW,
    SECOND,
    TRANSPARENT,
    VF,
    drain,
    each_system,
    hook,
    joined,
    transparent,
    wanted,
)


def begin(kernel: Kernel, owner: str = PERSON, uptime: float = 0.0) -> Drain:
    actual = kernel.read()._replace(uptime=uptime)
    (found,) = begun(actual, wanted(kernel.system), {MAC}, NOW, owner)
    kernel.drains = (found,)
    return found


def test_a_vf_that_carried_nothing_is_given_nothing_when_its_drain_ends() -> None:
    kernel = joined(System.LINUX)
    actual = kernel.read()
    for active, is_active in (("enP1s1", True), ("eth0", False)):
        links = [one._replace(active=active) if one.active else one for one in actual.links]
        here = actual._replace(links=tuple(links))
        (found,) = begun(here, wanted(System.LINUX), {MAC}, NOW)
        assert found.was_active is is_active


@pytest.mark.parametrize(
    ("before", "is_active"),
    [({}, True), ({"was_active": False}, False), ({"vf": 99, "vf_name": "vf9"}, False)],
)
def test_a_drain_ahead_of_the_end_of_another_takes_up_what_that_one_found(
    before: dict[str, Any], is_active: bool
) -> None:
    """But for another VF's traffic."""
    kernel = joined(System.LINUX)
    drain(kernel)
    (ending,) = ended(kernel.read(), {MAC})
    kernel.drains = (ending._replace(**before),)
    again = begin(kernel)
    assert (again.phase, again.reselect) == (Phase.BEGUN, "always")
    assert (again.was_active, again.vf_name) == (is_active, "enP1s1")


@each_system
def test_a_drain_of_the_vf_to_come_names_none(system: System) -> None:
    kernel = joined(system)
    kernel.remove(VF[system])
    hook(kernel)
    found = begin(kernel, EVENT)
    assert (found.vf, found.vf_name, found.was_active) == (0, "", False)


def test_a_pair_without_a_bond_has_no_policy_to_put_back() -> None:
    kernel = transparent()
    drain(kernel, TRANSPARENT)
    assert [(one.reselect, one.was_active) for one in kernel.drains] == [("", False)]


def test_a_drain_knows_by_a_clock_that_nobody_sets_when_it_and_its_last_event_came() -> None:
    kernel = joined(System.LINUX)
    asked = ((PERSON, 500.0), (EVENT, 600.0), (EVENT, 700.0), (SECOND, 800.0))
    times = [begin(kernel, owner, uptime) for owner, uptime in asked]
    assert [(one.uptime, one.event_uptime) for one in times] == [
        *((500.0, 0.0), (500.0, 600.0), (500.0, 600.0), (500.0, 800.0)),
    ]
    kernel.drains = ()
    times = [begin(kernel, owner, uptime) for owner, uptime in ((EVENT, 500.0), (PERSON, 600.0))]
    assert [(one.uptime, one.event_uptime) for one in times] == [(500.0, 500.0)] * 2


def test_without_its_events_a_drain_is_a_persons_or_over() -> None:
    both = Drain(MAC, 3, "enP1s1", Phase.HELD, owners=(EVENT, PERSON, SECOND))
    assert of_persons(both) == both._replace(owners=(PERSON,))
    alone = both._replace(owners=(EVENT, SECOND))
    assert of_persons(alone) == alone._replace(owners=(), phase=Phase.ENDING)
