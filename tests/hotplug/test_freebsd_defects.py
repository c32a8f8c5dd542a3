"""The known defects of FreeBSD's own scripts, each on the real hook and program over the fake rest.

The numbers are those of the list in the project's notes.  Nothing here is
mocked but the machine: devd's rules, the hook, `hyperv-net reconcile` and
rc.conf are the ones that are installed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.machine import MAC, Machine
from tests.freebsd_machine.path import to_gateway
from tests.freebsd_machine.state import Interface, Offer
from tests.hotplug.freebsd_guest import HOOK, Guest, guest, install

pytestmark = pytest.mark.any_python

OTHER_MAC = "00:0d:3a:44:55:66"
OFFERS = {"*": Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"])}
DHCP = f"""\
version: 2
ethernets:
  hn0: {{match: {{macaddress: "{MAC}"}}, dhcp4: true}}
"""
# All that there can be on one interface.
STATIC = f"""\
version: 2
ethernets:
  hn0:
    match: {{macaddress: "{MAC}"}}
    addresses: [10.0.0.4/24, 10.0.0.5/24, "2001:db8::4/64"]
    routes:
    - {{to: default, via: 10.0.0.1}}
    - {{to: "::/0", via: "fe80::1"}}
vlans:
  hn0.10: {{id: 10, link: hn0, addresses: [10.1.0.4/24]}}
"""
# The stock images of FreeBSD for virtual machines have this line.
STOCK_IMAGE = 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n'


def clients(one: Guest) -> list[str]:
    """The interfaces that have a DHCP client."""
    rows = one.inside(["ps", "-A", "-o", "stat=,comm=,args="]).out.splitlines()
    found = [row.split() for row in rows]
    return sorted(row[3] for row in found if row[1] == "dhclient" and row[0][0] != "Z")


def default_routes(one: Guest) -> list[tuple[str, str]]:
    """Gateway and interface of each default route."""
    routes = one.state.routes
    return sorted((r.gateway, r.interface) for r in routes if r.destination in ("default", "::/0"))


def _all_settings(one: Guest, name: str) -> object:
    interface = one.state.get(name)
    return interface.inet, interface.inet6, interface.description, interface.mtu, interface.mac


def test_1_a_client_on_the_vf_is_found_and_stopped(tmp_path: Path) -> None:
    """Its pid file is looked for where rc.d/dhclient puts it; the address it set is taken off."""
    with guest(tmp_path, DHCP, offers=OFFERS, vf="") as one:
        one.boot_quickly()
        one.arrive()
        with one.machine.journey.outage("the client has set the VF up, outside the lagg"):
            assert one.inside("service dhclient forcestart mce0").status == 0
            assert clients(one) == ["lagg0", "mce0"]
            one.settle()
        assert clients(one) == ["lagg0"]
        assert (one.ports(), one.addresses("mce0")) == ({"hn0": True, "mce0": True}, [])
        assert one.addresses("lagg0") == ["10.0.0.4"]


@pytest.mark.parametrize("line", ["", 'ifconfig_hn0="SYNCDHCP"\n'])
def test_2_no_client_on_the_hn_when_the_vf_goes(line: str, tmp_path: Path) -> None:
    """Its link comes back then, which is no reason to give the address to it as well.

    Also where somebody has put DHCP back on hn0 in rc.conf since.
    """
    with guest(tmp_path, DHCP, offers=OFFERS) as one:
        one.boot_quickly()
        one.machine.write("etc/rc.conf", one.machine.read("etc/rc.conf") + line)
        one.detach()
        assert "link-up hn0" in " ".join(one.actions)
        assert clients(one) == ["lagg0"]
        assert (one.addresses("hn0"), one.addresses("lagg0")) == ([], ["10.0.0.4"])
        assert one.violations == []


def test_2_rc_conf_put_back_by_hand_has_a_client_on_the_hn_again(tmp_path: Path) -> None:
    """The wanted state is an old one: nothing in rc.conf names its lagg any more."""
    with guest(tmp_path, DHCP, offers=OFFERS, vf="") as one:
        one.machine.write("etc/rc.conf", 'ifconfig_hn0="DHCP"\n')
        one.boot()
        assert "link-up hn0" in " ".join(one.actions)
        assert clients(one) == ["hn0"]
        assert to_gateway(one.state, "inet").card == "hn0"
        one.attach()
        assert one.called("dhclient mce0") == []


def test_3_the_default_route_stays_when_a_vf_comes_later(tmp_path: Path) -> None:
    """With a static address, and no VF at boot."""
    with guest(tmp_path, STATIC, vf="") as one:
        one.boot_quickly()
        before = default_routes(one)
        assert ("10.0.0.1", "lagg0") in before
        one.attach()
        assert default_routes(one) == before
        assert one.ports() == {"hn0": True, "mce0": True}


def test_4_all_settings_are_on_the_lagg_and_stay_there(tmp_path: Path) -> None:
    """Aliases, IPv6, its default route, vlan and description, through leaving and coming back."""
    rc_conf = 'ifconfig_hn0_descr="uplink"\n'
    with guest(tmp_path, STATIC, rc_conf=rc_conf) as one:
        one.boot_quickly()
        assert one.addresses("lagg0") == ["10.0.0.4", "10.0.0.5", "2001:db8::4"]
        (vlan,) = [each for each in one.state.interfaces if each.kind == "vlan"]
        assert (vlan.parent, one.addresses(vlan.name)) == ("lagg0", ["10.1.0.4"])
        assert one.state.get("lagg0").description == "uplink"
        routes = default_routes(one)
        assert len(routes) == 2
        before = [_all_settings(one, name) for name in ("lagg0", vlan.name)]
        one.detach()
        one.attach("mce1")
        assert one.ports() == {"hn0": True, "mce1": True}
        assert [_all_settings(one, name) for name in ("lagg0", vlan.name)] == before
        assert default_routes(one) == routes
        assert one.violations == []


def test_5_ipv6_is_not_lost_when_a_port_joins(tmp_path: Path) -> None:
    """The kernel takes a port's IPv6 addresses away; the lagg's are not the port's."""
    network = DHCP.replace("dhcp4: true", 'addresses: ["2001:db8::4/64"], accept-ra: true')
    with guest(tmp_path, network, vf="") as one:
        one.boot_quickly()
        before = one.state.get("lagg0").inet6
        assert "2001:db8::4" in one.addresses("lagg0")
        one.attach()
        assert one.state.get("lagg0").inet6 == before
        assert one.state.get("mce0").inet6 == []
        assert one.ports() == {"hn0": True, "mce0": True}


@pytest.mark.parametrize("name", ["mce1", "mana3"])
def test_6_a_default_of_dhcp_does_not_reach_the_vf(name: str, tmp_path: Path) -> None:
    """Not under another unit's name or another driver's either, for which rc.conf has no line."""
    with guest(tmp_path, DHCP, rc_conf=STOCK_IMAGE, offers=OFFERS, vf="") as one:
        one.boot_quickly()
        one.attach(name)
        one.notify(f"IFNET {name} LINK_UP")
        one.settle()
        assert clients(one) == ["lagg0"]
        assert one.ports() == {"hn0": True, name: True}
        assert one.state.get(name).inet == one.state.get(name).inet6 == []
        assert (
            one.called(f"pccard_ether {name}")
            == one.called(f"service netif quietstart {name}")
            == []
        )
        assert one.violations == []


def _two_pairs(machine: Machine) -> None:
    with machine.changing() as state:
        host.attach_hn(state, 1, OTHER_MAC)


@pytest.mark.parametrize("names", [("eth1", "eth0"), ("wan", "lan")])
def test_7_renamed_nics_are_told_by_their_addresses(names: tuple[str, str], tmp_path: Path) -> None:
    """Also where the name has another NIC's number in it, or none."""
    network = f"""\
version: 2
ethernets:
  one: {{match: {{macaddress: "{MAC}"}}, set-name: {names[0]}, addresses: [10.0.0.4/24]}}
  two: {{match: {{macaddress: "{OTHER_MAC}"}}, set-name: {names[1]}, addresses: [10.2.0.4/24]}}
"""
    with guest(tmp_path, network, vf="", prepare=_two_pairs) as one:
        one.boot_quickly()
        lagg_of = {port: lagg.name for lagg in one.state.interfaces for port in lagg.ports}
        assert set(lagg_of) == set(names) and len(set(lagg_of.values())) == 2
        one.attach("mce0", mac=OTHER_MAC)
        one.attach("mce1", mac=MAC)
        assert one.ports(lagg_of[names[0]]) == {names[0]: True, "mce1": True}
        assert one.ports(lagg_of[names[1]]) == {names[1]: True, "mce0": True}
        assert one.violations == []


def _own_lagg(machine: Machine) -> None:
    with machine.changing() as state:
        lagg = kernel.create(state, "lagg0")
        for unit in (0, 1):
            card = Interface(f"em{unit}", 0, mac=f"58:9c:fc:00:00:0{unit}", up=True)
            kernel.join(state, lagg, kernel.attach(state, card))


def test_8_an_administrators_lagg0_does_not_get_the_vf(tmp_path: Path) -> None:
    """It is over other NICs; the pair has another lagg, which the VF joins."""
    own = (
        'cloned_interfaces="lagg0"\nifconfig_em0="up"\nifconfig_em1="up"\n'
        'ifconfig_lagg0="laggproto failover laggport em0 laggport em1 10.9.0.4/24"\n'
    )
    with guest(tmp_path, DHCP, rc_conf=own, offers=OFFERS, vf="", prepare=_own_lagg) as one:
        one.boot_quickly()
        (ours,) = [lagg.name for lagg in one.state.interfaces if "hn0" in lagg.ports]
        assert ours != "lagg0"
        one.attach()
        assert one.ports("lagg0") == {"em0": True, "em1": True}
        assert one.ports(ours) == {"hn0": True, "mce0": True}
        assert one.machine.path_of(ours) == "mce0"
        assert one.violations == []


def test_9_mce1_is_not_taken_for_mce10(tmp_path: Path) -> None:
    """It joins though a port that begins like it is in a lagg already."""
    network = DHCP + f'  hn1: {{match: {{macaddress: "{OTHER_MAC}"}}, addresses: [10.2.0.4/24]}}\n'
    with guest(tmp_path, network, offers=OFFERS, vf="", prepare=_two_pairs) as one:
        one.boot_quickly()
        one.attach("mce10")
        one.attach("mce1", mac=OTHER_MAC)
        assert one.ports("lagg0") == {"hn0": True, "mce10": True}
        assert one.ports("lagg1") == {"hn1": True, "mce1": True}
        assert one.violations == []


@pytest.mark.parametrize("trouble", [{"largest_mtu": 1500}, {"refuses": ["laggport"]}])
def test_10_a_vf_that_cannot_join_stays_down(trouble: dict[str, object], tmp_path: Path) -> None:
    """Up outside the lagg it would cut the machine off; so all goes on by way of the hn."""
    network = DHCP.replace("dhcp4: true", "dhcp4: true, mtu: 9000")
    with guest(tmp_path, network, offers=OFFERS, vf="") as one:
        one.boot_quickly()
        assert one.state.get("lagg0").mtu == 9000
        one.attach("mce0", **trouble)
        assert one.ports() == {"hn0": True}
        assert not one.state.get("mce0").up
        assert one.machine.path_of("lagg0") == "hn0"
        assert "hyperv-net: cannot " in one.log and "mce0" in one.log
        assert one.violations == []


@pytest.mark.parametrize("vf", ["mce0", "mce1"])
def test_11_a_restart_of_the_network_leaves_the_pair_as_it_was(vf: str, tmp_path: Path) -> None:
    """The address is on the lagg and nowhere else, and the VF is in it, whatever its name is."""
    with guest(tmp_path, DHCP, offers=OFFERS) as one:
        one.boot_quickly()
        if vf != "mce0":
            one.detach()
            one.attach(vf)
        with one.machine.journey.step("service netif restart, and what devd does then"):
            assert one.inside("service netif restart").status == 0
            one.settle()
        assert one.ports() == {"hn0": True, vf: True}
        assert (one.addresses("hn0"), one.addresses(vf)) == ([], [])
        assert one.addresses("lagg0") == ["10.0.0.4"]
        assert clients(one) == ["lagg0"]
        assert one.machine.path_of("lagg0") == vf


def test_12_nothing_that_hangs_holds_up_devd(tmp_path: Path) -> None:
    """The hook is back while a program that never ends still runs, and that has a limit."""
    with guest(tmp_path, DHCP, vf="", prepare=_two_pairs) as one:
        hanging = "#!/bin/sh\nwhile :; do /usr/bin/sleep 1; done\n"
        install(one.machine, "/usr/libexec/hyperv/hyperv_vfup", hanging)
        install(one.machine, "/usr/local/bin/hyperv-net", hanging)
        for event in ("vf-up hn1", "attached hn0", "vf-up hn0"):
            assert one.inside(f"{HOOK} {event}").status == 0

        def limited() -> list[str]:
            return sorted(one.called("timeout"))

        one.wait(lambda: len(limited()) == 2)
        assert limited() == [
            "timeout --foreground -k 10 300 /usr/libexec/hyperv/hyperv_vfup hn1",
            "timeout --foreground -k 10 300 /usr/local/bin/hyperv-net reconcile",
        ]
