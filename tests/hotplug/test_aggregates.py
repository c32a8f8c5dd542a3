"""What the hook does where the aggregate is gone, not whole, or somebody else's."""

from __future__ import annotations

import pytest

from hyperv_net.model import Kind, System
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


def test_a_port_that_has_ipv6_is_rid_of_it_before_it_is_set_up() -> None:
    """rc has made it a port at boot, and a lagg of 13 does not set its ports up."""
    kernel = machine(System.FREEBSD, vf=True)
    hook(kernel)
    kernel.devices["mce0"].up = kernel.devices["mce0"].ipv6_disabled = False
    kernel.commands.clear()
    hook(kernel)
    assert kernel.commands == ["/sbin/ifconfig mce0 inet6 ifdisabled", "/sbin/ifconfig mce0 up"]
