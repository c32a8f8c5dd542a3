"""What rc reads besides rc.conf is read as rc.subr does: taken over, or refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Action, Finding, Severity
from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.rc_conf.later import later_files, sourced
from hyperv_net.root.files import read_matching
from tests.at_line import at_line
from tests.commands.calling import Capture
from tests.files import put
from tests.paths import CHECKOUT
from tests.renderers.freebsd.adopt.adopting import FILE, machine, planned, text_of

RC = 'ifconfig_hn0="inet 10.0.0.8/24"\n'
LINE = 'ifconfig_hn0="inet 10.0.0.9/24"\n'


def errors(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.rule, at_line(one.where)) for one in findings if one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("rc", "path"),
    [
        (RC, "etc/rc.conf.d/network/hn0"),
        (RC, "etc/rc.conf.d/netif/90-net"),
        (RC, "etc/rc.conf.d/netif"),
        (RC, "usr/local/etc/rc.conf.d/netif/net"),
        (f"{RC}. /etc/rc.site\n", "etc/rc.site"),
        (f'{RC}[ -r "/etc/rc.site" ] && . "/etc/rc.site"\n', "etc/rc.site"),
        (f"site=/etc/rc.site\n{RC}. $site\n", "etc/rc.site"),
        (f"{RC}command . /etc/rc.site\n", "etc/rc.site"),
        (f'{RC}rc_conf_files="/etc/rc.conf /etc/rc.conf.local /etc/rc.site"\n', "etc/rc.site"),
        ('hostname="fb"\n', "etc/rc.conf.d/network/hn0"),
    ],
)
def test_a_nic_that_a_further_file_configures_is_refused_by_name(rc: str, path: str) -> None:
    """Once: that the line would undo ours as well is the same fault."""
    plan = planned(rc, more={path: f"# site\n{LINE}"})
    of_line = [one for one in errors(plan.findings) if one[1] == f"{path}:2"]
    assert of_line == [("adopted-elsewhere", f"{path}:2")]


@pytest.mark.parametrize(
    "line",
    [
        "setvar ifconfig_hn0 DHCP\n",
        ': ${ifconfig_hn0:="DHCP"}\n',
        'for n in 0 1; do eval "ifconfig_hn$n=DHCP"; done\n',
        'for nic in $nics; do eval "ifconfig_${nic}=DHCP"; done\n',
    ],
)
def test_a_nic_that_a_command_of_a_further_file_configures_is_refused_too(line: str) -> None:
    plan = planned(RC, more={"etc/rc.conf.local": line})
    assert errors(plan.findings) == [("adopted-elsewhere", "etc/rc.conf.local:1")]


@pytest.mark.parametrize(
    "text",
    [
        "for f in /etc/rc.site.d/*; do . $f; done\n",
        ". $(cat /etc/which)\n",
        'eval "$(hostconfig)"\n',
        'rc_conf_files="/etc/rc.conf $(ls /etc/site)"\n',
    ],
)
def test_what_only_the_shell_knows_to_be_read_is_an_error_that_names_the_line(text: str) -> None:
    assert errors(planned(RC + text).findings) == [("rc-conf-includes", f"{FILE}:2")]
    more = {"etc/rc.conf.d/network": text}
    assert errors(planned(RC, more=more).findings) == [
        ("rc-conf-includes", "etc/rc.conf.d/network:1")
    ]
    assert not errors(planned(RC, more={"etc/rc.conf.d/nginx": text}).findings)


def test_a_file_that_is_read_and_says_nothing_of_the_nics_or_is_not_there_is_no_matter() -> None:
    plan = planned(f"{RC}. /etc/rc.site\n", more={"etc/rc.site": 'sshd_enable="YES"\n'})
    assert not plan.findings
    assert not planned(f"{RC}[ -r /etc/rc.site ] && . /etc/rc.site\n").findings


VALUES = {
    'static_routes="a:hn0"': 'static_routes="a:lagg0"',
    'route_a="-net 10.9.0.0/16 -iface hn0"': 'route_a="-net 10.9.0.0/16 -iface lagg0"',
    'rtadvd_interfaces="hn0"': 'rtadvd_interfaces="lagg0"',
    'ipv6_defaultrouter="fe80::1%hn0"': 'ipv6_defaultrouter="fe80::1%lagg0"',
    'hostname="hn0"': 'hostname="hn0"',
}


@pytest.mark.parametrize(
    "path", ["etc/rc.conf.local", "etc/rc.conf.d/routing", "etc/rc.conf.d/routing/site"]
)
def test_values_that_name_the_nic_in_a_later_file_are_rewritten_there(path: str) -> None:
    plan = planned(RC, more={path: "\n".join(VALUES) + "\n"})
    assert not errors(plan.findings)
    (file,) = [one.file for one in plan.changes if one.file.path == path]
    assert file.text.splitlines() == list(VALUES.values())
    assert file.in_place
    told = {str(one.source[0]): one for one in plan.ledger}
    assert told["route_a"].action is Action.REWRITTEN
    assert told["route_a"].places == (f"{path}: route_a",)
    after = {one.file.path: one.file.text for one in plan.changes if one.file.path != path}
    again = planned(after[FILE], more={path: file.text})
    assert not [one for one in again.changes if one.file.path == path and one.differs]


def test_a_value_that_names_the_nic_and_cannot_be_rewritten_is_named() -> None:
    more = {"etc/rc.conf.local": 'route_a="$(net) -iface hn0"\nsnmpd_flags="-i hn0"\n'}
    found = [one for one in planned(RC, more=more).findings if one.rule == "names-a-member"]
    assert [(one.severity, at_line(one.where)) for one in found] == [
        (Severity.ERROR, "etc/rc.conf.local:1"),
        (Severity.WARNING, "etc/rc.conf.local:2"),
    ]


def test_a_list_of_a_later_file_that_undoes_ours_is_an_error() -> None:
    plan = planned(RC, more={"etc/rc.conf.local": 'cloned_interfaces="bridge0"\n'})
    assert errors(plan.findings) == [("rc-conf-overridden", "etc/rc.conf.local:1")]


def test_of_one_line_that_says_two_things_both_are_told() -> None:
    plan = planned(RC, more={"etc/rc.conf.local": f'{LINE.rstrip()}; cloned_interfaces="tap0"\n'})
    assert sorted(errors(plan.findings)) == [
        ("adopted-elsewhere", "etc/rc.conf.local:1"),
        ("rc-conf-overridden", "etc/rc.conf.local:1"),
    ]


def test_a_default_line_in_a_later_file_is_not_lost() -> None:
    plan = planned('hostname="fb"\n', more={"etc/rc.conf.local": 'ifconfig_DEFAULT="DHCP"\n'})
    assert errors(plan.findings) == [("adopted-elsewhere", "etc/rc.conf.local:1")]


def test_files_come_in_the_order_of_rc_subr() -> None:
    existing = dict.fromkeys(
        (
            *("usr/local/etc/rc.conf.d/netif", "etc/rc.conf.d/netif/a", "etc/rc.conf.d/network"),
            *("etc/rc.conf.local", "etc/rc.site", "etc/pf.conf", FILE),
        ),
        "",
    )
    existing[FILE] = ". /etc/rc.site\n"
    assert later_files(existing) == (
        *("etc/rc.site", "etc/rc.conf.local", "etc/rc.conf.d/network", "etc/rc.conf.d/netif/a"),
        "usr/local/etc/rc.conf.d/netif",
    )


def test_files_that_include_each_other_are_read_once() -> None:
    existing = {FILE: ". /etc/a\n", "etc/a": ". /etc/b\n", "etc/b": ". /etc/a\n. /etc/rc.conf\n"}
    assert sourced(existing) == {"etc/a", "etc/b", FILE}


def test_folders_and_included_files_are_found_below_a_root(tmp_path: Path, capsys: Capture) -> None:
    put(tmp_path, "root/etc/rc.conf", f"{RC}. /etc/rc.site\n")
    put(tmp_path, "root/etc/rc.site", LINE)
    put(tmp_path, "root/etc/rc.conf.d/network/hn0", LINE)
    assert "etc/rc.conf.d/network/hn0" in read_matching(tmp_path / "root", load("freebsd").reads)
    put(tmp_path, "inventory.json", to_json(machine()))
    options = [f"--inventory={tmp_path}/inventory.json", f"--root={tmp_path}/root"]
    assert main(["apply", *options]) == 1
    shown = capsys.readouterr().err
    assert "etc/rc.site:1" in shown
    assert "etc/rc.conf.d/network/hn0:1" in shown
    assert (tmp_path / "root/etc/rc.conf").read_text() == f"{RC}. /etc/rc.site\n"


def test_what_bake_has_netif_read_is_in_nobodys_way(tmp_path: Path) -> None:
    """It speaks of VFs that rc.conf does not name, by a name that only the shell knows."""
    root = CHECKOUT / "examples/image-freebsd/root"
    shutil.copytree(root, tmp_path / "root")
    assert main(["bake", "--root", str(tmp_path / "root")]) == 0
    (path,) = (tmp_path / "root/usr/local/etc/rc.conf.d").rglob("hyperv-net")
    at = str(path.relative_to(tmp_path / "root"))
    without, plan = planned(RC), planned(RC, more={at: path.read_text()})
    assert (text_of(plan), plan.findings) == (text_of(without), without.findings)
    read = "usr/local/libexec/hyperv-net/netif-vfs"
    more = {
        "etc/rc.conf.d/netif/hyperv-net": path.read_text(),
        read: (tmp_path / "root" / read).read_text(),
    }
    assert errors(planned(RC, more=more).findings) != []
