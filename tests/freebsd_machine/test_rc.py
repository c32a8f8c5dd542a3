"""service(8): what becomes of rc.conf, for the forms that are known to work on FreeBSD and not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.told import OFFER

COMMON = """\
cloned_interfaces="lagg0"
ifconfig_hn0="up"
ifconfig_mce0="NOAUTO"
"""
PORTS = "laggproto failover laggport hn0 laggport mce0"


def started(folder: Path, rc_conf: str, *, vf: str = "mce0", advertised: str = "") -> Machine:
    """A machine whose network has been started."""
    machine = new_machine(folder, rc_conf=rc_conf, vf=vf, offers={MAC: OFFER})
    with machine.changing() as state:
        state.advertised = advertised
    machine.run("service", "netif", "start")
    machine.run("service", "routing", "start")
    return machine


def addresses(machine: Machine, name: str) -> list[str]:
    interface = machine.interface(name)
    return [f"{one.address}/{one.prefix}" for one in (*interface.inet, *interface.inet6)]


WORKS = {
    "DHCP": (f'ifconfig_lagg0="{PORTS} SYNCDHCP"', ["10.0.0.4/24"]),
    "static, inet first": (
        f'ifconfig_lagg0="inet 10.0.0.4 netmask 255.255.255.0 {PORTS}"',
        ["10.0.0.4/24"],
    ),
    "static, no inet": (f'ifconfig_lagg0="{PORTS} 10.0.0.4/24"', ["10.0.0.4/24"]),
    "static, inet after the ports": (f'ifconfig_lagg0="{PORTS} inet 10.0.0.4/24"', []),
    "aliases": (
        f'ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\n'
        'ifconfig_lagg0_alias0="inet 10.0.0.5/32"\nifconfig_lagg0_alias1="inet 10.0.0.6/32"',
        ["10.0.0.4/24", "10.0.0.5/32", "10.0.0.6/32"],
    ),
    "static IPv6": (
        f'ifconfig_lagg0="{PORTS}"\n'
        'ifconfig_lagg0_ipv6="inet6 no_dad 2001:db8::4 prefixlen 64"\n'
        'ifconfig_lagg0_alias0="inet6 2001:db8::5 prefixlen 64"',
        ["fe80::20d:3aff:fe11:2233/64", "2001:db8::4/64", "2001:db8::5/64"],
    ),
    "SLAAC": (
        f'ifconfig_lagg0="{PORTS}"\nifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv"',
        ["fe80::20d:3aff:fe11:2233/64", "2001:db8::20d:3aff:fe11:2233/64"],
    ),
}


@pytest.mark.parametrize(("line", "expected"), WORKS.values(), ids=WORKS)
def test_addresses_end_up_on_the_lagg(line: str, expected: list[str], tmp_path: Path) -> None:
    machine = started(tmp_path, COMMON + line + "\n", advertised="2001:db8::")
    assert addresses(machine, "lagg0") == expected
    assert (addresses(machine, "hn0"), addresses(machine, "mce0")) == ([], [])
    assert machine.interface("lagg0").ports == ["hn0", "mce0"]
    assert (machine.interface("mce0").up, machine.path_of("lagg0")) == (False, "hn0")


def test_a_vf_that_is_away_is_a_warning(tmp_path: Path) -> None:
    machine = new_machine(
        tmp_path, vf="", rc_conf=f'{COMMON}ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\n'
    )
    done = machine.run("service", "netif", "start")
    assert "lagg0 mce0: SIOCSLAGGPORT: Invalid argument" in done.err
    assert addresses(machine, "lagg0") == ["10.0.0.4/24"]


def test_dhcp_is_left_to_devd_unless_it_is_synchronous(tmp_path: Path) -> None:
    """The events are there, and what devd.conf runs for them starts the client."""
    machine = started(tmp_path, f'{COMMON}ifconfig_lagg0="{PORTS} DHCP"\n')
    assert addresses(machine, "lagg0") == []
    assert "IFNET lagg0 LINK_UP" in machine.take_events()
    assert machine.run("service", "dhclient", "quietstart", "lagg0").status == 0
    assert addresses(machine, "lagg0") == ["10.0.0.4/24"]
    assert machine.run("service", "dhclient", "quietstart", "hn0").status == 1


def test_what_the_line_says_of_waiting_outranks_the_setting_for_all(tmp_path: Path) -> None:
    text = 'synchronous_dhclient="YES"\nifconfig_hn0="%s"\nifconfig_mce0="NOAUTO"\n'
    assert addresses(started(tmp_path / "a", text % "NOSYNCDHCP"), "hn0") == []
    assert addresses(started(tmp_path / "b", text % "DHCP"), "hn0") == ["10.0.0.4/24"]


def test_ifconfig_default_is_for_all_that_have_no_line(tmp_path: Path) -> None:
    """The VF too; a line that is set and empty wins."""
    text = 'ifconfig_DEFAULT="SYNCDHCP inet6 accept_rtadv"\n'
    machine = started(tmp_path / "default", text)
    assert "10.0.0.4/24" in addresses(machine, "mce0")
    machine = started(tmp_path / "own", f'{text}ifconfig_mce0=""\nifconfig_mce0_ipv6=""\n')
    assert addresses(machine, "mce0") == []


def test_the_default_line_is_for_ipv6_as_well(tmp_path: Path) -> None:
    """So a NOAUTO alone does not keep a VF that is started by name from having IPv6."""
    machine = started(tmp_path, 'ifconfig_DEFAULT="inet6 accept_rtadv"\nifconfig_mce0="NOAUTO"\n')
    assert machine.interface("mce0").up is False
    machine.run("service", "netif", "start", "mce0")
    assert addresses(machine, "mce0") == ["fe80::20d:3aff:fe11:2233/64"]


def test_vlans_names_and_descriptions(tmp_path: Path) -> None:
    machine = started(
        tmp_path,
        'cloned_interfaces="lagg0"\nifconfig_hn0_name="eth0"\nifconfig_eth0="up"\n'
        'ifconfig_mce0="NOAUTO"\n'
        'ifconfig_lagg0="laggproto failover laggport eth0 laggport mce0"\n'
        'ifconfig_lagg0_descr="the card"\n'
        'vlans_lagg0="10 web"\nifconfig_lagg0_10="inet 10.10.0.1/24"\n'
        'create_args_web="vlan 7"\nifconfig_web="inet 10.7.0.1/24"\n',
    )
    assert machine.interface("lagg0").description == "the card"
    assert addresses(machine, "lagg0.10") == ["10.10.0.1/24"]
    web = machine.interface("web")
    assert (web.parent, web.tag, addresses(machine, "web")) == ("lagg0", 7, ["10.7.0.1/24"])


def test_routes_of_rc_conf(tmp_path: Path) -> None:
    machine = started(
        tmp_path,
        f'{COMMON}ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\n'
        'ifconfig_lagg0_ipv6="inet6 2001:db8::4/64"\n'
        'defaultrouter="10.0.0.1"\nipv6_defaultrouter="fe80::1%lagg0"\n'
        'static_routes="net:lagg0 other"\nroute_net="-net 192.0.2.0/24 10.0.0.254"\n'
        'route_other="-net 198.51.100.0/24 10.0.0.253"\n',
    )
    wanted = {
        ("default", "10.0.0.1"),
        ("192.0.2.0/24", "10.0.0.254"),
        ("198.51.100.0/24", "10.0.0.253"),
        ("default", "fe80::1%lagg0"),
    }
    assert wanted <= {(one.destination, one.gateway) for one in machine.look().routes}
    machine.run("service", "routing", "stop")
    assert not [one for one in machine.look().routes if one.destination == "default"]


def test_a_restart_takes_the_lagg_down_and_makes_it_again(tmp_path: Path) -> None:
    machine = started(tmp_path, f'{COMMON}ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\n')
    index = machine.interface("lagg0").index
    assert machine.run("service", "netif", "restart").err == ""
    assert machine.interface("lagg0").index > index
    assert addresses(machine, "lagg0") == ["10.0.0.4/24"]


def test_one_interface_can_be_started_alone(tmp_path: Path) -> None:
    machine = started(tmp_path, f'{COMMON}ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\n')
    machine.run("ifconfig", "lagg0", "destroy")
    assert machine.run("service", "netif", "quietstart", "lagg0").out == ""
    assert machine.interface("lagg0").ports == ["hn0", "mce0"]


def test_values_are_evaluated_a_second_time(tmp_path: Path) -> None:
    """What a hostile value would do on FreeBSD it does here."""
    text = "ifconfig_hn0='up $(touch owned) description \"two words\"'\n"
    machine = started(tmp_path, text)
    assert (machine.root / "owned").exists()
    assert machine.interface("hn0").description == "two words"


def test_rc_conf_d_and_a_syntax_error(tmp_path: Path) -> None:
    machine = new_machine(tmp_path, rc_conf='ifconfig_hn0="up"\n')
    machine.write("etc/rc.conf.d/netif", 'ifconfig_hn0="inet 10.0.0.4/24"\n')
    machine.run("service", "netif", "start")
    assert addresses(machine, "hn0") == ["10.0.0.4/24"]
    machine.write("etc/rc.conf", "if then\n")
    assert "rc.conf" in machine.run("service", "netif", "start").err
