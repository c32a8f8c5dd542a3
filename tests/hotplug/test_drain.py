"""Traffic moved away before a migration, case by case, against the small kernel."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.drain import begun, is_drained, obstacle
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Kind, Mode, System
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    AGGREGATE,
    BOTH,
    SYNTHETIC,
    VF,
    arrive,
    drain,
    hook,
    machine,
    path,
    undrain,
    wanted,
)

each_system = pytest.mark.parametrize("system", BOTH)


def _running(system: System) -> Kernel:
    """A machine whose VF has joined and carries the traffic."""
    kernel = machine(system, vf=True)
    hook(kernel)
    assert path(kernel) == VF[system]
    kernel.commands.clear()
    return kernel


def _transparent() -> Kernel:
    kernel = machine(System.LINUX, aggregate=False)
    arrive(kernel, master="eth0", up=True)
    return kernel


TRANSPARENT = wanted(System.LINUX, Mode.TRANSPARENT)


@each_system
def test_a_drained_pair_sends_through_its_synthetic_nic_and_the_vf_stays_a_member(
    system: System,
) -> None:
    kernel = _running(system)
    outcome = drain(kernel)
    assert (outcome.failures, outcome.settled) == ((), True)
    assert path(kernel) == SYNTHETIC[system]
    assert kernel.devices[VF[system]].master == AGGREGATE[system]
    assert kernel.drains[0].phase is Phase.HELD


def test_a_bond_is_told_to_stay_before_it_is_told_where() -> None:
    """The other way round it would go back to its primary at once.  Both receive meanwhile."""
    kernel = _running(System.LINUX)
    drain(kernel)
    assert kernel.commands == [
        "/sys/class/net/bond0/bonding/all_slaves_active <- 1",
        "/sys/class/net/bond0/bonding/primary_reselect <- failure",
        "/sys/class/net/bond0/bonding/active_slave <- eth0",
        "/sys/class/net/bond0/bonding/all_slaves_active <- 0",
    ]


def test_the_port_of_a_lagg_is_set_down_where_it_is() -> None:
    kernel = _running(System.FREEBSD)
    drain(kernel)
    assert kernel.commands == ["/sbin/ifconfig mce0 down"]


@each_system
def test_reconcile_leaves_a_drained_pair_drained(system: System) -> None:
    kernel = _running(system)
    drain(kernel)
    kernel.commands.clear()
    hook(kernel)
    assert (kernel.commands, path(kernel)) == ([], SYNTHETIC[system])


@each_system
def test_a_second_drain_does_nothing_and_forgets_nothing(system: System) -> None:
    kernel = _running(system)
    drain(kernel)
    first = kernel.drains
    kernel.commands.clear()
    drain(kernel)
    assert (kernel.commands, kernel.drains) == ([], first)


@each_system
def test_undrain_of_a_vf_that_never_left_puts_all_back(system: System) -> None:
    kernel = _running(system)
    before = kernel.read()
    drain(kernel)
    outcome = undrain(kernel)
    assert outcome.failures == ()
    assert kernel.read() == before


def test_undrain_puts_back_what_the_administrator_had_chosen() -> None:
    kernel = _running(System.LINUX)
    kernel.devices["bond0"].reselect = "better"
    drain(kernel)
    undrain(kernel)
    assert (kernel.devices["bond0"].reselect, path(kernel)) == ("better", "enP1s1")


def test_a_drain_during_an_undrain_remembers_what_was_there_at_first() -> None:
    kernel = _running(System.LINUX)
    drain(kernel)

    def refuse() -> None:
        if "primary_reselect" in kernel.commands[-1] or "active_slave" in kernel.commands[-1]:
            raise HypervNetError("Input/output error")

    kernel.before_command = refuse
    assert undrain(kernel).failures
    kernel.before_command = lambda: None
    drain(kernel)
    undrain(kernel)
    assert (kernel.devices["bond0"].reselect, path(kernel)) == ("always", "enP1s1")


@each_system
def test_undrain_without_a_drain_does_nothing(system: System) -> None:
    kernel = _running(system)
    undrain(kernel)
    assert (kernel.commands, kernel.drains) == ([], ())


@each_system
def test_a_drain_ends_when_the_vf_leaves_and_comes_back_under_another_name(
    system: System,
) -> None:
    kernel = _running(system)
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
    kernel = _running(system)
    drain(kernel)
    kernel.remove(VF[system])
    arrive(kernel)
    hook(kernel)
    assert (path(kernel), kernel.drains) == (VF[system], ())


def test_a_port_that_upstreams_script_joined_again_first_is_not_taken_for_the_drained_one() -> None:
    kernel = _running(System.FREEBSD)
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
        kernel = _running(system)
        drain(kernel)
        kernel.remove(VF[system])
        arrive(kernel)
        kernel.commands.clear()
        hook(kernel, expired=lambda k=kernel, n=steps_taken: len(k.commands) >= n)  # type: ignore[misc]
        hook(kernel)
        assert (path(kernel), kernel.drains) == (VF[system], ())


@each_system
def test_a_drain_with_no_vf_is_not_remembered(system: System) -> None:
    """Its return would end it, so there is nothing that could be remembered."""
    kernel = machine(system)
    hook(kernel)
    drain(kernel)
    assert kernel.drains == ()


@each_system
def test_a_vf_that_has_not_joined_yet_joins_without_carrying_traffic(system: System) -> None:
    kernel = machine(system, vf=True)
    drain(kernel)
    assert kernel.devices[VF[system]].master == AGGREGATE[system]
    assert path(kernel) == SYNTHETIC[system]
    undrain(kernel)
    assert path(kernel) == VF[system]


def test_a_drained_bond_that_somebody_moved_back_is_moved_again() -> None:
    """`netplan apply` sets the primary again, and the kernel follows it at once."""
    kernel = _running(System.LINUX)
    drain(kernel)
    kernel.write("/sys/class/net/bond0/bonding/primary", "enP1s1\n")
    assert path(kernel) == "enP1s1"
    hook(kernel)
    assert path(kernel) == "eth0"


def test_a_drained_bond_that_was_made_again_is_drained_again() -> None:
    kernel = _running(System.LINUX)
    drain(kernel)
    kernel.remove("bond0")
    hook(kernel)
    assert (path(kernel), kernel.devices["bond0"].reselect) == ("eth0", "failure")
    undrain(kernel)
    assert (path(kernel), kernel.devices["bond0"].reselect) == ("enP1s1", "always")


def test_a_port_that_anybody_set_up_is_drained_no_more() -> None:
    kernel = _running(System.FREEBSD)
    drain(kernel)
    kernel.devices["mce0"].up = True
    hook(kernel)
    assert (kernel.drains, kernel.devices["mce0"].up) == ((), True)


def test_a_transparent_pairs_vf_is_set_down_and_by_undrain_up_again() -> None:
    kernel = _transparent()
    drain(kernel, TRANSPARENT)
    assert path(kernel, Mode.TRANSPARENT) == "eth0"
    hook(kernel, TRANSPARENT)
    assert not kernel.devices["enP1s1"].up
    undrain(kernel, TRANSPARENT)
    assert path(kernel, Mode.TRANSPARENT) == "enP1s1"
    assert kernel.drains == ()


def test_a_transparent_pairs_vf_is_never_raised_or_lowered_without_a_drain() -> None:
    kernel = _transparent()
    for up in (False, True):
        kernel.devices["enP1s1"].up = up
        assert hook(kernel, TRANSPARENT).taken == ()


def test_a_transparent_pairs_drain_is_over_when_the_kernel_raised_the_vf_that_came_back() -> None:
    kernel = _transparent()
    drain(kernel, TRANSPARENT)
    kernel.remove("enP1s1")
    hook(kernel, TRANSPARENT)
    arrive(kernel, master="eth0", up=True)
    assert hook(kernel, TRANSPARENT).taken == ()
    assert kernel.drains == () and kernel.devices["enP1s1"].up


def test_a_pair_that_the_kernel_took_though_an_aggregate_was_wanted_is_drained_its_way() -> None:
    kernel = _transparent()
    drain(kernel)
    assert kernel.commands == ["ip link set dev enP1s1 down"]
    undrain(kernel)
    assert kernel.devices["enP1s1"].up


@each_system
def test_two_failures_of_a_drain_leave_a_pair_that_undrain_puts_back(system: System) -> None:
    kernel = _running(system)
    before = kernel.read()

    def refuse() -> None:
        if "active_slave" in kernel.commands[-1] or "down" in kernel.commands[-1]:
            raise HypervNetError("Invalid argument")

    kernel.before_command = refuse
    assert drain(kernel).failures
    kernel.before_command = lambda: None
    undrain(kernel)
    assert kernel.read() == before


def test_what_stands_in_the_way_of_a_drain_is_said() -> None:
    pair = wanted(System.LINUX).pairs[0]
    kernel = _running(System.LINUX)
    assert obstacle(pair, kernel.read()) == ""
    kernel.devices["eth0"].link = False
    assert obstacle(pair, kernel.read()) == "eth0 has no link"
    kernel.devices["eth0"].up = False
    assert obstacle(pair, kernel.read()) == "eth0 is down"
    kernel.remove("bond0")
    assert obstacle(pair, kernel.read()) == "bond0 is gone"
    kernel.remove("eth0")
    assert "no synthetic NIC" in obstacle(pair, kernel.read())
    kernel = machine(System.LINUX, aggregate=False, vf=True)
    assert "has not taken" in obstacle(TRANSPARENT.pairs[0], kernel.read())
    kernel = machine(System.FREEBSD, vf=True)
    transparent = wanted(System.FREEBSD, Mode.TRANSPARENT).pairs[0]
    assert "by itself" in obstacle(transparent, kernel.read())


def test_a_synthetic_nic_without_link_is_not_made_to_carry_the_traffic() -> None:
    """It would be refused, and were it not, the machine would be cut off."""
    kernel = _running(System.LINUX)
    drain(kernel)
    kernel.devices["eth0"].link = False
    assert hook(kernel).failures == ()
    assert path(kernel) == "enP1s1"
    kernel.devices["eth0"].link = True
    hook(kernel)
    assert path(kernel) == "eth0"


def test_only_the_pairs_that_were_named_are_drained() -> None:
    kernel = _running(System.LINUX)
    assert begun(kernel.read(), wanted(System.LINUX), {"00:0d:3a:99:99:99"}, "") == ()


@each_system
def test_a_pair_that_is_no_longer_wanted_is_forgotten(system: System) -> None:
    kernel = _running(system)
    drain(kernel)
    other = wanted(system, Mode.TRANSPARENT)
    pair = other.pairs[0]
    hook(kernel, type(other)(other.system, other.target, ()))
    assert kernel.drains == () and not is_drained(pair, kernel.read())


def test_of_two_vfs_the_one_that_carries_the_traffic_is_the_one_that_is_drained() -> None:
    kernel = _running(System.LINUX)
    arrive(kernel, "vf9")
    drain(kernel)
    assert kernel.drains[0].vf_name == "enP1s1"
    kernel.add("br0", Kind.BRIDGE)
    hook(kernel)
    assert path(kernel) == "eth0"


def test_a_drain_whose_bond_is_gone_is_not_said_to_hold() -> None:
    kernel = _running(System.LINUX)
    drain(kernel)
    assert is_drained(wanted(System.LINUX).pairs[0], kernel.read())
    kernel.remove("bond0")
    assert not is_drained(wanted(System.LINUX).pairs[0], kernel.read())


def test_a_drain_that_saw_no_policy_of_the_bond_ends_without_one_to_put_back() -> None:
    kernel = _running(System.LINUX)
    drain(kernel)
    kernel.drains = (kernel.drains[0]._replace(reselect=""),)
    assert undrain(kernel).failures == ()
    assert (len(kernel.drains), path(kernel)) == (0, "enP1s1")


def test_a_drain_that_was_killed_before_the_vf_joined_still_holds_when_it_does() -> None:
    """A port outside its lagg ends a drain only once that has been done."""
    kernel = machine(System.FREEBSD, vf=True)
    known = wanted(System.FREEBSD)
    kernel.drains = begun(kernel.read(), known, {known.pairs[0].mac}, "")
    hook(kernel, expired=lambda: True)
    hook(kernel)
    assert (len(kernel.drains), path(kernel)) == (1, "hn0")
    assert kernel.devices["mce0"].master == "lagg0"


def test_the_vf_of_a_drained_bond_is_kept_up_though_it_carries_nothing() -> None:
    """Only where setting it down is what drains a pair is it left down."""
    kernel = _running(System.LINUX)
    drain(kernel)
    kernel.devices["enP1s1"].up = False
    hook(kernel)
    assert kernel.devices["enP1s1"].up
    assert path(kernel) == "eth0"
