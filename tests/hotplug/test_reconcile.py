"""What the hook does with a VF, case by case, against the small kernel."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.steps import obstacles, steps
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import Kind, Mode, System
from tests.hotplug.machines import AGGREGATE, BOTH, SYNTHETIC, VF, arrive, hook, machine, wanted

each_system = pytest.mark.parametrize("system", BOTH)


@each_system
def test_a_vf_that_comes_joins_its_aggregate_and_is_up(system: System) -> None:
    kernel = machine(system, vf=True)
    outcome = hook(kernel)
    vf = kernel.devices[VF[system]]
    assert (vf.master, vf.up, outcome.failures) == (AGGREGATE[system], True, ())


@each_system
def test_nothing_is_done_where_nothing_is_to_do(system: System) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.commands.clear()
    assert hook(kernel).taken == ()
    assert kernel.commands == []


def test_the_steps_on_linux_are_one_write_each() -> None:
    kernel = machine(System.LINUX, vf=True)
    hook(kernel)
    assert kernel.commands == [
        "/sys/class/net/bond0/bonding/slaves <- +enP1s1",
        "/sys/class/net/bond0/bonding/all_slaves_active <- 1",
        "/sys/class/net/bond0/bonding/primary <- enP1s1",
        "/sys/class/net/bond0/bonding/all_slaves_active <- 0",
    ]


def test_the_steps_on_freebsd_disable_ipv6_then_join_then_raise() -> None:
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    assert kernel.commands == [
        "/sbin/ifconfig mce0 inet6 ifdisabled",
        "/sbin/ifconfig lagg0 laggport mce0",
        "/sbin/ifconfig mce0 up",
    ]


@each_system
def test_a_vf_that_comes_back_under_another_name_and_driver_joins(system: System) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.remove(VF[system])
    again, driver = ("enP9s7", "mana") if system is System.LINUX else ("mana0", "mana")
    arrive(kernel, again, driver=driver)
    hook(kernel)
    assert kernel.devices[again].master == AGGREGATE[system]
    if system is System.LINUX:
        assert kernel.devices["bond0"].primary == again


@each_system
def test_a_vf_at_another_pci_address_is_the_same_to_the_hook(system: System) -> None:
    state = machine(system, vf=True).read()
    moved = state._replace(
        links=tuple(
            link._replace(nic=link.nic._replace(device="/sys/devices/elsewhere"), ifindex=99)
            if link.nic.name == VF[system]
            else link
            for link in state.links
        ),
    )
    assert steps(moved, wanted(system)) == steps(state, wanted(system)) != ()


@each_system
@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_vf_that_goes_while_a_step_runs_is_no_failure(system: System, step: int) -> None:
    """Each step of a VF that came configured finds it gone; what is left is as without it."""
    kernel = machine(system)
    hook(kernel)
    arrive(kernel, up=True, addresses=["10.0.0.9"], client=77)
    kernel.commands.clear()

    def leaves() -> None:
        if len(kernel.commands) == step + 1:
            kernel.remove(VF[system])

    kernel.before_command = leaves
    outcome = hook(kernel)
    assert (outcome.failures, outcome.settled) == ((), True)
    assert kernel.members(AGGREGATE[system]) == [SYNTHETIC[system]]


@each_system
def test_two_vfs_at_once_are_one_member_under_the_administrators_name_too(
    system: System,
) -> None:
    kernel = machine(system, aggregate=False, vf=True)
    kernel.make_aggregate("uplink")
    hook(kernel)
    arrive(kernel, "vf1")
    hook(kernel)
    assert kernel.members("uplink") == [SYNTHETIC[system], VF[system]]


@each_system
def test_a_vf_before_its_aggregate_waits_down_and_bare(system: System) -> None:
    kernel = machine(system, aggregate=False)
    arrive(kernel, up=True, addresses=["10.0.0.9"])
    outcome = hook(kernel)
    vf = kernel.devices[VF[system]]
    assert (vf.up, vf.addresses, vf.master) == (False, [], None)
    assert "is not there yet" in outcome.obstacles[0]
    kernel.make_aggregate(AGGREGATE[system])
    hook(kernel)
    assert vf.master == AGGREGATE[system] and vf.up


def test_a_bond_that_is_still_being_made_gets_no_member() -> None:
    """ifupdown makes the bond first and sets its mode after that."""
    kernel = machine(System.LINUX, aggregate=False, vf=True)
    kernel.add("bond0", Kind.BOND, mode="active-backup")
    assert hook(kernel).taken == ()
    assert kernel.members("bond0") == []


def test_a_bond_of_the_wrong_mode_gets_no_member() -> None:
    kernel = machine(System.LINUX, vf=True)
    kernel.devices["bond0"].mode = "balance-rr"
    assert "bond0 is balance-rr, not active-backup" in hook(kernel).obstacles[0]
    assert kernel.members("bond0") == ["eth0"]


@each_system
def test_of_two_vfs_one_joins_and_the_other_stays_down(system: System) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    arrive(kernel, "vf1", up=True)
    hook(kernel)
    assert kernel.devices[VF[system]].master == AGGREGATE[system]
    assert (kernel.devices["vf1"].master, kernel.devices["vf1"].up) == (None, False)
    kernel.remove(VF[system])
    hook(kernel)
    assert kernel.devices["vf1"].master == AGGREGATE[system]


@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
def test_a_bond_that_somebody_deleted_is_made_again(target: str) -> None:
    kernel = machine(System.LINUX, vf=True)
    hook(kernel)
    kernel.remove("bond0")
    hook(kernel, wanted(System.LINUX, target=target))
    assert sorted(kernel.members("bond0")) == ["enP1s1", "eth0"]
    assert kernel.devices["bond0"].mode == "active-backup"
    made = [one for one in kernel.commands if "ifup" in one or " add " in one]
    by_hand = "ip link add name bond0 up type bond mode active-backup miimon 100"
    assert made == ["ifup --force bond0" if target == "ifupdown" else by_hand]


def test_a_bond_that_is_made_again_has_its_mtu() -> None:
    kernel = machine(System.LINUX)
    hook(kernel)
    kernel.remove("bond0")
    state = wanted(System.LINUX)
    hook(kernel, state._replace(pairs=(state.pairs[0]._replace(mtu=9000),)))
    assert kernel.devices["bond0"].mtu == kernel.devices["eth0"].mtu == 9000


def test_a_lagg_that_somebody_deleted_is_made_again_by_rc() -> None:
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    kernel.remove("lagg0")
    hook(kernel)
    assert sorted(kernel.members("lagg0")) == ["hn0", "mce0"]
    assert "/usr/sbin/service netif quietstart lagg0" in kernel.commands


@each_system
def test_an_aggregate_is_not_made_again_over_a_nic_that_was_configured_itself(
    system: System,
) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.remove(AGGREGATE[system])
    kernel.devices[SYNTHETIC[system]].addresses.append("10.0.0.4")
    outcome = hook(kernel)
    assert kernel.devices[SYNTHETIC[system]].addresses == ["10.0.0.4"]
    assert AGGREGATE[system] not in kernel.devices
    assert "has addresses" in outcome.obstacles[0]
    assert not kernel.devices[VF[system]].up


@each_system
def test_a_vf_that_another_manager_configured_joins_without_its_addresses(
    system: System,
) -> None:
    """Upstream's defects 2 and 6: ifconfig_DEFAULT and devd put dhclient on a member."""
    kernel = machine(system)
    arrive(kernel, up=True, addresses=["10.0.0.9", "fe80::1"], client=77)
    outcome = hook(kernel)
    vf = kernel.devices[VF[system]]
    assert (vf.master, vf.up, vf.addresses, vf.client) == (AGGREGATE[system], True, [], None)
    assert [step.kind.name for step in outcome.taken][:3] == [
        "LOWER",
        "STOP_CLIENT",
        "TAKE_ADDRESSES",
    ]


@each_system
def test_an_address_on_a_member_is_taken_off_and_the_member_stays(system: System) -> None:
    """Upstream's defects 2 and 11: the synthetic NIC's address comes back beside the lagg's."""
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.devices[SYNTHETIC[system]].addresses = ["10.0.0.4"]
    kernel.devices[SYNTHETIC[system]].client = 42
    hook(kernel)
    synthetic = kernel.devices[SYNTHETIC[system]]
    assert (synthetic.addresses, synthetic.client) == ([], None)
    assert (synthetic.master, synthetic.up) == (AGGREGATE[system], True)


@each_system
@pytest.mark.parametrize("kind", [Kind.BRIDGE, None])
def test_a_vf_in_a_foreign_master_is_taken_out(system: System, kind: Kind | None) -> None:
    kernel = machine(system, vf=True)
    aggregate_kind = kernel.devices[AGGREGATE[system]].kind
    kernel.add("other", kind or aggregate_kind, mode="balance-rr", mac="02:00:00:00:00:01")
    kernel.devices[VF[system]].master = "other"
    kernel.devices[VF[system]].up = True
    hook(kernel)
    assert kernel.devices[VF[system]].master == AGGREGATE[system]


@each_system
def test_a_vf_whose_mtu_is_another_is_set_to_the_aggregates(system: System) -> None:
    kernel = machine(system, vf=True)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    hook(kernel)
    assert kernel.devices[VF[system]].master == AGGREGATE[system]
    assert kernel.devices[VF[system]].mtu == 9000


@each_system
def test_a_vf_that_refuses_the_mtu_stays_down_and_is_reported(system: System) -> None:
    """Upstream's defect 10: such a VF was up outside the lagg, and nothing arrived."""
    kernel = machine(system)
    arrive(kernel, up=True, largest_mtu=1500)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    outcome = hook(kernel)
    vf = kernel.devices[VF[system]]
    assert (vf.master, vf.up) == (None, False)
    assert [str(failure) for failure in outcome.failures] == [
        f"cannot set the MTU of {VF[system]} (9000): Invalid argument"
    ]
    assert outcome.settled


@each_system
def test_a_vf_that_refused_once_joins_at_the_next_event(system: System) -> None:
    kernel = machine(system)
    arrive(kernel, largest_mtu=1500)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    hook(kernel)
    kernel.devices[VF[system]].largest_mtu = 9000
    assert hook(kernel).failures == ()
    assert kernel.devices[VF[system]].master == AGGREGATE[system]


@each_system
def test_where_one_vf_refuses_the_other_joins(system: System) -> None:
    kernel = machine(system)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    arrive(kernel, "vf0", largest_mtu=9000)
    arrive(kernel, "vf1", largest_mtu=1500)
    hook(kernel)
    assert kernel.devices["vf0"].master == AGGREGATE[system]
    assert kernel.devices["vf1"].master is None


@each_system
def test_a_member_that_was_set_down_is_set_up(system: System) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.devices[VF[system]].up = False
    hook(kernel)
    assert kernel.devices[VF[system]].up


@each_system
def test_the_synthetic_nic_is_put_back_into_its_aggregate(system: System) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.devices[SYNTHETIC[system]].master = None
    hook(kernel)
    assert kernel.devices[SYNTHETIC[system]].master == AGGREGATE[system]


@each_system
def test_a_vf_joins_the_administrators_aggregate_under_another_name(system: System) -> None:
    kernel = machine(system, aggregate=False, vf=True)
    kernel.make_aggregate("uplink")
    hook(kernel)
    assert kernel.devices[VF[system]].master == "uplink"


@each_system
def test_a_vf_stays_down_where_the_synthetic_nic_is_in_a_bridge(system: System) -> None:
    """Upstream's defect 8: an administrator's device got the VF, and the hn went dead."""
    kernel = machine(system)
    arrive(kernel, up=True)
    kernel.add("bridge0", Kind.BRIDGE, up=True)
    kernel.devices[SYNTHETIC[system]].master = "bridge0"
    outcome = hook(kernel)
    assert kernel.devices[SYNTHETIC[system]].master == "bridge0"
    assert (kernel.devices[VF[system]].master, kernel.devices[VF[system]].up) == (None, False)
    assert "is in bridge0" in outcome.obstacles[0]


def test_another_vf_with_a_longer_name_is_not_taken_for_a_member() -> None:
    """Upstream's defect 9: mce1 matched mce10."""
    kernel = machine(System.FREEBSD)
    kernel.add("mce10", driver="mce", bus="pci", mac="00:0d:3a:99:99:99", master="lagg0")
    arrive(kernel, "mce1")
    hook(kernel)
    assert kernel.devices["mce1"].master == "lagg0"


def test_a_lagg_by_chance_at_that_name_is_left_alone_where_the_hn_is_not_in_it() -> None:
    kernel = machine(System.FREEBSD, aggregate=False, vf=True)
    kernel.add("lagg0", Kind.LAGG, mode="lacp", mac="02:00:00:00:00:01", up=True)
    assert hook(kernel).taken == ()


def test_a_pair_whose_hn_is_renamed_is_still_found() -> None:
    """Upstream's defect 7: a name without digits, or with another unit's."""
    kernel = machine(System.FREEBSD, aggregate=False, vf=True)
    kernel.devices["wan"] = kernel.devices.pop("hn0")
    kernel.make_aggregate("lagg0")
    hook(kernel)
    assert kernel.devices["mce0"].master == "lagg0"


@each_system
def test_a_transparent_pair_is_left_as_it_is(system: System) -> None:
    kernel = machine(system, aggregate=False)
    arrive(kernel, up=True, addresses=["10.0.0.9"])
    assert hook(kernel, wanted(system, Mode.TRANSPARENT)).taken == ()
    assert kernel.devices[VF[system]].up


def test_a_pair_that_the_kernel_has_taken_meanwhile_is_left_alone() -> None:
    for change in ("master", "failover", "sysctl"):
        system = System.FREEBSD if change == "sysctl" else System.LINUX
        kernel = machine(system, aggregate=change == "sysctl")
        vf = arrive(kernel, up=True)
        if change == "master":
            vf.master = "eth0"
        elif change == "failover":
            kernel.add("ens3", Kind.FAILOVER, driver="virtio_net", bus="virtio")
        else:
            kernel.transparent = True
        outcome = hook(kernel)
        assert outcome.taken == () and "the kernel owns the pair" in outcome.obstacles[0]


@each_system
def test_a_machine_without_the_pair_needs_nothing(system: System) -> None:
    kernel = machine(system, aggregate=False)
    kernel.devices.clear()
    actual = kernel.read()
    assert steps(actual, wanted(system)) == ()
    assert steps(actual, Wanted(system, "netplan")) == ()
    assert obstacles(actual, Wanted(system, "netplan")) == ()


@each_system
def test_a_failing_pair_does_not_keep_another_from_its_aggregate(system: System) -> None:
    """The other VF joins though every command about the first fails."""
    kernel = machine(system, vf=True)
    other = "00:0d:3a:99:99:99"
    driver = kernel.devices[SYNTHETIC[system]].driver
    kernel.add("hn9", driver=driver, bus="vmbus", mac=other, master="agg9", up=True)
    aggregate = kernel.devices[AGGREGATE[system]]
    kernel.add("agg9", aggregate.kind, mode=aggregate.mode, up=True, mac=other)
    arrive(kernel, "vf9", mac=other)
    first = wanted(system).pairs[0]
    second = first._replace(mac=other, aggregate="agg9", synthetic="hn9")
    both = Wanted(system, wanted(system).target, (first, second))

    def refuse() -> None:
        if VF[system] in kernel.commands[-1]:
            raise HypervNetError("Input/output error")

    kernel.before_command = refuse
    outcome = hook(kernel, both)
    assert kernel.devices["vf9"].master == "agg9"
    assert len(outcome.failures) == 1
    assert kernel.devices[VF[system]].master is None


@each_system
def test_rounds_are_bounded_where_somebody_always_undoes_them(system: System) -> None:
    kernel = machine(system, vf=True)
    vf = kernel.devices[VF[system]]

    def undo() -> None:
        vf.addresses[:] = ["10.0.0.9"]

    kernel.after_command = undo
    undo()
    outcome = hook(kernel)
    assert not outcome.settled
    assert len(kernel.commands) < 100


@each_system
def test_steps_read_as_sentences(system: System) -> None:
    kernel = machine(system)
    arrive(kernel, up=True, addresses=["10.0.0.9"])
    kernel.add("other", Kind.BRIDGE)
    kernel.devices[VF[system]].master = "other"
    vf = VF[system]
    printed = [str(step) for step in steps(kernel.read(), wanted(system))]
    assert printed[:3] == [
        f"set {vf} down",
        f"take the addresses off {vf} (10.0.0.9)",
        f"take {vf} out of other (bridge)",
    ]
    assert f"join {vf} to {AGGREGATE[system]}" in printed


@each_system
def test_a_fault_that_passes_does_not_keep_the_vf_out(system: System) -> None:
    """One failure is not believed: the next round tries again in the same run."""
    kernel = machine(system, vf=True)
    faults = iter([HypervNetError("Interrupted system call")])

    def fail_once() -> None:
        for fault in faults:
            raise fault

    kernel.before_command = fail_once
    assert hook(kernel).failures == ()
    assert kernel.devices[VF[system]].master == AGGREGATE[system]


@each_system
def test_a_vf_that_a_refused_join_left_up_is_set_down_though_the_time_is_over(
    system: System,
) -> None:
    kernel = machine(system, vf=True)
    vf = kernel.devices[VF[system]]

    def tried() -> bool:
        return any("laggport" in one or "/slaves" in one for one in kernel.commands)

    def refuse() -> None:
        if tried() and not kernel.commands[-1].endswith("down"):
            vf.up = True
            raise HypervNetError("Device busy")

    kernel.before_command = refuse
    hook(kernel, expired=tried)
    assert tried() and not vf.up


@each_system
def test_a_join_that_is_refused_is_tried_again_once_and_then_left(system: System) -> None:
    kernel = machine(system, vf=True)

    def refuse() -> None:
        if "laggport" in kernel.commands[-1] or "/slaves" in kernel.commands[-1]:
            raise HypervNetError("Device busy")

    kernel.before_command = refuse
    outcome = hook(kernel)
    assert sum("laggport" in one or "/slaves" in one for one in kernel.commands) == 2
    assert not kernel.devices[VF[system]].up
    assert [failure.reason for failure in outcome.failures] == ["Device busy"]


@each_system
def test_nothing_is_begun_once_the_time_is_over(system: System) -> None:
    kernel = machine(system, vf=True)
    outcome = hook(kernel, expired=lambda: True)
    assert (outcome.taken, outcome.settled) == ((), False)


@each_system
def test_a_vf_already_in_its_aggregate_is_not_cut_off_while_something_else_is_wrong(
    system: System,
) -> None:
    """The synthetic NIC is still to come, so the VF carries everything."""
    kernel = machine(system)
    arrive(kernel, master=AGGREGATE[system], up=True)
    kernel.devices[SYNTHETIC[system]].master = None
    assert hook(kernel).taken == ()
    assert kernel.devices[VF[system]].up


def test_a_primary_that_names_another_device_is_changed() -> None:
    kernel = machine(System.LINUX, vf=True)
    kernel.devices["bond0"].primary = "eth0"
    hook(kernel)
    assert kernel.devices["bond0"].primary == "enP1s1"


def test_a_lagg_that_is_not_ours_is_left_to_upstreams_script() -> None:
    """hn1 was never configured by us: its VF stays as upstream's hyperv_vfattach left it."""
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    other = "00:0d:3a:99:99:99"
    kernel.add("hn1", driver="hn", bus="vmbus", mac=other, up=True)
    arrive(kernel, "mce1", mac=other, up=True)
    assert hook(kernel).taken == ()
    assert kernel.devices["mce1"].up


def test_a_vf_joins_where_the_machine_has_no_synthetic_nic_any_more() -> None:
    """After a change of the machine's size the VF may be the only path."""
    kernel = machine(System.LINUX, aggregate=False, vf=True)
    kernel.remove("eth0")
    kernel.add("bond0", Kind.BOND, mode="active-backup", up=True)
    hook(kernel)
    assert kernel.members("bond0") == ["enP1s1"]
