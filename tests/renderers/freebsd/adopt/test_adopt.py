"""Adoption of rc.conf, on files in the likeness of published ones.

`roots/` has what people write: quoting and spacing of every sort, ranges,
old-style VLANs, shell in between.  Of each file the same is shown.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Action, Inventory, Settings, Severity, System
from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from tests.at_line import at_line
from tests.commands.calling import Capture
from tests.renderers.freebsd.adopt.adopting import (
    ADOPTION,
    FILE,
    machine,
    pairs_in,
    planned,
    text_of,
)

FILES = [root / FILE for root in ADOPTION.roots]
ADDRESS = re.compile(r"(?<![0-9a-f.:])[0-9]+(?:\.[0-9]+){3}|[0-9a-f]*::[0-9a-f:]*")


def values(text: str) -> dict[str, str]:
    """The variables that a shell has after it has read the file."""
    shell = shutil.which("sh")
    assert shell is not None
    script = f"set -f\n{text}\nset"
    done = subprocess.run([shell, "-c", script], capture_output=True, text=True, env={}, check=True)
    found = dict(re.findall(r"^([A-Za-z_]\w*)='?(.*?)'?$", done.stdout, re.MULTILINE))
    return {name: value for name, value in found.items() if name in set(RcFile(text, "").names())}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parents[1].name)
def test_what_the_ledger_says_moved_is_what_moved_and_nothing_else_changed(path: Path) -> None:
    before = path.read_text()
    plan = planned(before, machine(pairs_in(path.read_text())))
    assert not [one for one in plan.findings if one.severity is Severity.ERROR]
    after = text_of(plan)
    was, now = values(before), values(after)
    told = {str(entry.source[0]): entry for entry in plan.ledger}
    assert told
    for entry in told.values():
        assert entry.action is not Action.DROPPED
        assert str(entry.result) == now[str(entry.to[0][0])]
        for (target,) in entry.to:
            assert str(target) in now
    ours = {name for name in now if RcFile(after, "").is_ours(name)}
    lists = {"cloned_interfaces"}
    for name, value in was.items():
        if name not in told and name not in lists:
            assert now[name] == value
    known = {str(target) for entry in told.values() for (target,) in entry.to}
    assert set(now) - set(was) - known <= ours
    assert set((was.get("cloned_interfaces") or "").split()) <= set(
        now["cloned_interfaces"].split()
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parents[1].name)
def test_no_address_no_comment_and_no_line_about_something_else_is_lost(path: Path) -> None:
    before = path.read_text()
    plan = planned(before, machine(pairs_in(path.read_text())))
    after = text_of(plan)
    assert set(ADDRESS.findall(before)) <= set(ADDRESS.findall(after))
    assert re.findall(r"#.*", before) == re.findall(r"#.*", after.split("# hyperv-net: begin")[0])
    told = {str(entry.source[0]) for entry in plan.ledger} | {"cloned_interfaces"}
    lines = iter(after.splitlines())
    for line in before.splitlines():
        if not any(name in line for name in told) and not line.startswith("\tmtu"):
            assert line in lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parents[1].name)
def test_no_setting_stays_on_a_member_and_a_second_adoption_changes_nothing(path: Path) -> None:
    pairs = pairs_in(path.read_text())
    plan = planned(path.read_text(), machine(pairs))
    after = text_of(plan)
    rc = RcFile(after, FILE)
    for unit in range(pairs):
        name = rc.value(f"ifconfig_hn{unit}_name") or f"hn{unit}"
        assert (rc.value(f"ifconfig_{name}") or "").split()[0] == "up"
        assert not ADDRESS.findall(rc.value(f"ifconfig_{name}") or "")
        assert f"laggport {name} laggport mce{unit}" in (rc.value(f"ifconfig_lagg{unit}") or "")
        assert rc.value(f"ifconfig_mce{unit}") == "NOAUTO"
        about = {one for one in rc.names() if re.search(rf"_{name}(_|\Z)", one)}
        assert about <= {f"ifconfig_{name}", f"ifconfig_{name}_ipv6"}
        assert rc.value(f"ifconfig_{name}_ipv6") in (None, "")
    more = {one.file.path: one.file.text for one in plan.changes}
    again = planned(after, machine(pairs), more)
    assert text_of(again) == after
    assert not [one.file.path for one in again.changes if one.differs]


EVERYTHING = {
    'ifconfig_hn0="inet 10.0.0.4/24 mtu 9000"': 'ifconfig_hn0="up mtu 9000"',
    'ifconfig_hn0_alias0="inet 10.0.0.5/32"': 'ifconfig_lagg0_alias0="inet 10.0.0.5/32"',
    'ifconfig_hn0_aliases="inet 10.0.0.6/32"': 'ifconfig_lagg0_aliases="inet 10.0.0.6/32"',
    'ifconfig_hn0_ipv6="inet6 2001:db8::4/64"': (
        'ifconfig_lagg0_ipv6="inet6 no_dad 2001:db8::4/64"'
    ),
    'ifconfig_hn0_descr="uplink"': 'ifconfig_lagg0_descr="uplink"',
    'ipv4_addrs_hn0="10.0.0.7-9/32"': 'ipv4_addrs_lagg0="10.0.0.7-9/32"',
    'ipv6_prefix_hn0="2001:db8:1:1"': 'ipv6_prefix_lagg0="2001:db8:1:1"',
    'vlans_hn0="5"': 'vlans_lagg0="5"',
    'ifconfig_hn0_5="DHCP"': 'ifconfig_lagg0_5="DHCP"',
    'dhclient_flags_hn0="-b"': 'dhclient_flags_lagg0="-b"',
    'background_dhclient_hn0="YES"': 'background_dhclient_lagg0="YES"',
    'static_routes_hn0="a"': 'static_routes_lagg0="a"',
    'static_routes="net:hn0 b"': 'static_routes="net:lagg0 b"',
    'route_net="-net 10.9.0.0/16 -iface hn0"': 'route_net="-net 10.9.0.0/16 -iface lagg0"',
    'route_b="10.8.0.0/16 10.0.0.1"': 'route_b="10.8.0.0/16 10.0.0.1"',
    'ipv6_defaultrouter="fe80::1%hn0"': 'ipv6_defaultrouter="fe80::1%lagg0"',
    'create_args_vlan9="vlan 9 vlandev hn0"': 'create_args_vlan9="vlan 9 vlandev lagg0"',
    'ipv6_network_interfaces="hn0 lo0"': 'ipv6_network_interfaces="lagg0 lo0"',
    'ipv6_default_interface="hn0"': 'ipv6_default_interface="lagg0"',
    'rtadvd_interfaces="hn0"': 'rtadvd_interfaces="lagg0"',
    'firewall_nat_interface="hn0"': 'firewall_nat_interface="lagg0"',
    'natd_interface="hn0"': 'natd_interface="lagg0"',
    'hostname="hn0"': 'hostname="hn0"',
    'defaultrouter="10.0.0.1"': 'defaultrouter="10.0.0.1"',
    'ifconfig_hn10="DHCP"': 'ifconfig_hn10="DHCP"',
}


def test_every_variable_that_is_about_the_nic_moves_in_its_line() -> None:
    plan = planned("\n".join(EVERYTHING) + "\n")
    lines = text_of(plan).split("\n\n# hyperv-net: begin")[0].splitlines()
    assert lines == list(EVERYTHING.values())
    assert 'ifconfig_lagg0="inet 10.0.0.4/24 laggproto failover laggport hn0 laggport mce0"' in (
        text_of(plan)
    )


def test_a_variable_it_does_not_know_stays_and_is_warned_of_where_it_names_the_nic() -> None:
    plan = planned('ifconfig_hn0="DHCP"\ndhcpd_ifaces="hn0"\nother="hn01"\n')
    assert 'dhcpd_ifaces="hn0"\n' in text_of(plan)
    (finding,) = [one for one in plan.findings if one.rule == "names-a-member"]
    assert at_line(finding.where) == "etc/rc.conf:2"
    assert finding.severity is Severity.WARNING


def test_the_name_a_nic_is_given_stays_and_is_nothing_to_be_warned_of() -> None:
    path = next(path for path in FILES if path.parents[1].name == "renamed")
    plan = planned(path.read_text())
    assert 'ifconfig_hn0_name="wan0"\n' in text_of(plan)
    assert not plan.findings


def test_an_alias_that_gets_another_number_is_told_where_it_is() -> None:
    text = (
        'ifconfig_hn0="inet 10.0.0.4/24"\n'
        'ifconfig_hn0_alias0="inet 10.0.0.5/32"\n'
        'ifconfig_lagg0_alias0="inet 10.0.0.6/32"\n'
    )
    plan = planned(text)
    told = {str(entry.source[0]): entry for entry in plan.ledger}
    assert told["ifconfig_hn0_alias0"].to == (("ifconfig_lagg0_alias1",),)
    assert told["ifconfig_hn0_alias0"].result == "inet 10.0.0.5/32"
    assert 'ifconfig_lagg0_alias1="inet 10.0.0.5/32"\n' in text_of(plan)


@pytest.mark.parametrize("quote", ["'", '\\"'])
def test_a_description_of_several_words_gets_a_variable_of_its_own(quote: str) -> None:
    """On the line its words would be evaluated twice; a second adoption keeps it."""
    line = f'ifconfig_hn0="inet 10.0.0.4/24 description {quote}to the core{quote} mtu 9000"\n'
    once = text_of(planned(line))
    assert 'ifconfig_lagg0_descr="to the core"\n' in once
    assert 'ifconfig_lagg0="inet 10.0.0.4/24 laggproto failover' in once
    assert 'ifconfig_hn0="up mtu 9000"\n' in once
    assert text_of(planned(once)) == once
    assert not [one for one in planned(line).findings if one.rule == "rc-conf-replaced"]


def test_a_description_that_has_a_variable_already_is_that_one() -> None:
    line = 'ifconfig_hn0="DHCP description \'a b\'"\nifconfig_hn0_descr="c d"\n'
    text = text_of(planned(line))
    assert 'ifconfig_lagg0_descr="c d"\n' in text
    assert "a b" not in text


@pytest.mark.parametrize("value", ["description 'a $(b)'", "description 'a b", "vhid 5 pass x"])
def test_words_that_are_not_carried_over_are_told_by_the_ledger(value: str) -> None:
    plan = planned(f'ifconfig_hn0="inet 10.0.0.4/24 {value.replace("$", chr(92) + "$")}"\n')
    (entry,) = plan.ledger
    shown = value.replace("pass x", "pass (hidden)")
    assert entry.reason == f"{shown!r} is not understood and left out"
    assert [one.rule for one in plan.findings if one.severity is Severity.WARNING]


def test_what_an_earlier_adoption_put_into_its_block_is_no_setting_of_theirs() -> None:
    once = text_of(planned('ifconfig_DEFAULT="DHCP"\n'))
    assert 'ifconfig_hn0="up"\n' in once
    assert "ifconfig_hn0" not in {str(entry.source[0]) for entry in planned(once).ledger}


def test_settings_of_the_nic_in_a_later_file_are_an_error_since_they_would_be_lost() -> None:
    plan = planned(
        'ifconfig_hn0="DHCP"\n',
        more={"etc/rc.conf.local": 'ifconfig_hn0_alias0="inet 10.0.0.9/32"\n'},
    )
    (finding,) = [one for one in plan.findings if one.rule == "adopted-elsewhere"]
    assert at_line(finding.where) == "etc/rc.conf.local:1"
    assert finding.hint == "move it to etc/rc.conf"
    assert plan.failed


def test_an_image_that_names_no_nic_is_adopted_by_its_default_line() -> None:
    plan = planned('ifconfig_DEFAULT="DHCP"\n', machine(2))
    rc = RcFile(text_of(plan), FILE)
    assert "DHCP" in (rc.value("ifconfig_lagg0") or "")
    assert "DHCP" in (rc.value("ifconfig_lagg1") or "")
    assert [str(entry.source[0]) for entry in plan.ledger] == ["ifconfig_DEFAULT"]


@pytest.mark.parametrize(
    ("text", "inventory"),
    [
        ('hostname="a"\n', machine()),
        ('ifconfig_em0="DHCP"\n', machine()),
        ('ifconfig_hn0="DHCP"\n', machine(transparent=True)),
        ('ifconfig_hn0="DHCP"\n', Inventory(System.FREEBSD, "14.2", ())),
    ],
)
def test_where_nothing_of_a_pair_is_configured_there_is_nothing_to_adopt(
    text: str, inventory: Inventory
) -> None:
    assert load("freebsd").adopt({FILE: text}, inventory, Settings()) is None
    assert load("freebsd").adopt({}, inventory, Settings()) is None


def test_an_rc_conf_that_is_no_shell_script_is_an_error() -> None:
    with pytest.raises(HypervNetError, match=r"etc/rc\.conf"):
        planned('ifconfig_hn0="DHCP\n')


def test_of_two_pairs_only_the_one_that_is_configured_is_adopted() -> None:
    text = text_of(planned('ifconfig_hn1="DHCP"\n', machine(2)))
    assert "lagg1" in text
    assert "lagg0" not in text


def test_what_cloud_init_was_given_outranks_rc_conf_unless_it_is_told_to_stay_away(
    tmp_path: Path, capsys: Capture
) -> None:
    root, inventory = tmp_path / "root", tmp_path / "inventory.json"
    kept = root / "var/lib/cloud/instance/network-config.json"
    disabled = root / "usr/local/etc/cloud/cloud.cfg.d/99-disable.cfg"
    for path, text in (
        (root / FILE, 'ifconfig_hn0="inet 10.0.0.4/24"\n'),
        (kept, '{"version": 2, "ethernets": {"hn0": {"dhcp4": true}}}'),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    inventory.write_text(to_json(machine()))
    command = ["plan", "--root", str(root), "--inventory", str(inventory), "--format", "json"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["network_config"].endswith("network-config.json")
    disabled.parent.mkdir(parents=True)
    disabled.write_text("network: {config: disabled}\n")
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["network_config"] == FILE


def test_a_root_that_configures_nothing_is_told_so(tmp_path: Path, capsys: Capture) -> None:
    inventory = tmp_path / "inventory.json"
    inventory.write_text(to_json(machine()))
    assert main(["plan", "--root", str(tmp_path), "--inventory", str(inventory)]) == 1
    assert "no network config found below" in capsys.readouterr().err
