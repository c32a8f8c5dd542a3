"""`hyperv-net plan` and `render` as their user meets them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.building import NEW_KERNEL, linux, nic
from tests.commands.calling import (
    NETPLAN,
    TRANSPARENT,
    Capture,
    error_of,
    ethernet,
    example,
    with_config,
)
from tests.paths import EXAMPLES

COMPANIONS = (
    "var/lib/hyperv-net/wanted.json",
    "etc/udev/rules.d/70-hyperv-net-vf.rules",
    "etc/systemd/network/05-hyperv-net-vf.network",
)


@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
def test_check_is_status_2_until_the_files_are_there(target: str, tmp_path: Path) -> None:
    arguments = example(NETPLAN, "--target", target)
    assert main(["plan", *arguments, "--check"]) == 2
    assert main(["render", *arguments, "--output-dir", str(tmp_path)]) == 0
    arguments[arguments.index("--root") + 1] = str(tmp_path)
    options = ["--synthetic-driver", "virtio_net"]
    assert main(["plan", *arguments, *options, "--check"]) == 0


def test_a_transparent_pair_is_left_alone_with_a_reason(capsys: Capture) -> None:
    assert main(["plan", *example(TRANSPARENT), "--target", "netplan"]) == 0
    out = capsys.readouterr().out
    assert "transparent" in out
    assert "the kernel has made eth0 the master of" in out
    assert main(["render", *example(TRANSPARENT), "--target", "netplan"]) == 0
    captured = capsys.readouterr()
    written = [line.split()[1] for line in captured.out.splitlines() if line.startswith("==> ")]
    assert written == list(COMPANIONS)
    assert "no pair needs an aggregate: what cloud-init writes stands" in captured.err


def test_turned_off_nothing_is_rendered(capsys: Capture) -> None:
    """Not even for a pair that the kernel has taken."""
    assert main(["render", *example(TRANSPARENT), "--target", "netplan", "--disabled"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing is rendered" in captured.err


def test_the_json_plan_has_a_schema_and_the_text_of_every_file(capsys: Capture) -> None:
    assert main(["plan", *example(NETPLAN), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hyperv-net/plan/2"
    assert document["pairs"][0]["mode"] == "aggregate"
    assert [one["path"] for one in document["files"]] == [
        "etc/netplan/50-cloud-init.yaml",
        "etc/netplan/99-hyperv-net.yaml",
        *COMPANIONS[:2],
        "etc/systemd/network/05-hyperv-net-joined.network",
    ]
    assert [one["purpose"] for one in document["files"]] == [
        *["configuration"] * 2,
        *["machine"] * 3,
    ]


def test_the_diff_is_one_that_patch_takes(tmp_path: Path, capsys: Capture) -> None:
    folder = EXAMPLES / "azure-freebsd-mce"
    assert main(["plan", *example(folder), "--format", "diff"]) == 0
    diff = capsys.readouterr().out
    subprocess.run(["cp", "-r", f"{folder / 'root'}/.", tmp_path], check=True)
    subprocess.run(["patch", "-p1", "-s"], input=diff, text=True, cwd=tmp_path, check=True)
    assert main(["render", *example(folder), "--output-dir", str(tmp_path / "out")]) == 0
    rendered = tmp_path / "out" / "etc" / "rc.conf"
    assert (tmp_path / "etc" / "rc.conf").read_text() == rendered.read_text()


def test_what_an_earlier_run_left_behind_is_an_error_once_nothing_needs_it(
    tmp_path: Path, capsys: Capture
) -> None:
    folder = EXAMPLES / "azure-freebsd-mce"
    assert main(["render", *example(folder), "--output-dir", str(tmp_path)]) == 0
    arguments = example(EXAMPLES / "freebsd-transparent")
    arguments[arguments.index("--root") + 1] = str(tmp_path)
    capsys.readouterr()
    assert main(["plan", *arguments]) == 1
    assert "error: etc/rc.conf: an earlier run wrote this" in capsys.readouterr().out


def test_a_pair_that_nothing_speaks_of_is_not_said_to_need_nothing(
    tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet("{dhcp4: true}", "enp8s0"))
    options = with_config(file)
    machine = EXAMPLES / "linux-two-pairs-and-one" / "inventory.json"
    options[options.index("--inventory") + 1] = str(machine)
    assert main(["plan", *options]) == 0
    assert "no pair that needs an aggregate is configured" in capsys.readouterr().out


def test_a_part_of_a_setting_that_the_target_cannot_say_is_a_finding(
    tmp_path: Path, capsys: Capture
) -> None:
    """Stateful DHCPv6 is router advertisements and DHCPv6, for which there is no client here."""
    file = tmp_path / "network-config.yaml"
    subnet = "{type: ipv6_dhcpv6-stateful}"
    file.write_text(f"{{version: 1, config: [{{type: physical, name: hn0, subnets: [{subnet}]}}]}}")
    inventory = EXAMPLES / "azure-freebsd-mce" / "inventory.json"
    options = ["--inventory", str(inventory), "--network-config", str(file)]
    assert main(["plan", *options]) == 0
    assert "is not wholly in the result" in capsys.readouterr().out


OTHER = '{match: {macaddress: "00:0d:3a:99:99:99"}, dhcp4: true}'


@pytest.mark.parametrize("machine", ["azure-freebsd-mce", "freebsd-transparent"])
@pytest.mark.parametrize("settings", [OTHER, "{dhcp4: true}"], ids=["by MAC", "by name"])
def test_a_config_that_names_no_nic_of_the_machine_is_not_all_well(
    machine: str, settings: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet(settings, "eth7"))
    inventory = EXAMPLES / machine / "inventory.json"
    options = ["--inventory", str(inventory), "--network-config", str(file)]
    assert main(["plan", *options]) == 0
    out = capsys.readouterr().out
    first, last = out.splitlines()[0], out.splitlines()[-1]
    assert "the network config speaks of no NIC of this machine" in first and first in last
    assert "warning:" in out and "eth7" in out
    assert main(["plan", *options, "--check"]) == 1
    (tmp_path / "root").mkdir()
    assert main(["apply", *options, "--root", str(tmp_path / "root")]) == 1
    assert "speaks of no NIC of this machine, so nothing was written" in capsys.readouterr().err
    assert not list((tmp_path / "root").rglob("*.json"))


@pytest.mark.parametrize("verb", ["plan", "render"])
def test_a_config_of_another_machines_card_asks_for_that_machines_inventory(
    verb: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none is named, the machine is the one that this runs on: a reviewer's own."""
    laptop = linux(nic("eth0"), kernel=NEW_KERNEL)
    monkeypatch.setattr("hyperv_net.commands.machine.gather", lambda root: laptop)
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet(OTHER))
    line = error_of([verb, "--target", "netplan", "--network-config", str(file)], capsys)
    assert "ethernets.eth0.match.macaddress: no NIC here has the MAC address" in line
    assert "--inventory FILE" in line


def test_so_many_aggregates_can_be_expected(capsys: Capture) -> None:
    assert main(["plan", *example(NETPLAN), "--expect-aggregates", "1"]) == 0
    assert main(["plan", *example(NETPLAN), "--expect-aggregates", "1", "--check"]) == 2
    assert main(["plan", *example(NETPLAN), "--expect-aggregates", "2"]) == 1
    assert "the plan has 1 aggregate, and 2 were expected" in capsys.readouterr().out
    transparent = example(TRANSPARENT, "--target", "netplan")
    assert main(["plan", *transparent, "--expect-aggregates", "0"]) == 0
    assert main(["plan", *transparent, "--expect-aggregates", "1"]) == 1


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        pytest.param("azure-freebsd-mce", (0, 1, 1), id="a warning"),
        pytest.param("linux-transparent", (0, 0, 0), id="nothing"),
        pytest.param("three-same-mac", (1, 1, 1), id="an error"),
    ],
)
def test_findings_fail_a_plan_from_the_severity_that_is_given(
    name: str, statuses: tuple[int, ...], capsys: Capture
) -> None:
    options = example(EXAMPLES / name)
    if not name.startswith("azure-freebsd"):
        options += ["--target", "netplan"]
    found = [main(["plan", *options, "--fail-on", one]) for one in ("error", "warning", "note")]
    assert tuple(found) == statuses
    capsys.readouterr()
