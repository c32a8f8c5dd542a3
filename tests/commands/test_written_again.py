"""A file that cloud-init writes again: who owns it next is said, or nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.applying.disk import snapshot
from tests.commands.calling import NETPLAN, TRANSPARENT, Capture
from tests.files import put

NETPLANS = "network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n"
INTERFACES = "auto eth0\niface eth0 inet dhcp\n"
OFF = "network: {config: disabled}\n"


def arguments(root: Path, target: str) -> list[str]:
    inventory = ["--inventory", str(NETPLAN / "inventory.json"), "--root", str(root)]
    return [*inventory, "--target", target, "--synthetic-driver", "virtio_net"]


def machine(root: Path, target: str, suffix: str = "") -> Path:
    put(root, "usr/bin/cloud-init", "")
    if target == "netplan":
        put(root, "etc/netplan/50-cloud-init.yaml", NETPLANS)
    else:
        put(root, "etc/network/interfaces", "source /etc/network/interfaces.d/*\n")
        put(root, f"etc/network/interfaces.d/50-cloud-init{suffix}", INTERFACES)
    return root


@pytest.mark.parametrize(
    ("target", "suffix"), [("netplan", ""), ("ifupdown", ""), ("ifupdown", ".cfg")]
)
def test_apply_refuses_to_edit_what_cloud_init_writes_again(
    target: str, suffix: str, tmp_path: Path, capsys: Capture
) -> None:
    """The last is the name in Ubuntu 16.04's images."""
    root = machine(tmp_path, target, suffix)
    before = snapshot(root)
    assert main(["plan", *arguments(root, target)]) == 0
    assert "[written-again]" in capsys.readouterr().out
    assert main(["apply", *arguments(root, target)]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "50-cloud-init" in said and "cloud-init writes it again at a next boot" in said
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("etc/cloud/cloud.cfg.d/99-off.cfg", OFF),
        ("etc/cloud/cloud-init.disabled", ""),
        ("proc/cmdline", "root=/dev/sda1 network-config=disabled\n"),
        ("proc/cmdline", "cloud-init=disabled\n"),
        ("etc/cloud/cloud.cfg.d/90-ours.cfg", "datasource_pkg_list: [hyperv_net.sources]\n"),
    ],
)
def test_it_edits_what_cloud_init_leaves_or_writes_with_hyperv_net_in_it(
    path: str, text: str, tmp_path: Path, capsys: Capture
) -> None:
    root = machine(tmp_path, "netplan")
    put(root, path, text)
    assert main(["apply", *arguments(root, "netplan")]) == 0
    assert "bond0" in (root / "etc/netplan/00-hyperv-net.yaml").read_text()


def test_without_cloud_init_the_file_is_as_any_other(tmp_path: Path) -> None:
    root = machine(tmp_path, "netplan")
    (root / "usr/bin/cloud-init").unlink()
    assert main(["apply", *arguments(root, "netplan")]) == 0


def test_a_file_of_somebody_elses_is_no_business_of_cloud_inits(tmp_path: Path) -> None:
    root = machine(tmp_path, "netplan")
    (root / "etc/netplan/50-cloud-init.yaml").rename(root / "etc/netplan/60-mine.yaml")
    assert main(["apply", *arguments(root, "netplan")]) == 0


@pytest.mark.parametrize(
    ("first_line", "is_told"),
    [
        ("", True),
        ("# This file is generated from information provided by the datasource.  Changes\n", False),
        ("# Made by hyperv-net from this machine's network config.\n", False),
    ],
)
def test_a_file_that_somebody_edited_and_cloud_init_writes_again_is_told_of(
    first_line: str, is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    """Where nothing in it has to change: the pair is the kernel's."""
    root = machine(tmp_path, "netplan")
    put(root, "etc/netplan/50-cloud-init.yaml", first_line + NETPLANS)
    inventory = ["--inventory", str(TRANSPARENT / "inventory.json"), "--root", str(root)]
    assert main(["plan", *inventory, "--target", "netplan"]) == 0
    said = capsys.readouterr().out
    assert ("[written-again]" in said) is is_told
    put(root, "etc/cloud/cloud-init.disabled")
    assert main(["plan", *inventory, "--target", "netplan"]) == 0
    assert "[written-again]" not in capsys.readouterr().out
