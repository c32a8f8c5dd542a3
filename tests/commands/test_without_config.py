"""Verbs on a machine that says nothing of its network, or of whose network nothing shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Inventory
from hyperv_net.renderers import targets
from tests.building import NEW_KERNEL, OLD_KERNEL, freebsd, hn, linux, mce, nic, synthetic, vf
from tests.commands.calling import Capture, error_of

STOCK_FREEBSD = {"etc/rc.conf": 'ifconfig_hn0="SYNCDHCP"\n', "bin/freebsd-version": ""}
NETWORKD = {"usr/lib/systemd/systemd-networkd": ""}
TRANSPARENT = [
    pytest.param(freebsd(hn(), mce(), transparent=True), STOCK_FREEBSD, "hn(4)", id="hn and VF"),
    pytest.param(freebsd(hn(), transparent=True), STOCK_FREEBSD, "hn(4)", id="hn alone"),
    pytest.param(
        linux(synthetic(), vf(master="eth0"), kernel=NEW_KERNEL),
        {"etc/netplan/": ""},
        "the kernel has made eth0 the master",
        id="netplan without a file",
    ),
    pytest.param(
        linux(synthetic(), vf(master="eth0"), synthetic(1), kernel=NEW_KERNEL),
        NETWORKD,
        "the kernel has made eth0 the master",
        id="networkd",
    ),
    pytest.param(
        linux(vf(device="/sys/devices/VMBUS:00/x/pci0"), kernel=NEW_KERNEL),
        NETWORKD,
        "an ordinary NIC",
        id="a VF alone",
    ),
]


def machine(inventory: Inventory, files: dict[str, str], tmp_path: Path) -> list[str]:
    """The options for this machine, with these files below its root (`…/`: a directory)."""
    root = tmp_path / "root"
    root.mkdir()
    for name, text in files.items():
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text(text)
    (tmp_path / "inventory.json").write_text(to_json(inventory))
    return ["--inventory", str(tmp_path / "inventory.json"), "--root", str(root)]


@pytest.mark.parametrize(("inventory", "files", "because"), TRANSPARENT)
def test_where_no_pair_needs_an_aggregate_no_network_config_is_needed(
    inventory: Inventory, files: dict[str, str], because: str, tmp_path: Path, capsys: Capture
) -> None:
    options = machine(inventory, files, tmp_path)
    assert main(["plan", *options]) == 0
    out = capsys.readouterr().out
    assert because in out
    assert "no pair needs an aggregate" in out and "cloud-init" not in out
    assert main(["render", *options]) == 0
    assert main(["apply", *options]) == 0
    capsys.readouterr()
    assert main(["apply", *options]) == 0
    assert capsys.readouterr().out.startswith("nothing to do")
    assert main(["plan", *options, "--check"]) == 0


def test_always_on_a_pair_of_the_kernels_says_so_and_not_that_a_config_is_missing(
    tmp_path: Path, capsys: Capture
) -> None:
    options = machine(freebsd(hn(), mce(), transparent=True), STOCK_FREEBSD, tmp_path)
    assert main(["plan", *options, "--aggregate", "always"]) == 1
    assert "set hw.hn.vf_transparent=0 in loader.conf" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param({"etc/netplan/": ""}, "for eth0 (", id="netplan"),
        pytest.param(
            {"usr/sbin/NetworkManager": ""},
            "for eth0 (",
            id="NetworkManager",
        ),
        pytest.param(NETWORKD, "for eth0 (", id="networkd"),
    ],
)
def test_a_pair_that_needs_an_aggregate_is_named_with_what_is_missing(
    files: dict[str, str], says: str, tmp_path: Path, capsys: Capture
) -> None:
    options = machine(linux(synthetic(), vf(), kernel=OLD_KERNEL), files, tmp_path)
    line = error_of(["plan", *options], capsys)
    assert "no network config found below" in line and says in line
    assert "--network-config FILE" in line


def test_without_a_pair_a_missing_config_is_still_an_error(tmp_path: Path, capsys: Capture) -> None:
    """Nothing was looked at, which is not the same as all being well."""
    options = machine(linux(nic("eth0"), kernel=NEW_KERNEL), {"etc/netplan/": ""}, tmp_path)
    assert "no synthetic NIC and no network config found" in error_of(["plan", *options], capsys)


@pytest.mark.parametrize("root", [True, False])
def test_where_nothing_shows_the_target_the_hint_names_them_all(
    root: bool, tmp_path: Path, capsys: Capture
) -> None:
    pair = linux(synthetic(), vf(), kernel=OLD_KERNEL)
    options = machine(pair, {}, tmp_path)
    line = error_of(["plan", *(options if root else options[:2])], capsys)
    for target in targets(pair.system):
        assert f"--target {target.name}" in line
    assert ("--root DIR" in line) is not root


@pytest.mark.parametrize(
    ("target", "files"),
    [
        ("netplan", {"etc/netplan/1.yaml": "network: {ethernets: {eth0: {dhcp4: true}}}\n"}),
        ("networkd", {"etc/systemd/network/9.network": "[Match]\nName=e*\n[Network]\nDHCP=yes\n"}),
    ],
)
def test_a_configuration_that_was_found_stays_where_no_pair_needs_an_aggregate(
    target: str, files: dict[str, str], tmp_path: Path, capsys: Capture
) -> None:
    """Nobody says that cloud-init has written it, or will."""
    transparent = linux(synthetic(), vf(master="eth0"), kernel=NEW_KERNEL)
    assert main(["plan", *machine(transparent, files, tmp_path), "--target", target]) == 0
    assert "no pair needs an aggregate: the configuration stays" in capsys.readouterr().out
