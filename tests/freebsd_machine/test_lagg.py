"""What a lagg of the machine does and refuses, as if_lagg.c says; ifconfig is how it is asked."""

from __future__ import annotations

import pytest

from tests.freebsd_machine.machine import MAC, Machine
from tests.freebsd_machine.told import OTHER, ifconfig, lagg_of


def test_the_first_port_gives_mac_and_mtu_and_is_primary(machine: Machine) -> None:
    ifconfig(machine, "hn0 mtu 1400")
    lagg_of(machine, "hn0", "mce0")
    lagg = machine.interface("lagg0")
    assert (lagg.mac, lagg.mtu, lagg.primary, lagg.ports) == (MAC, 1400, "hn0", ["hn0", "mce0"])
    assert machine.interface("mce0").mtu == 1400


def test_ports_are_listed_by_index_and_the_first_to_join_stays_primary(machine: Machine) -> None:
    lagg_of(machine, "mce0", "hn0")
    lagg = machine.interface("lagg0")
    assert (lagg.ports, lagg.primary) == (["hn0", "mce0"], "mce0")
    assert "laggport: mce0 flags=1<MASTER>" in machine.run("ifconfig", "lagg0").out


def test_the_order_of_ports_is_not_that_of_their_names(machine: Machine) -> None:
    machine.attach_vf("axe0")
    lagg_of(machine, "axe0", "hn0")
    assert machine.interface("lagg0").ports == ["hn0", "axe0"]


def test_a_later_port_takes_the_laggs_mac_and_has_its_own_again_when_it_leaves(
    machine: Machine,
) -> None:
    machine.attach_vf("mce1", OTHER)
    lagg_of(machine, "hn0", "mce1")
    text = machine.run("ifconfig", "mce1").out
    assert f"ether {MAC}\n\thwaddr {OTHER}\n" in text
    ifconfig(machine, "lagg0 -laggport mce1")
    assert machine.interface("mce1").mac == OTHER


def test_where_the_primary_leaves_the_next_port_is_and_gives_its_mac(machine: Machine) -> None:
    machine.attach_vf("mce1", OTHER)
    lagg_of(machine, "hn0", "mce1")
    ifconfig(machine, "lagg0 -laggport hn0")
    lagg = machine.interface("lagg0")
    assert (lagg.primary, lagg.mac, machine.interface("mce1").mac) == ("mce1", OTHER, OTHER)


def test_joining_takes_ipv6_off_and_leaves_ipv4_and_the_up_flag_alone(machine: Machine) -> None:
    ifconfig(machine, "mce0 inet6 -ifdisabled")
    ifconfig(machine, "mce0 inet6 2001:db8::9 prefixlen 64")
    ifconfig(machine, "mce0 inet 10.0.0.9/24")
    ifconfig(machine, "mce0 down")
    lagg_of(machine, "hn0", "mce0")
    vf = machine.interface("mce0")
    assert (vf.inet6, [one.address for one in vf.inet], vf.up) == ([], ["10.0.0.9"], False)


def test_newer_kernels_raise_the_ports_with_the_lagg_and_not_one_added_later(
    machine: Machine,
) -> None:
    with machine.changing() as state:
        state.lagg_raises_ports = True
    lagg_of(machine, "hn0")
    ifconfig(machine, "lagg0 laggport mce0")
    assert (machine.interface("hn0").up, machine.interface("mce0").up) == (True, False)


REFUSED = {
    "in another lagg": ("lagg1", "mce0", "Device busy"),
    "not there": ("lagg1", "mce7", "Invalid argument"),
    "a lagg": ("lagg1", "lagg0", "Invalid argument"),
    "loopback": ("lagg1", "lo0", "Protocol not supported"),
    "of no lagg": ("hn0", "mce0", "Invalid argument"),
}


@pytest.mark.parametrize(("lagg", "port", "why"), REFUSED.values(), ids=REFUSED)
def test_a_port_that_cannot_join_is_a_warning_and_the_rest_of_the_line_is_done(
    machine: Machine, lagg: str, port: str, why: str
) -> None:
    lagg_of(machine, "hn0", "mce0")
    ifconfig(machine, "lagg1 create")
    done = machine.run("ifconfig", lagg, "laggport", port, "description", "after")
    assert done.status == 1
    assert done.err == f"ifconfig: {lagg} {port}: SIOCSLAGGPORT: {why}\n"
    assert machine.interface(lagg).description == "after"


def test_a_port_that_is_in_already_is_no_error(machine: Machine) -> None:
    lagg_of(machine, "hn0", "mce0")
    ifconfig(machine, "lagg0 laggport mce0")


def test_a_vf_that_cannot_have_the_laggs_mtu_does_not_join(machine: Machine) -> None:
    machine.attach_vf("mce1", MAC, largest_mtu=1500)
    ifconfig(machine, "hn0 mtu 9000")
    lagg_of(machine, "hn0")
    done = machine.run("ifconfig", "lagg0", "laggport", "mce1")
    assert done.err == "ifconfig: lagg0 mce1: SIOCSLAGGPORT: Invalid argument\n"
    assert machine.interface("lagg0").ports == ["hn0"]


def test_a_vf_can_be_made_to_refuse(machine: Machine) -> None:
    machine.attach_vf("mce1", MAC, refuses=["laggport"])
    lagg_of(machine, "hn0")
    done = machine.run("ifconfig", "lagg0", "laggport", "mce1")
    assert "Device busy" in done.err


def test_the_mtu_of_a_port_is_fixed_and_the_laggs_is_all_its_ports_or_none(
    machine: Machine,
) -> None:
    machine.attach_vf("mce1", MAC, largest_mtu=2000)
    lagg_of(machine, "hn0", "mce1")
    assert machine.run("ifconfig", "hn0", "mtu", "1400").err == (
        "ifconfig: ioctl SIOCSIFMTU (set mtu): Invalid argument\n"
    )
    assert machine.run("ifconfig", "lagg0", "mtu", "9000").status == 1
    mtus = {machine.interface(one).mtu for one in ("lagg0", "hn0", "mce1")}
    assert mtus == {1500}
    ifconfig(machine, "lagg0 mtu 1900")
    assert {machine.interface(one).mtu for one in ("lagg0", "hn0", "mce1")} == {1900}


def test_an_mtu_before_the_first_port_is_lost(machine: Machine) -> None:
    ifconfig(machine, "lagg0 create")
    ifconfig(machine, "lagg0 mtu 9000 laggport hn0")
    assert machine.interface("lagg0").mtu == 1500
