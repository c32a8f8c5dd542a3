"""Whether there is a default route where the files ask for one, and a name server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hyperv_net.model import Severity, System
from hyperv_net.renderers import load
from hyperv_net.status.judge import judge
from hyperv_net.status.routes import FREEBSD, asking, families
from tests.files import put
from tests.freebsd_machine.machine import MAC, new_machine
from tests.freebsd_machine.state import Offer
from tests.status.scenes import NOW, Scene

RC_CONF = """\
cloned_interfaces="lagg0"
ifconfig_hn0="up"
ifconfig_lagg0="laggproto failover laggport hn0 SYNCDHCP"
ifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv"
"""
LEASES = "var/db/dhclient.leases.lagg0"
NETPLAN = "etc/netplan/50-cloud-init.yaml"
INTERFACES = "etc/network/interfaces"


def rules(scene: Scene, root: Path, system: System, target: str | None, *there: int) -> list[str]:
    """The findings of a machine with these files and the default routes of these families."""
    asked = asking(root, system, target)
    status = scene.status()._replace(asking=asked, default_routes=frozenset(there))
    return [f"{one.severity.value} {one.rule} {one.where}" for one in judge(status, NOW).findings]


def test_a_boot_whose_default_route_was_flushed_is_unhealthy(tmp_path: Path) -> None:
    """SYNCDHCP's client runs on, has its lease, and never puts it back."""
    offer = Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"])
    with new_machine(tmp_path / "m", rc_conf=RC_CONF, vf="", offers={MAC: offer}) as machine:
        machine.run("service", "netif", "start")

        def run(command: Sequence[str]) -> str:
            return machine.run(command[0].rpartition("/")[2], *command[1:]).out

        assert families(FREEBSD, run) == {4}
        machine.run("service", "routing", "restart")
        there = families(FREEBSD, run)
        assert there == set()
        scene = Scene(tmp_path / "scene")
        found = rules(scene, machine.root, System.FREEBSD, None, *there)
        assert found == ["error no-default-route IPv4", "warning no-default-route IPv6"]
        assert rules(scene, machine.root, System.FREEBSD, "freebsd", 4, 6) == []
        machine.write("etc/resolv.conf", "search example.org\n")
        found = rules(scene, machine.root, System.FREEBSD, "freebsd", 4, 6)
        assert found == ["warning no-nameserver etc/resolv.conf"]


@pytest.mark.parametrize(
    ("lease", "is_asked"),
    [
        ("  option routers 10.0.0.1;\n", True),
        ("  option classless-routes 0,10,0,0,1;\n", True),
        ("  option classless-routes 32,168,63,129,16,10,0,0,1,0,10,0,0,1;\n", True),
        ("  option classless-routes 8,10,10,0,0,1;\n", False),
        ("", False),
    ],
)
def test_a_network_without_a_router_asks_for_none(lease: str, is_asked: bool) -> None:
    """The last lease tells: an older one may have had one."""
    text = f"lease {{\n  option routers 10.9.0.1;\n}}\nlease {{\n{lease}}}\n"
    asked = load("freebsd").asking.default_routes(
        {"etc/rc.conf": 'ifconfig_lagg0="DHCP"\n', LEASES: text}
    )
    assert [(one.family, one.is_certain) for one in asked] == [(4, True)] * is_asked


FILES = {
    "rc.conf, static": (
        ("freebsd", "etc/rc.conf"),
        'defaultrouter="10.0.0.1"\nipv6_defaultrouter="fe80::1%lagg0"\n',
        [(4, True), (6, True)],
    ),
    "rc.conf, none": (("freebsd", "etc/rc.conf"), 'defaultrouter="NO"\n', []),
    "rc.conf, broken": (("freebsd", "etc/rc.conf"), "defaultrouter='", []),
    "netplan, DHCP": (
        ("netplan", NETPLAN),
        "network: {bonds: {bond0: {dhcp4: true, accept-ra: true}}}",
        [(4, False), (6, False)],
    ),
    "netplan, DHCP without routes": (
        ("netplan", NETPLAN),
        "network: {bonds: {bond0: {dhcp4: true, dhcp4-overrides: {use-routes: false}}}}",
        [],
    ),
    "netplan, static": (
        ("netplan", NETPLAN),
        "network: {bonds: {bond0: {gateway4: 10.0.0.1, routes: [{to: default, via: 'fe80::1'},"
        " {to: default, via: 10.1.0.1, table: 9}, {to: 10.0.0.0/8, via: 10.0.0.2}]}}}",
        [(4, True), (6, True)],
    ),
    "ifupdown": (
        ("ifupdown", INTERFACES),
        "iface bond0 inet static\n gateway 10.0.0.1\niface bond0 inet6 auto\n"
        "iface bond1 inet dhcp\niface bond2 inet manual\n",
        [(4, True), (6, False), (4, False)],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_which_default_routes_the_files_ask_for(case: str) -> None:
    """Per family; what a server or a router may not give is not certain."""
    (target, path), text, expected = FILES[case]
    asked = load(target).asking.default_routes({path: text})
    assert [(one.family, one.is_certain) for one in asked] == expected


def test_where_no_route_could_be_seen_nothing_is_said(tmp_path: Path) -> None:
    """Nor on a machine that hyperv-net did not configure, whose target is unknown."""
    put(tmp_path, INTERFACES, "iface eth0 inet static\n gateway 10.0.0.1\n")
    scene = Scene(tmp_path / "scene")
    asked = asking(tmp_path, System.LINUX, "ifupdown")
    assert judge(scene.status()._replace(asking=asked, default_routes=None), NOW).is_healthy
    assert asking(tmp_path, System.LINUX, None) is None
    assert rules(scene, tmp_path, System.LINUX, "ifupdown")[0].startswith(Severity.ERROR.value)
