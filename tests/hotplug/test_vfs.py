"""What the hook does with a VF, case by case, against the small kernel."""

from __future__ import annotations

import pytest

from hyperv_net.hotplug.decide.steps import obstacles, steps
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import Kind, Mode, System
from tests.hotplug.machines import (
    AGGREGATE,
    SYNTHETIC,
    VF,
    arrive,
    each_system,
    hook,
    machine,
    wanted,
)


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
        "put enP1s1 into bond0",
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
    found = tuple(one._replace(ifindex=3) for one in steps(moved, wanted(system)))
    assert found == tuple(one._replace(ifindex=3) for one in steps(state, wanted(system))) != ()


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
def test_a_member_that_was_set_down_is_set_up(system: System) -> None:
    kernel = machine(system, vf=True)
    hook(kernel)
    kernel.devices[VF[system]].up = False
    hook(kernel)
    assert kernel.devices[VF[system]].up


def test_another_vf_with_a_longer_name_is_not_taken_for_a_member() -> None:
    """Upstream's defect 9: mce1 matched mce10."""
    kernel = machine(System.FREEBSD)
    kernel.add("mce10", driver="mce", bus="pci", mac="00:0d:3a:99:99:99", master="lagg0")
    arrive(kernel, "mce1")
    hook(kernel)
    assert kernel.devices["mce1"].master == "lagg0"


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
def test_a_vf_already_in_its_aggregate_is_not_cut_off_while_something_else_is_wrong(
    system: System,
) -> None:
    """The synthetic NIC is still to come, so the VF carries everything."""
    kernel = machine(system)
    arrive(kernel, master=AGGREGATE[system], up=True)
    kernel.devices[SYNTHETIC[system]].master = None
    assert hook(kernel).taken == ()
    assert kernel.devices[VF[system]].up


def test_a_vf_joins_where_the_machine_has_no_synthetic_nic_any_more() -> None:
    """After a change of the machine's size the VF may be the only path."""
    kernel = machine(System.LINUX, aggregate=False, vf=True)
    kernel.remove("eth0")
    kernel.add("bond0", Kind.BOND, mode="active-backup", up=True)
    hook(kernel)
    assert kernel.members("bond0") == ["enP1s1"]


def test_a_jails_address_on_the_synthetic_nic_moves_to_the_lagg_and_a_lease_does_not() -> None:
    """jail(8) adds an address without a network to the interface that jail.conf names."""
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    synthetic, lagg = (kernel.devices[one[System.FREEBSD]] for one in (SYNTHETIC, AGGREGATE))
    synthetic.addresses = ["10.0.0.4", "10.0.0.30", "2001:db8::30"]
    synthetic.host_addresses = ["10.0.0.30", "2001:db8::30"]
    outcome = hook(kernel)
    assert [str(one) for one in outcome.taken] == [
        "move addresses of hn0 to lagg0 (10.0.0.30, 2001:db8::30)",
        "take the addresses off hn0 (10.0.0.4)",
    ]
    assert synthetic.addresses == []
    assert lagg.addresses[-2:] == ["10.0.0.30", "2001:db8::30"]
    assert not hook(kernel).taken


def test_an_address_of_a_vhid_on_the_synthetic_nic_is_left_and_told_of() -> None:
    """Nobody else knows the password that carp(4) needs to have it on the lagg."""
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    synthetic = kernel.devices[SYNTHETIC[System.FREEBSD]]
    synthetic.addresses, synthetic.shared_addresses = ["10.0.0.4", "10.0.0.99"], ["10.0.0.99"]
    outcome = hook(kernel)
    assert [str(one) for one in outcome.taken] == ["take the addresses off hn0 (10.0.0.4)"]
    assert synthetic.addresses == ["10.0.0.99"]
    (said,) = outcome.obstacles
    assert "10.0.0.99 of a vhid is left on hn0" in said and "give the vhid to lagg0" in said
    assert outcome.settled and not hook(kernel).taken


def test_a_vf_gives_up_every_address() -> None:
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    vf = kernel.devices[VF[System.FREEBSD]]
    vf.addresses, vf.host_addresses = ["10.0.0.30"], ["10.0.0.30"]
    hook(kernel)
    assert vf.addresses == []
    assert "10.0.0.30" not in kernel.devices[AGGREGATE[System.FREEBSD]].addresses
