"""What a running 13.2 kernel was seen to do, or its source says, and a simpler model would not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.state import Address
from tests.freebsd_machine.told import OFFER, configured, ifconfig, lagg_of

PAIR = 'cloned_interfaces="lagg0"\nifconfig_hn0="up"\nifconfig_mce0="NOAUTO"\n'
PORTS = "laggproto failover laggport hn0 laggport mce0"


def flapping(folder: Path, line: str) -> Machine:
    """A machine on whose lagg0, with this line, the VF has come up."""
    machine = new_machine(folder, rc_conf=PAIR + line, offers={MAC: OFFER})
    machine.run("service", "netif", "start")
    machine.run("service", "dhclient", "quietstart", "lagg0")
    machine.take_events()
    ifconfig(machine, "mce0 up")
    return machine


def inet(machine: Machine, name: str = "lagg0") -> list[str]:
    return [one.address for one in machine.interface(name).inet]


def defaults(machine: Machine) -> list[str]:
    return [one.gateway for one in machine.look().routes if one.destination == "default"]


def test_each_arrival_of_a_vf_flaps_the_lagg_and_its_vlans(tmp_path: Path) -> None:
    """hn(4)'s link goes before the VF's own comes; that order was measured."""
    machine = configured(new_machine(tmp_path), "hn0 up")
    lagg_of(machine, "hn0", "mce0")
    ifconfig(machine, "lagg0.10 create")
    machine.take_events()
    ifconfig(machine, "mce0 up")
    assert machine.take_events() == [
        "IFNET hn0 LINK_DOWN",
        "IFNET lagg0 LINK_DOWN",
        "IFNET lagg0.10 LINK_DOWN",
        "HYPERV_NIC_VF hn0 VF_UP",
        "IFNET mce0 LINK_UP",
        "IFNET lagg0 LINK_UP",
        "IFNET lagg0.10 LINK_UP",
    ]


def test_a_departure_does_not(tmp_path: Path) -> None:
    machine = configured(new_machine(tmp_path), "hn0 up")
    lagg_of(machine, "hn0", "mce0")
    ifconfig(machine, "mce0 up")
    assert machine.detach_vf() == [
        "IFNET hn0 LINK_UP",
        "HYPERV_NIC_VF hn0 VF_DOWN",
        "IFNET mce0 DETACH",
    ]


def test_a_vlan_over_a_parent_with_link_raises_no_link_up(tmp_path: Path) -> None:
    """vlan_config() of if_vlan.c assigns the state; so plain DHCP gets no client there."""
    machine = configured(new_machine(tmp_path), "hn0 up")
    machine.take_events()
    ifconfig(machine, "hn0.5 create")
    assert machine.interface("hn0.5").link == "up"
    assert machine.take_events() == ["IFNET hn0.5 ATTACH", "ETHERNET hn0.5 IFATTACH"]


def test_a_client_asks_again_when_the_link_is_back_and_brings_its_routes(tmp_path: Path) -> None:
    """A default route that somebody flushed is there again; no lease's renewal does that."""
    machine = flapping(tmp_path, f'ifconfig_lagg0="{PORTS} SYNCDHCP"\n')
    machine.run("route", "-n", "flush", "-inet")
    assert defaults(machine) == []
    ifconfig(machine, "mce0 down")
    assert defaults(machine) == []
    ifconfig(machine, "mce0 up")
    assert defaults(machine) == ["10.0.0.1"]


def test_a_renewal_brings_no_route_back_but_with_a_new_address(tmp_path: Path) -> None:
    """Measured: after `routing restart` it stayed away through renewals."""
    machine = flapping(tmp_path, f'ifconfig_lagg0="{PORTS} SYNCDHCP"\n')
    machine.run("route", "-n", "flush", "-inet")
    machine.renew("lagg0", OFFER)
    assert defaults(machine) == []
    machine.renew("lagg0", replace(OFFER, address="10.0.0.8"))
    assert (inet(machine), defaults(machine)) == (["10.0.0.8"], ["10.0.0.1"])


@pytest.mark.parametrize(
    ("word", "first", "second"),
    [
        ("SYNCDHCP", ["10.0.0.9", "10.0.0.4"], ["10.0.0.4"]),
        ("DHCP", ["10.0.0.4"], ["10.0.0.4"]),
    ],
)
def test_a_client_replaces_the_first_address_each_time_it_asks_again(
    word: str, first: list[str], second: list[str], tmp_path: Path
) -> None:
    """Whosever it is, and puts its own at the end: with DHCP after the alias, or with SYNCDHCP
    before it."""
    alias = 'ifconfig_lagg0_alias0="inet 10.0.0.9/32"\n'
    machine = flapping(tmp_path, f'ifconfig_lagg0="{PORTS} {word}"\n{alias}')
    assert inet(machine) == first
    machine.detach_vf()
    machine.attach_vf()
    configured(machine, "lagg0 laggport mce0", "mce0 up")
    assert inet(machine) == second


def test_a_client_leaves_the_addresses_that_were_there_before_it(tmp_path: Path) -> None:
    """PREINIT's 0.0.0.0 is what its first address replaces (in_difaddr_ioctl() of in.c)."""
    machine = configured(new_machine(tmp_path, offers={MAC: OFFER}), "hn0 inet 10.0.0.9/24")
    machine.run("dhclient", "hn0")
    assert inet(machine, "hn0") == ["10.0.0.9", "10.0.0.4"]


def test_a_client_ends_with_its_interface_down_and_leaves_the_address(tmp_path: Path) -> None:
    machine = configured(new_machine(tmp_path, offers={MAC: OFFER}))
    machine.run("dhclient", "hn0")
    ifconfig(machine, "hn0 down")
    assert (machine.look().clients, inet(machine, "hn0")) == ({}, ["10.0.0.4"])


@pytest.mark.parametrize(
    ("release", "is_off"), [("13.0-RELEASE", False), ("13.2-RELEASE", True), ("14.3-RELEASE", True)]
)
def test_ipv6_of_a_new_interface_is_off_by_the_kernels_version(
    release: str, is_off: bool, tmp_path: Path
) -> None:
    """An older kernel gives a VF that is set up its fe80:: address, port or not."""
    machine = configured(new_machine(tmp_path, release=release), "lagg0 create")
    ifconfig(machine, "lagg0 laggport hn0 laggport mce0")
    ifconfig(machine, "mce0 up")
    vf = machine.interface("mce0")
    assert ("IFDISABLED" in vf.nd6, vf.inet6 == []) == (is_off, is_off)
    # What rc starts without IPv6 it turns off, before it is up.
    machine.write("etc/rc.conf", 'ifconfig_hn0="up"\n')
    machine.run("service", "netif", "start", "hn0")
    assert machine.interface("hn0").inet6 == []


def test_a_port_loses_its_ipv6_addresses_where_one_is_link_local(tmp_path: Path) -> None:
    """in6ifa_llaonifp(): a port that has none keeps the others."""
    machine = configured(new_machine(tmp_path), "lagg0 create")
    with machine.changing() as state:
        state.get("hn0").inet6 = [Address("2001:db8::4", 64)]
        state.get("mce0").inet6 = [Address("fe80::1", 64), Address("2001:db8::5", 64)]
    ifconfig(machine, "lagg0 laggport hn0 laggport mce0")
    assert [one.address for one in machine.interface("hn0").inet6] == ["2001:db8::4"]
    assert machine.interface("mce0").inet6 == []


def test_rc_reads_files_and_folders_of_a_service_and_what_rc_conf_files_names(
    tmp_path: Path,
) -> None:
    """load_rc_config(): each script its own, in that order, below /etc and /usr/local/etc.

    rc.conf.local is read although rc.conf takes it out of rc_conf_files: that loop has begun.
    """
    machine = new_machine(tmp_path, rc_conf='rc_conf_files="/etc/rc.conf /etc/mine"\n')
    texts = {
        "etc/rc.conf.local": 'ifconfig_hn0="inet 10.9.0.1/24"\n',
        "etc/mine": 'ifconfig_mce0="inet 10.9.0.2/24"\nifconfig_lo0="inet 10.9.0.3/32"\n',
        "etc/rc.conf.d/network/20-b": 'ifconfig_lo0="inet 10.9.0.4/32"\n',
        "usr/local/etc/rc.conf.d/netif": 'ifconfig_lo0="inet 10.9.0.5/32"\n',
        "etc/rc.conf.d/routing": 'defaultrouter="10.9.0.254"\n',
        "etc/rc.conf.d/netif/routes": 'static_routes="x"\nroute_x="-net 10.8.0.0/16 10.9.0.253"\n',
    }
    for path, text in texts.items():
        machine.write(path, text)
    machine.run("service", "netif", "start")
    machine.run("service", "routing", "start")
    found = {one: inet(machine, one) for one in ("hn0", "mce0", "lo0")}
    assert found == {"hn0": ["10.9.0.1"], "mce0": ["10.9.0.2"], "lo0": ["10.9.0.5"]}
    gateways = {one.gateway for one in machine.look().routes}
    assert ("10.9.0.254" in gateways, "10.9.0.253" in gateways) == (True, False)


def test_a_restart_runs_netif_twice_with_messages_and_ends_right(tmp_path: Path) -> None:
    """rc's own run, and devd's for the lagg that it has just made; these messages were seen."""
    text = PAIR.replace('"up"', '"up mtu 9000"') + (
        f'ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\nvlans_lagg0="10"\n'
        'ifconfig_lagg0_10="inet 10.1.0.4/24"\n'
    )
    machine = new_machine(tmp_path, rc_conf=text)
    machine.run("service", "netif", "start")
    with machine.changing() as state:
        state.devd_is_quick = True
    done = machine.run("service", "netif", "restart")
    assert done.err.splitlines() == [
        "/etc/rc.d/netif: WARNING: lagg0.10 does not exist.  Skipped.",
        "ifconfig: ioctl SIOCSIFMTU (set mtu): Invalid argument",
        "ifconfig: interface lagg0.10 already exists",
    ]
    assert (inet(machine), inet(machine, "lagg0.10")) == (["10.0.0.4"], ["10.1.0.4"])
    assert (machine.interface("lagg0").mtu, machine.interface("lagg0").ports) == (
        9000,
        ["hn0", "mce0"],
    )


def test_a_new_mtu_is_lost_where_devd_is_quicker_than_rc(tmp_path: Path) -> None:
    """It has hn0 in the lagg before rc comes to its line, and a port's own MTU is fixed."""
    text = f'{PAIR}ifconfig_lagg0="{PORTS}"\n'
    machine = new_machine(tmp_path, rc_conf=text)
    machine.run("service", "netif", "start")
    machine.write("etc/rc.conf", text.replace('"up"', '"up mtu 9000"'))
    with machine.changing() as state:
        state.devd_is_quick = True
    machine.run("service", "netif", "restart")
    assert machine.interface("lagg0").mtu == 1500
