"""Traffic moved away before a migration, case by case, against the small kernel."""

from __future__ import annotations

from hyperv_net.hotplug.decide.drain import obstacle
from hyperv_net.hotplug.decide.drain_phase import begun
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Kind, Mode, System
from tests.hotplug.machines import (
    AGGREGATE,
    SYNTHETIC,
    TRANSPARENT,
    VF,
    arrive,
    drain,
    each_system,
    hook,
    joined,
    machine,
    path,
    transparent,
    undrain,
    wanted,
)


@each_system
def test_a_drained_pair_sends_through_its_synthetic_nic_and_the_vf_stays_a_member(
    system: System,
) -> None:
    kernel = joined(system)
    outcome = drain(kernel)
    assert (outcome.failures, outcome.settled) == ((), True)
    assert path(kernel) == SYNTHETIC[system]
    assert kernel.devices[VF[system]].master == AGGREGATE[system]
    assert kernel.drains[0].phase is Phase.HELD


def test_a_bond_is_told_to_stay_before_it_is_told_where() -> None:
    """The other way round it would go back to its primary at once.  Both receive meanwhile."""
    kernel = joined(System.LINUX)
    drain(kernel)
    assert kernel.commands == [
        "/sys/class/net/bond0/bonding/all_slaves_active <- 1",
        "/sys/class/net/bond0/bonding/primary_reselect <- failure",
        "have bond0 send through eth0",
        "/sys/class/net/bond0/bonding/all_slaves_active <- 0",
    ]


def test_the_port_of_a_lagg_is_set_down_where_it_is() -> None:
    kernel = joined(System.FREEBSD)
    drain(kernel)
    assert kernel.commands == ["/sbin/ifconfig mce0 down"]


@each_system
def test_reconcile_leaves_a_drained_pair_drained(system: System) -> None:
    kernel = joined(system)
    drain(kernel)
    kernel.commands.clear()
    hook(kernel)
    assert (kernel.commands, path(kernel)) == ([], SYNTHETIC[system])


@each_system
def test_a_second_drain_does_nothing_and_forgets_nothing(system: System) -> None:
    kernel = joined(system)
    drain(kernel)
    first = kernel.drains
    kernel.commands.clear()
    drain(kernel)
    assert (kernel.commands, kernel.drains) == ([], first)


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
    kernel = joined(System.LINUX)
    drain(kernel)
    kernel.write("/sys/class/net/bond0/bonding/primary", "enP1s1\n")
    assert path(kernel) == "enP1s1"
    hook(kernel)
    assert path(kernel) == "eth0"


def test_a_drained_bond_that_was_made_again_is_drained_again() -> None:
    kernel = joined(System.LINUX)
    drain(kernel)
    kernel.remove("bond0")
    hook(kernel)
    assert (path(kernel), kernel.devices["bond0"].reselect) == ("eth0", "failure")
    undrain(kernel)
    assert (path(kernel), kernel.devices["bond0"].reselect) == ("enP1s1", "always")


def test_a_transparent_pairs_vf_is_set_down_and_by_undrain_up_again() -> None:
    kernel = transparent()
    drain(kernel, TRANSPARENT)
    assert path(kernel, Mode.TRANSPARENT) == "eth0"
    hook(kernel, TRANSPARENT)
    assert not kernel.devices["enP1s1"].up
    undrain(kernel, TRANSPARENT)
    assert path(kernel, Mode.TRANSPARENT) == "enP1s1"
    assert kernel.drains == ()


def test_a_transparent_pairs_vf_is_never_raised_or_lowered_without_a_drain() -> None:
    kernel = transparent()
    for up in (False, True):
        kernel.devices["enP1s1"].up = up
        assert hook(kernel, TRANSPARENT).taken == ()


def test_a_transparent_pairs_drain_is_over_when_the_kernel_raised_the_vf_that_came_back() -> None:
    kernel = transparent()
    drain(kernel, TRANSPARENT)
    kernel.remove("enP1s1")
    hook(kernel, TRANSPARENT)
    arrive(kernel, master="eth0", up=True)
    assert hook(kernel, TRANSPARENT).taken == ()
    assert kernel.drains == () and kernel.devices["enP1s1"].up


def test_a_pair_that_the_kernel_took_though_an_aggregate_was_wanted_is_drained_its_way() -> None:
    kernel = transparent()
    drain(kernel)
    assert kernel.commands == ["set enP1s1 down"]
    undrain(kernel)
    assert kernel.devices["enP1s1"].up


def test_what_stands_in_the_way_of_a_drain_is_said() -> None:
    pair = wanted(System.LINUX).pairs[0]
    kernel = joined(System.LINUX)
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
    of_freebsd = wanted(System.FREEBSD, Mode.TRANSPARENT).pairs[0]
    assert "by itself" in obstacle(of_freebsd, kernel.read())


def test_a_synthetic_nic_without_link_is_not_made_to_carry_the_traffic() -> None:
    """It would be refused, and were it not, the machine would be cut off."""
    kernel = joined(System.LINUX)
    drain(kernel)
    kernel.devices["eth0"].link = False
    assert hook(kernel).failures == ()
    assert path(kernel) == "enP1s1"
    kernel.devices["eth0"].link = True
    hook(kernel)
    assert path(kernel) == "eth0"


def test_only_the_pairs_that_were_named_are_drained() -> None:
    kernel = joined(System.LINUX)
    assert begun(kernel.read(), wanted(System.LINUX), {"00:0d:3a:99:99:99"}, "") == ()


def test_of_two_vfs_the_one_that_carries_the_traffic_is_the_one_that_is_drained() -> None:
    kernel = joined(System.LINUX)
    arrive(kernel, "vf9")
    drain(kernel)
    assert kernel.drains[0].vf_name == "enP1s1"
    kernel.add("br0", Kind.BRIDGE)
    hook(kernel)
    assert path(kernel) == "eth0"


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
    kernel = joined(System.LINUX)
    drain(kernel)
    kernel.devices["enP1s1"].up = False
    hook(kernel)
    assert kernel.devices["enP1s1"].up
    assert path(kernel) == "eth0"
