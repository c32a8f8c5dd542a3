"""Drains where hyperv-net is turned off: they end, and nothing else is done."""

from __future__ import annotations

import pytest

from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.draining import Machine, Result, drain_pairs, undrain_pairs
from hyperv_net.hotplug.wanted import Wanted
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    BOTH,
    EVENT,
    NOW,
    TRANSPARENT,
    VF,
    arrive,
    drain,
    hook,
    joined,
    machine,
    path,
    transparent,
    wanted,
)


def turn_off(kernel: Kernel) -> None:
    read = kernel.read
    kernel.read = lambda: read()._replace(is_off=True)  # type: ignore[method-assign]
    kernel.commands.clear()


def move_back(kernel: Kernel, known: Wanted) -> list[Result]:
    here = Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel, known))
    return undrain_pairs(here, known, known.pairs, owner=None)


@pytest.mark.parametrize("pair", ["bond", "lagg", "kernel"])
def test_the_traffic_goes_back_and_that_is_all_that_is_done(pair: str) -> None:
    if pair == "kernel":
        kernel, known, mode = transparent(), TRANSPARENT, Mode.TRANSPARENT
    else:
        system = System.LINUX if pair == "bond" else System.FREEBSD
        kernel, known, mode = joined(system), wanted(system), Mode.AGGREGATE
    vf = VF[known.system]
    drain(kernel, known, EVENT)
    assert path(kernel, mode) != vf
    turn_off(kernel)
    (result,) = move_back(kernel, known)
    assert not result.failed and "traffic moved from" in result.text
    assert (kernel.drains, path(kernel, mode)) == ((), vf)
    # The bond is told when to go back to its primary, and where to go; elsewhere the VF is set up.
    assert len(kernel.commands) == {"bond": 2, "lagg": 1, "kernel": 1}[pair], kernel.commands


@pytest.mark.parametrize("system", BOTH)
def test_a_vf_that_came_meanwhile_is_not_joined(system: System) -> None:
    kernel = joined(system)
    drain(kernel, owner=EVENT)
    kernel.remove(VF[system])
    turn_off(kernel)
    vf = arrive(kernel, "came0")
    (result,) = move_back(kernel, wanted(system))
    assert not result.failed and "drained no more" in result.text
    assert (kernel.drains, vf.master, vf.up) == ((), None, False)
    if system is System.LINUX:
        assert kernel.devices["bond0"].reselect == "always"


@pytest.mark.parametrize("system", BOTH)
def test_without_a_drain_nothing_is_done(system: System) -> None:
    kernel = machine(system, vf=True)
    turn_off(kernel)
    assert [one.text.partition(": ")[2] for one in move_back(kernel, wanted(system))] == [
        "not drained"
    ]
    assert not hook(kernel).moving
    assert kernel.commands == []


def test_a_drain_that_begins_as_it_is_turned_off_moves_nothing_and_leaves_nothing() -> None:
    kernel, known = joined(System.LINUX), wanted(System.LINUX)
    turn_off(kernel)
    here = Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel, known))
    (result,) = drain_pairs(here, known, known.pairs, NOW, EVENT)
    assert result == Result("bond0: cannot be drained: hyperv-net is turned off", failed=True)
    assert (kernel.drains, kernel.commands) == ((), [])


def test_nobody_is_asked_to_look_again_for_a_vf_that_the_kernel_is_about_to_set_up() -> None:
    """A worker that is turned off takes no mark away, so that systemd would start it for ever."""
    kernel = transparent()
    drain(kernel, TRANSPARENT, EVENT)
    kernel.remove("enP1s1")
    hook(kernel, TRANSPARENT)
    turn_off(kernel)
    arrive(kernel, "enP2s2", master="eth0")
    assert not hook(kernel, TRANSPARENT).moving
    assert kernel.commands == []
