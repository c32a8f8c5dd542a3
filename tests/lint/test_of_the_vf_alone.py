"""Files that fit the VF of a card, and not its synthetic NIC."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.decision.claims import cards
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.lint import lint
from hyperv_net.lint.both_nics import of_machine
from hyperv_net.lint.image import Machine
from hyperv_net.model import Finding, Nic, System
from tests.building import NEW_KERNEL, OLD_KERNEL, decided, linux, mac, synthetic, vf
from tests.files import put

RULES = "etc/udev/rules.d/70-persistent-net.rules"
NETWORKD = "networkd gives the VF a configuration of its own"

#: Path, text, line, what it does.
ALONE = {
    "a .network file by the VF's kind of name": (
        "etc/systemd/network/10-lan.network",
        "[Match]\nName=en*\n[Network]\nDHCP=yes\n",
        2,
        NETWORKD,
    ),
    "all-en of Debian's netplan": (
        "etc/netplan/90-default.yaml",
        "network:\n  version: 2\n  ethernets:\n    all-en:\n      match: {name: en*}\n"
        "      dhcp4: true\n      dhcp6: true\n",
        "4:5",
        NETWORKD,
    ),
    "a rule for udev that brings it up": (
        RULES,
        'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="mlx5_core", RUN+="/sbin/ifup $name"\n',
        1,
        "ifup brings the VF up by itself",
    ),
}


def said(root: Path, *nics: Nic, kernel: str) -> list[Finding]:
    """What status says, which is what lint says with such a machine."""
    decisions = decided(linux(*nics, kernel=kernel)).decisions
    machine = Machine(System.LINUX, frozenset([mac()]), frozenset(), cards(decisions))
    found = [one for one in lint(root, machine=machine) if one.rule == "fits-the-vf"]
    assert sorted(found) == sorted(of_machine(root, decisions))
    return found


@pytest.mark.parametrize("case", ALONE)
@pytest.mark.parametrize("kernel", [NEW_KERNEL, OLD_KERNEL])
def test_a_file_for_the_vf_alone_is_told_of_with_what_it_does(
    kernel: str, case: str, tmp_path: Path
) -> None:
    path, text, line, does = ALONE[case]
    put(tmp_path, path, text)
    (found,) = said(tmp_path, synthetic(), vf(), kernel=kernel)
    assert str(found.where).startswith(f"{path}:{line}")
    assert found.message == f"it fits enP0s1, of one card with eth0: {does}"
    assert found.hint == "leave the VF out of it: what eth0 has is for both"


@pytest.mark.parametrize("case", ALONE)
def test_it_is_told_of_while_the_vf_is_away(case: str, tmp_path: Path) -> None:
    path, text, _, does = ALONE[case]
    put(tmp_path, path, text)
    (found,) = said(tmp_path, synthetic(), kernel=NEW_KERNEL)
    assert found.message.endswith(f", of one card with eth0: {does}")


@pytest.mark.parametrize(
    "rule",
    [
        """ACTION=="add", RUN+="/bin/sh -c 'ifup $name'\"""",
        """ACTION=="add", RUN+="/bin/sh -c 'sleep 1;/sbin/ifup %k&'\"""",
        'ACTION=="add*", RUN{program}+="/sbin/dhclient -nw $name"',
        'ACTION=="change|a*d", RUN="/sbin/udhcpc -i %k"',
        'ACTION!="remove", RUN+="/bin/systemctl start dhcpcd@%k"',
        'ACTION=="add", TAG+="systemd", ENV{SYSTEMD_WANTS}+="dhcpcd@%k.service"',
        'ACTION=="add", TAG+="systemd", ENV{SYSTEMD_WANTS}="a.service ifup@$name.service"',
    ],
)
def test_a_program_is_found_wherever_a_rule_has_it_run(rule: str, tmp_path: Path) -> None:
    put(tmp_path, RULES, f'SUBSYSTEM=="net", DRIVERS=="mlx5_core", {rule}\n')
    (found,) = said(tmp_path, synthetic(), vf(), kernel=NEW_KERNEL)
    assert "brings the VF up by itself" in found.message


@pytest.mark.parametrize(
    "rule",
    [
        'ACTION=="remove*", RUN+="/sbin/ifup $name"',
        'ACTION!="a*", RUN+="/sbin/ifup $name"',
        'ACTION=="add", RUN+="/usr/lib/gifup $name"',
        'ACTION=="add", ENV{SYSTEMD_WANTS}=="dhcpcd@eth0.service"',
        'ACTION=="add", ENV{MINE}="ifup"',
    ],
)
def test_a_rule_that_runs_none_of_them_for_a_new_nic_is_passed_over(
    rule: str, tmp_path: Path
) -> None:
    put(tmp_path, RULES, f'SUBSYSTEM=="net", DRIVERS=="mlx5_core", {rule}\n')
    assert said(tmp_path, synthetic(), vf(), kernel=NEW_KERNEL) == []


def test_a_name_that_the_vf_alone_is_given_is_no_harm(tmp_path: Path) -> None:
    """It is where both would have it that one of them has none."""
    put(tmp_path, "etc/systemd/network/10-vf.link", "[Match]\nDriver=mlx5_core\n[Link]\nName=vf0\n")
    assert said(tmp_path, synthetic(), vf(), kernel=NEW_KERNEL) == []


@pytest.mark.parametrize("case", ALONE)
def test_of_a_machine_that_is_not_known_it_is_not_said(case: str, tmp_path: Path) -> None:
    """Its first boot writes what keeps the managers off its VFs."""
    path, text, *_ = ALONE[case]
    put(tmp_path, path, text)
    assert [one for one in lint(tmp_path) if one.rule == "fits-the-vf"] == []


@pytest.mark.parametrize("case", [*ALONE][:2])
def test_a_plan_whose_own_file_keeps_networkd_off_the_vf_does_not_say_it(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """05-hyperv-net-vf.network, since networkd takes the first file that fits."""
    path, text, *_ = ALONE[case]
    root = tmp_path / "root"
    put(root, path, text)
    put(root, "usr/sbin/netplan", "")
    put(tmp_path, "inventory.json", to_json(linux(synthetic(), vf(), kernel=NEW_KERNEL)))
    inputs = [f"--inventory={tmp_path}/inventory.json", f"--root={root}", "--target=netplan"]
    put(tmp_path, "nc.yaml", "version: 2\nethernets: {eth0: {dhcp4: true}}\n")
    config = f"--network-config={tmp_path}/nc.yaml"
    assert said(root, synthetic(), vf(), kernel=NEW_KERNEL) != []
    assert main(["plan", *inputs, config]) == 0
    shown = capsys.readouterr().out
    assert "+++ b/etc/systemd/network/05-hyperv-net-vf.network" in shown
    assert "fits-the-vf" not in shown
    assert main(["apply", *inputs, config]) == 0
    assert said(root, synthetic(), vf(), kernel=NEW_KERNEL) == []
