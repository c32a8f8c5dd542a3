"""Whether a bond receives through its backups, in every situation of its pair."""

from __future__ import annotations

import pytest

from hyperv_net.hotplug.receiving import is_moving
from hyperv_net.model import System
from tests.hotplug.machines import VF, arrive, drain, hook, machine, undrain, wanted

LINUX = System.LINUX


def test_a_bond_without_its_vf_receives_by_all_so_that_a_move_to_it_loses_nothing() -> None:
    kernel = machine(LINUX)
    hook(kernel)
    assert kernel.devices["bond0"].all_receive


def test_a_bond_whose_vf_is_active_receives_by_that_alone() -> None:
    """On one switch with the synthetic NIC a broadcast would arrive twice."""
    kernel = machine(LINUX)
    hook(kernel)
    arrive(kernel)
    hook(kernel)
    assert (kernel.devices["bond0"].active, kernel.devices["bond0"].all_receive) == (
        "enP1s1",
        False,
    )


def test_until_a_vf_has_its_link_the_bond_receives_by_all_and_the_hook_goes_on_looking() -> None:
    kernel = machine(LINUX)
    hook(kernel)
    arrive(kernel, link=False)
    assert hook(kernel).moving
    assert kernel.devices["bond0"].all_receive
    kernel.devices["enP1s1"].link = True
    assert not hook(kernel).moving
    assert not kernel.devices["bond0"].all_receive


def test_a_drained_bond_receives_by_all_until_it_is_drained_no_more() -> None:
    kernel = machine(LINUX, vf=True)
    hook(kernel)
    drain(kernel)
    assert kernel.devices["bond0"].all_receive
    assert not hook(kernel).moving
    undrain(kernel)
    assert not kernel.devices["bond0"].all_receive


@pytest.mark.parametrize("chosen", ["0", "1"])
def test_what_the_configuration_says_is_left_alone(chosen: str) -> None:
    kernel = machine(LINUX)
    kernel.devices["bond0"].all_receive = chosen == "1"
    state = wanted(LINUX)
    (pair,) = state.pairs
    own = pair._replace(options=(*pair.options, ("all_slaves_active", chosen)))
    hook(kernel, state._replace(pairs=(own,)))
    arrive(kernel)
    hook(kernel, state._replace(pairs=(own,)))
    assert not any("all_slaves_active" in command for command in kernel.commands)


def test_a_lagg_has_no_such_setting() -> None:
    kernel = machine(System.FREEBSD)
    arrive(kernel, link=False)
    assert not hook(kernel).moving
    assert kernel.devices[VF[System.FREEBSD]].master == "lagg0"


def test_a_vf_that_is_not_to_be_the_primary_is_not_waited_for() -> None:
    kernel = machine(LINUX)
    hook(kernel)
    arrive(kernel, link=False)
    hook(kernel)
    state = wanted(LINUX)
    (pair,) = state.pairs
    assert is_moving(kernel.read(), state)
    assert not is_moving(kernel.read(), state._replace(pairs=(pair._replace(primary=False),)))
