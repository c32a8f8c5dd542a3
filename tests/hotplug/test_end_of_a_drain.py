"""When a drain is over, and what is left of it, case by case, against the small kernel."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.drain import is_drained
from hyperv_net.model import Mode, System
from tests.hotplug.machines import (
    SYNTHETIC,
    VF,
    arrive,
    drain,
    each_system,
    hook,
    joined,
    path,
    undrain,
    wanted,
)


@each_system
def test_undrain_of_a_vf_that_never_left_puts_all_back(system: System) -> None:
    kernel = joined(system)
    before = kernel.read()
    drain(kernel)
    outcome = undrain(kernel)
    assert outcome.failures == ()
    assert kernel.read() == before


def test_undrain_puts_back_what_the_administrator_had_chosen() -> None:
    kernel = joined(System.LINUX)
    kernel.devices["bond0"].reselect = "better"
    drain(kernel)
    undrain(kernel)
    assert (kernel.devices["bond0"].reselect, path(kernel)) == ("better", "enP1s1")


def test_a_drain_during_an_undrain_remembers_what_was_there_at_first() -> None:
    kernel = joined(System.LINUX)
    drain(kernel)

    def refuse() -> None:
        if "primary_reselect" in kernel.commands[-1] or "send through" in kernel.commands[-1]:
            raise HypervNetError("Input/output error")

    kernel.before_command = refuse
    assert undrain(kernel).failures
    kernel.before_command = lambda: None
    drain(kernel)
    undrain(kernel)
    assert (kernel.devices["bond0"].reselect, path(kernel)) == ("always", "enP1s1")


@each_system
def test_undrain_without_a_drain_does_nothing(system: System) -> None:
    kernel = joined(system)
    undrain(kernel)
    assert (kernel.commands, kernel.drains) == ([], ())


@each_system
def test_a_drain_ends_when_the_vf_leaves_and_comes_back_under_another_name(
    system: System,
) -> None:
    kernel = joined(system)
    drain(kernel)
    kernel.remove(VF[system])
    hook(kernel)
    assert (path(kernel), len(kernel.drains)) == (SYNTHETIC[system], 1)
    arrive(kernel, "vf7", driver="mana")
    hook(kernel)
    assert (path(kernel), len(kernel.drains)) == ("vf7", 0)
    if system is System.LINUX:
        assert kernel.devices["bond0"].reselect == "always"
        assert kernel.devices["bond0"].primary == "vf7"


@each_system
def test_a_drain_ends_when_the_vf_comes_back_under_its_own_name_between_two_looks(
    system: System,
) -> None:
    """FreeBSD shows no index, so it is told by its place outside the lagg."""
    kernel = joined(system)
    drain(kernel)
    kernel.remove(VF[system])
    arrive(kernel)
    hook(kernel)
    assert (path(kernel), kernel.drains) == (VF[system], ())


def test_a_port_that_upstreams_script_joined_again_first_is_not_taken_for_the_drained_one() -> None:
    kernel = joined(System.FREEBSD)
    drain(kernel)
    kernel.remove("mce0")
    hook(kernel)
    arrive(kernel, master="lagg0", up=True)
    hook(kernel)
    assert (path(kernel), kernel.drains) == ("mce0", ())


@each_system
def test_the_end_of_a_drain_survives_a_kill_at_each_step(system: System) -> None:
    """A run that ends after any of its steps leaves the rest to the next one."""
    for steps_taken in range(6):
        kernel = joined(system)
        drain(kernel)
        kernel.remove(VF[system])
        arrive(kernel)
        kernel.commands.clear()
        hook(kernel, expired=lambda k=kernel, n=steps_taken: len(k.commands) >= n)  # type: ignore[misc]
        hook(kernel)
        assert (path(kernel), kernel.drains) == (VF[system], ())


def test_a_port_that_anybody_set_up_is_drained_no_more() -> None:
    kernel = joined(System.FREEBSD)
    drain(kernel)
    kernel.devices["mce0"].up = True
    hook(kernel)
    assert (kernel.drains, kernel.devices["mce0"].up) == ((), True)


@each_system
def test_two_failures_of_a_drain_leave_a_pair_that_undrain_puts_back(system: System) -> None:
    kernel = joined(system)
    before = kernel.read()

    def refuse() -> None:
        if "send through" in kernel.commands[-1] or "down" in kernel.commands[-1]:
            raise HypervNetError("Invalid argument")

    kernel.before_command = refuse
    assert drain(kernel).failures
    kernel.before_command = lambda: None
    undrain(kernel)
    assert kernel.read() == before


@each_system
def test_a_pair_that_is_no_longer_wanted_is_forgotten(system: System) -> None:
    kernel = joined(system)
    drain(kernel)
    other = wanted(system, Mode.TRANSPARENT)
    pair = other.pairs[0]
    hook(kernel, type(other)(other.system, other.target, ()))
    assert kernel.drains == () and not is_drained(pair, kernel.read())


def test_a_drain_whose_bond_is_gone_is_not_said_to_hold() -> None:
    kernel = joined(System.LINUX)
    drain(kernel)
    assert is_drained(wanted(System.LINUX).pairs[0], kernel.read())
    kernel.remove("bond0")
    assert not is_drained(wanted(System.LINUX).pairs[0], kernel.read())


def test_a_drain_that_saw_no_policy_of_the_bond_ends_without_one_to_put_back() -> None:
    kernel = joined(System.LINUX)
    drain(kernel)
    kernel.drains = (kernel.drains[0]._replace(reselect=""),)
    assert undrain(kernel).failures == ()
    assert (len(kernel.drains), path(kernel)) == (0, "enP1s1")
