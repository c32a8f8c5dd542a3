"""Files that name a NIC: by the address of another machine's, or as the one of a pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.lint import lint
from hyperv_net.lint.image import Machine
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import System
from tests.at_line import at_line
from tests.files import put
from tests.lint.roots import FREEBSD, LINUX, findings


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (
            "etc/udev/rules.d/70-persistent-net.rules",
            'SUBSYSTEM=="net", ATTR{address}=="00:0d:3a:11:22:33", NAME="eth0"',
        ),
        ("etc/sysconfig/network-scripts/ifcfg-eth0", "HWADDR=00:0D:3A:11:22:33"),
        ("etc/udev/rules.d/75-nic.rules", 'ATTRS{address}=="00:0d:3a:11:22:33", NAME:="lan"'),
        ("etc/netplan/50-cloud-init.yaml", '        macaddress: "00:0d:3a:11:22:33"'),
        ("etc/netplan/01.yaml", 'e: {match: {name: e*, "macaddress": "00:0D:3A:11:22:33"}}'),
        ("etc/systemd/network/10-eth0.link", "PermanentMACAddress=00:0d:3a:11:22:33"),
        ("etc/network/interfaces.d/eth0", "    hwaddress ether 00:0d:3a:11:22:33"),
    ],
)
def test_leftovers_of_the_build_machine_are_found_by_line(
    tmp_path: Path, path: str, line: str
) -> None:
    """Every form of a pinned address is found, and a comment is not."""
    assert findings(tmp_path, {**LINUX, path: f"\n{line}\n"}) == [("pinned-mac", f"{path}:2")]
    assert findings(tmp_path, {path: f"\n# {line}\n"}) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("etc/netplan/99-hyperv-net.yaml", 'e: {macaddress: "00:0d:3a:11:22:33"}'),
        ("etc/systemd/network/05-hyperv-net-vf.network", "[Match]\nMACAddress=00:0d:3a:11:22:33"),
    ],
)
def test_a_file_that_apply_wrote_is_taken_back_by_it_and_not_removed_by_hand(
    tmp_path: Path, path: str, line: str
) -> None:
    for text, hint in ((FROM_CONFIG, "apply --rollback"), ("", "remove the file, or the line")):
        put(tmp_path, path, f"{text}{line}\n")
        for name, content in LINUX.items():
            put(tmp_path, name, content)
        (finding,) = lint(tmp_path)
        assert finding.rule == "pinned-mac" and hint in finding.hint


def test_the_addresses_of_the_machine_that_the_root_is_for_are_no_leftovers(
    tmp_path: Path,
) -> None:
    """A plan knows its NICs; another card's address is still one of another machine."""
    path = "etc/netplan/50-cloud-init.yaml"
    findings(tmp_path, {**LINUX, path: "a: {macaddress: 00:0D:3A:11:22:33}\n"})
    own, other = (
        Machine(System.LINUX, frozenset([f"00:0d:3a:11:22:{last}"]), frozenset())
        for last in ("33", "44")
    )
    assert lint(tmp_path, machine=own) == ()
    assert [at_line(one.where) for one in lint(tmp_path, machine=other)] == [f"{path}:1"]


def test_where_the_machine_is_known_only_its_own_synthetic_nics_are_looked_for(
    tmp_path: Path,
) -> None:
    """Whatever they are called; eth5 is no NIC of a pair there."""
    rules = "iifname eth5\niifname lan0\niifname lan01\n"
    findings(tmp_path, {**LINUX, "etc/nftables.conf": rules})
    machine = Machine(System.LINUX, frozenset(), frozenset(["lan0"]))
    assert [at_line(one.where) for one in lint(tmp_path, machine=machine)] == [
        "etc/nftables.conf:2"
    ]
    assert lint(tmp_path, machine=Machine(System.LINUX, frozenset(), frozenset())) == ()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("etc/pf.conf", 'ext_if = "hn0"'),
        ("etc/ipfw.rules", "add allow ip from any to any via hn0"),
        ("usr/local/etc/keepalived/keepalived.conf", "  interface hn0 ! the wire"),
        ("etc/dhclient.conf", 'interface "hn0" {'),
        ("etc/sysctl.conf", "dev.hn0.x=1"),
    ],
)
def test_files_that_name_the_synthetic_nic_are_found_on_freebsd(
    tmp_path: Path, path: str, line: str
) -> None:
    """Where an aggregate stands in for hn0, a file that names hn0 speaks of the wrong NIC."""
    found = findings(tmp_path, {**FREEBSD, path: f"# hn0\n{line}\n"})
    expected = [] if path == "etc/sysctl.conf" else [("names-the-synthetic-nic", f"{path}:2")]
    assert found == expected


def test_a_comment_of_keepaliveds_own_kind_names_nothing(tmp_path: Path) -> None:
    """`!` begins one there, and negates in pf.conf."""
    tree = {**LINUX, "etc/keepalived/keepalived.conf": "! interface eth0\n"}
    assert findings(tmp_path / "linux", tree) == []
    tree = {**FREEBSD, "etc/pf.conf": "block in on ! hn0\n"}
    assert findings(tmp_path / "freebsd", tree) == [("names-the-synthetic-nic", "etc/pf.conf:1")]


def test_start_if_files_and_linux_firewalls_count_as_well(tmp_path: Path) -> None:
    """A start_if.hn0 is found by its name, a firewall by its line."""
    freebsd, linux = tmp_path / "freebsd", tmp_path / "linux"
    assert findings(freebsd, {**FREEBSD, "etc/start_if.hn0": "ifconfig hn0 up\n"}) == [
        ("names-the-synthetic-nic", "etc/start_if.hn0")
    ]
    rules = "table inet filter {\n iifname eth0 accept\n}\n"
    sysctl = "net.ipv4.conf.eth0.rp_filter = 1\n"
    tree = {**LINUX, "etc/nftables.conf": rules, "etc/sysctl.d/10.conf": sysctl}
    assert findings(linux, tree) == [
        ("names-the-synthetic-nic", "etc/nftables.conf:2"),
        ("names-the-synthetic-nic", "etc/sysctl.d/10.conf:1"),
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("etc/jail.conf", 'a { ip4.addr = "hn0|10.0.0.30/32"; }'),
        ("etc/jail.conf.d/a.conf", 'interface = "hn0";'),
        ("etc/jail.www.conf", 'vnet.interface = "hn0";'),
        ("usr/local/bastille/jails/a/jail.conf", "interface = hn0;"),
        ("zroot/iocage/jails/a/config.json", '"ip4_addr": "hn0|10.0.0.30/24",'),
        ("zroot/vm/.config/system.conf", 'ports_public="hn0"'),
        ("etc/ppp/ppp.conf", " set device PPPoE:hn0"),
        ("etc/natd.conf", "interface hn0"),
        ("etc/ipf.rules", "pass in on hn0 all"),
        ("etc/ipnat.rules", "map hn0 10.0.0.0/8 -> 0/32"),
        ("etc/snmpd.config", 'begemotIf = "hn0"'),
        ("usr/local/etc/ospfd.conf", "interface hn0"),
        ("usr/local/etc/frr/frr.conf", "interface hn0"),
        ("usr/local/etc/bird.conf", 'interface "hn0";'),
        ("usr/local/etc/dhcpd6.conf", "option hn0"),
        ("usr/local/etc/kea/kea-dhcp4.conf", '"interfaces": ["hn0"]'),
        ("etc/devd/carp.conf", 'match "subsystem" "[0-9]+@hn0";'),
        ("etc/rc.local", "ifconfig hn0 alias 10.0.0.9/32"),
    ],
)
def test_whatever_of_freebsd_names_a_synthetic_nic_is_found(
    tmp_path: Path, path: str, line: str
) -> None:
    found = findings(tmp_path, {**FREEBSD, path: f"\n{line}\n"})
    assert ("names-the-synthetic-nic", f"{path}:2") in found
    assert findings(tmp_path, {**FREEBSD, path: f"\n{line.replace('hn0', 'lagg0')}\n"}) == []


def test_what_is_no_more_than_a_comment_of_frr_is_not(tmp_path: Path) -> None:
    path = "usr/local/etc/frr/frr.conf"
    assert findings(tmp_path, {**FREEBSD, path: "! interface hn0\n"}) == []
