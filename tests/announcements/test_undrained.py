"""The end of an event's drain by the real `undrain_pairs`, on the small kernel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hyperv_net.announcements import service
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.draining import Machine, Result, drain_pairs
from hyperv_net.hotplug.kept.drains import keep_drains, read_drains
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.moving import finish_pairs
from hyperv_net.model import System
from tests.announcements.machine import OWNER, Here
from tests.hotplug.machines import NOW, VF, each_system, hook, joined, path, wanted


@pytest.mark.parametrize("is_nobodys", [False, True])
@each_system
def test_a_drain_is_not_over_before_the_traffic_is_back(
    system: System, is_nobodys: bool, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, state = joined(system), wanted(system)

    def keep(drains: tuple[Drain, ...]) -> None:
        kernel.keep_drains(drains)
        keep_drains(here.run, drains)

    def move_here(names: object, move: Callable[..., list[Result]], **_: bool) -> list[Result]:
        results = move(
            Machine(kernel.read, keep, lambda: hook(kernel, state)), state, state.pairs, NOW
        )
        keep_drains(here.run, kernel.drains)
        return results

    def refuse() -> None:
        raise HypervNetError("Input/output error")

    monkeypatch.setattr(service, "move_here", move_here)
    machine = service._Machine(confined=False)
    assert machine.drain(OWNER) is True
    before = path(kernel)
    assert (machine.finish(), path(kernel), here.owners) == (True, before, [OWNER])
    kernel.before_command = refuse
    for _ in range(2):
        assert machine.undrain(OWNER) is False
        assert [(one.phase, one.owners) for one in read_drains(here.run)] == [(Phase.ENDING, ())]
    assert machine.finish() is False
    kernel.before_command = lambda: None
    assert (machine.finish() if is_nobodys else machine.undrain(OWNER)) is True
    assert (here.phases, path(kernel)) == ([], VF[system])


@each_system
def test_the_end_of_what_nobody_owns_ends_nobodys_drain(system: System) -> None:
    kernel, state = joined(system), wanted(system)
    machine = Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel, state))
    drain_pairs(machine, state, state.pairs, NOW, owner=OWNER)
    before = path(kernel)
    assert finish_pairs(machine, state, state.pairs, NOW) == []
    assert ([one.owners for one in kernel.drains], path(kernel)) == ([(OWNER,)], before)
