"""What the machine's kernel does and refuses, as its sources say; ifconfig is how it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine.machine import Machine, new_machine
from tests.freebsd_machine.state import RefusedError
from tests.freebsd_machine.told import OTHER, ifconfig, lagg_of

LINES = {
    "inet 10.0.0.4/24 laggport hn0": (0, ["10.0.0.4"]),
    "laggport hn0 10.0.0.4/24": (0, ["10.0.0.4"]),
    "inet 10.0.0.4 netmask 255.255.255.0 laggport hn0": (0, ["10.0.0.4"]),
    "laggport hn0 inet 10.0.0.4/24": (1, []),
}


@pytest.mark.parametrize("line", LINES)
def test_an_address_family_is_one_only_as_the_first_word(machine: Machine, line: str) -> None:
    """After the ports it is an address that cannot be one, and ends the line."""
    ifconfig(machine, "lagg0 create")
    status, addresses = LINES[line]
    done = machine.run("ifconfig", "lagg0", *line.split())
    lagg = machine.interface("lagg0")
    assert (done.status, [one.address for one in lagg.inet]) == (status, addresses)
    assert lagg.ports == ["hn0"]
    assert done.err == ("ifconfig: inet: bad value\n" if status else "")


def test_a_vf_that_goes_up_takes_the_datapath_and_hns_link(machine: Machine) -> None:
    """Without any lagg: what is sent to hn0 is lost until the VF goes down."""
    ifconfig(machine, "hn0 up")
    machine.take_events()
    ifconfig(machine, "mce0 up")
    assert machine.take_events() == [
        "IFNET hn0 LINK_DOWN",
        "HYPERV_NIC_VF hn0 VF_UP",
        "IFNET mce0 LINK_UP",
    ]
    assert machine.path_of("hn0") == ""
    assert "status: no carrier" in machine.run("ifconfig", "hn0").out
    ifconfig(machine, "mce0 down")
    assert "HYPERV_NIC_VF hn0 VF_DOWN" in machine.take_events()
    assert machine.path_of("hn0") == "hn0"


def test_a_lagg_over_both_never_loses_the_path(machine: Machine) -> None:
    lagg_of(machine, "hn0", "mce0")
    ifconfig(machine, "hn0 up")
    assert machine.path_of("lagg0") == "hn0"
    ifconfig(machine, "mce0 up")
    assert machine.path_of("lagg0") == "mce0"
    machine.detach_vf("mce0")
    assert machine.path_of("lagg0") == "hn0"


def test_a_vf_up_outside_the_lagg_is_an_outage(machine: Machine) -> None:
    lagg_of(machine, "hn0")
    ifconfig(machine, "hn0 up")
    ifconfig(machine, "mce0 up")
    assert machine.path_of("lagg0") == ""


def test_transparent_mode_drives_the_vf_itself_and_tells_devd_nothing(tmp_path: Path) -> None:
    machine = new_machine(tmp_path, transparent=1)
    machine.take_events()
    ifconfig(machine, "hn0 up")
    assert machine.take_events() == ["IFNET mce0 LINK_UP"]
    assert (machine.interface("mce0").up, machine.path_of("hn0")) == (True, "mce0")
    assert machine.run("sysctl", "-n", "dev.hn.0.vf_xpnt_enabled").out == "1\n"


def test_pairs_are_made_by_address_and_forgotten_by_a_new_name(machine: Machine) -> None:
    def mapped() -> str:
        return machine.run("sysctl", "-n", "hw.hn.vfmap").out

    machine.detach_vf("mce0")
    machine.attach_vf("mlxen0", OTHER)
    assert mapped() == "\n"
    machine.attach_vf("mce0")
    assert mapped() == "mce0:hn0\n"
    ifconfig(machine, "hn0 name eth0")
    assert mapped() == "mce0:eth0\n"
    ifconfig(machine, "mce0 name fast")
    assert mapped() == "\n"
    ifconfig(machine, "fast up")
    assert not machine.interface("eth0").datapath


def test_the_host_tells_devd_of_a_vf_in_this_order(machine: Machine) -> None:
    """The pair is known by then."""
    assert machine.detach_vf("mce0") == ["IFNET mce0 DETACH"]
    assert machine.attach_vf("mce1") == ["IFNET mce1 ATTACH", "ETHERNET mce1 IFATTACH"]
    assert machine.run("sysctl", "-n", "dev.hn.0.vf").out == "mce1\n"
    with pytest.raises(RefusedError, match="File exists"):
        machine.attach_vf("mce1")


def test_a_vf_that_goes_leaves_its_lagg_and_takes_its_vlans_parent(machine: Machine) -> None:
    lagg_of(machine, "hn0", "mce0")
    ifconfig(machine, "mce0.7 create")
    machine.detach_vf("mce0")
    assert machine.interface("lagg0").ports == ["hn0"]
    assert "vlan: 7 vlanproto: 802.1q vlanpcp: 0 parent interface: <none>" in (
        machine.run("ifconfig", "mce0.7").out
    )


def test_an_address_that_is_taken_off_takes_its_routes_along(machine: Machine) -> None:
    ifconfig(machine, "hn0 inet 10.0.0.4/24")
    assert machine.run("route", "add", "default", "10.0.0.1").status == 0
    ifconfig(machine, "hn0 inet 10.0.0.4 -alias")
    assert machine.look().routes == []
    assert machine.run("route", "add", "default", "10.0.0.1").err.endswith("unreachable\n")


def test_ipv6_is_off_until_it_is_turned_on_and_comes_with_up(machine: Machine) -> None:
    ifconfig(machine, "hn0 up")
    assert machine.interface("hn0").inet6 == []
    ifconfig(machine, "hn0 inet6 -ifdisabled")
    assert "inet6 fe80::20d:3aff:fe11:2233%hn0 prefixlen 64 scopeid 0x1" in (
        machine.run("ifconfig", "hn0").out
    )


def test_an_address_that_is_not_there_cannot_be_taken_off(machine: Machine) -> None:
    done = machine.run("ifconfig", "hn0", "inet", "10.0.0.4", "-alias")
    assert (done.status, done.err) == (
        1,
        "ifconfig: ioctl (SIOCDIFADDR): Can't assign requested address\n",
    )


def test_a_second_address_without_alias_replaces_the_first(machine: Machine) -> None:
    ifconfig(machine, "hn0 inet 10.0.0.4/24")
    ifconfig(machine, "hn0 inet 10.0.0.5/32 alias")
    ifconfig(machine, "hn0 inet 10.0.0.6/24")
    assert [one.address for one in machine.interface("hn0").inet] == ["10.0.0.5", "10.0.0.6"]


ERRORS = {
    "mce7": "ifconfig: interface mce7 does not exist\n",
    "lagg0 create": "",
    "hn0 create": "ifconfig: SIOCIFCREATE2 (hn0): Invalid argument\n",
    "hn0 destroy": "ifconfig: SIOCIFDESTROY: Invalid argument\n",
    "hn0 name mce0": "ifconfig: ioctl SIOCSIFNAME (set name): File exists\n",
    "hn0 mtu": "ifconfig: 'mtu' requires argument\n",
    "hn0 nonsense": "ifconfig: nonsense: bad value\n",
    "hn0.5 create": "",
    "hn0.5000 create": "ifconfig: SIOCIFCREATE2 (hn0.5000): Invalid argument\n",
}


@pytest.mark.parametrize("line", ERRORS)
def test_mistakes_are_told_as_ifconfig_does(machine: Machine, line: str) -> None:
    done = machine.run("ifconfig", *line.split())
    assert (done.err, done.status) == (ERRORS[line], int(bool(ERRORS[line])))
