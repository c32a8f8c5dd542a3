"""Whether a bond receives through its backups, in every situation of its pair."""

from __future__ import annotations

import pytest

from hyperv_net.hotplug.decide.receiving import is_moving
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
    assert hook(kernel, patient=True).moving
    assert kernel.devices["bond0"].all_receive
    kernel.devices["enP1s1"].link = True
    assert not hook(kernel, patient=True).moving
    assert not kernel.devices["bond0"].all_receive


def test_a_vf_without_a_link_is_not_waited_for_for_ever() -> None:
    kernel = machine(LINUX)
    hook(kernel)
    arrive(kernel, link=False)
    hook(kernel, patient=True)
    hook(kernel)
    assert not kernel.devices["bond0"].all_receive


def test_a_bond_that_keeps_its_member_is_not_expected_to_move() -> None:
    kernel = machine(LINUX)
    kernel.devices["bond0"].reselect = "failure"
    hook(kernel)
    arrive(kernel)
    kernel.devices["eth0"].link = True
    assert not hook(kernel, patient=True).moving
    assert not kernel.devices["bond0"].all_receive


def test_a_drain_receives_by_all_only_while_it_moves_the_traffic() -> None:
    kernel = machine(LINUX, vf=True)
    hook(kernel)
    kernel.commands.clear()
    drain(kernel)
    undrain(kernel)
    values = [one[-1] for one in kernel.commands if "all_slaves_active" in one]
    assert values == ["1", "0", "1", "0"]
    moves = [index for index, one in enumerate(kernel.commands) if "send through" in one]
    assert all("all_slaves_active" not in kernel.commands[index] for index in moves)
    assert not kernel.devices["bond0"].all_receive


def test_a_bond_whose_primary_is_not_the_vf_is_left_alone() -> None:
    kernel = machine(LINUX)
    state = wanted(LINUX)
    (pair,) = state.pairs
    theirs = state._replace(pairs=(pair._replace(primary=False),))
    hook(kernel, theirs)
    arrive(kernel)
    hook(kernel, theirs)
    assert not any("all_slaves_active" in command for command in kernel.commands)


@pytest.mark.parametrize("said", ["0", "1"])
@pytest.mark.parametrize("found", [False, True])
def test_what_the_configuration_says_is_what_the_bond_does(said: str, found: bool) -> None:
    """Also where the target could not say it, and the bond was made without it."""
    kernel = machine(LINUX)
    kernel.devices["bond0"].all_receive = found
    state = wanted(LINUX)
    (pair,) = state.pairs
    own = pair._replace(options=(*pair.options, ("all_slaves_active", said)))
    for _ in range(2):
        hook(kernel, state._replace(pairs=(own,)))
        assert kernel.devices["bond0"].all_receive is (said == "1")
        arrive(kernel)


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
