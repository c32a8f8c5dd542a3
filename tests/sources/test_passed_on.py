"""Targets without a renderer here: cloud-init's own gets the rewritten config."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = pytest.mark.debian

PAIR = "hv-netvsc-on-virtio"
BOND_FILE = "etc/systemd/network/98-hyperv-net-bond.link"
NETWORKD = "etc/systemd/network/10-cloud-init-"
NETWORK_MANAGER = "etc/NetworkManager/system-connections/cloud-init-"
SYSCONFIG = "etc/sysconfig/network-scripts/ifcfg-"


def test_networkd_gets_the_bond_with_both_members_where_it_can_make_one(tmp_path: Path) -> None:
    root = guests.linux(tmp_path, PAIR)
    result = run("sid", "render", root=str(root), config=guests.v2(), renderer="networkd")
    files = {path: text for path, (text, _) in guests.written(root).items()}
    assert "Kind=bond" in files[f"{NETWORKD}bond0.netdev"]
    assert "DHCP=ipv4" in files[f"{NETWORKD}bond0.network"]
    for member in ("eth0", "ens17"):
        assert "Bond=bond0" in files[f"{NETWORKD}{member}.network"]
        assert "DHCP=no" in files[f"{NETWORKD}{member}.network"]
    assert result["interfaces"] == ["eth0", "ens17", "bond0"]


@pytest.mark.parametrize("suite", [suite for suite in SUITES if suite != "sid"])
def test_networkd_keeps_the_stock_config_where_cloud_init_knows_no_bonds_for_it(
    suite: str, tmp_path: Path
) -> None:
    results = []
    for plugin in (False, True):
        root = guests.linux(tmp_path / str(plugin), PAIR)
        job = {"root": str(root), "config": guests.v2(), "renderer": "networkd"}
        result = run(suite, "render", **job, plugin=plugin)
        results.append(guests.written(root))
    assert results[0] == results[1]
    assert any("knows no bonds" in line for _, line in result["log"])


@pytest.mark.parametrize("suite", SUITES)
def test_network_manager_gets_the_bond_with_both_members(suite: str, tmp_path: Path) -> None:
    root = guests.linux(tmp_path, PAIR)
    job = {"root": str(root), "config": guests.v2(), "renderer": "network-manager"}
    run(suite, "render", **job)
    files = {path: text for path, (text, _) in guests.written(root).items()}
    assert "method=auto" in files[f"{NETWORK_MANAGER}bond0.nmconnection"]
    # No MAC is in it, and udev is told not to make one up.
    assert "OriginalName=bond0\n" in files[BOND_FILE]
    for member in ("eth0", "ens17"):
        assert "slave-type=bond" in files[f"{NETWORK_MANAGER}{member}.nmconnection"]


@pytest.mark.parametrize("suite", SUITES)
def test_sysconfig_gets_the_bond_with_both_members(suite: str, tmp_path: Path) -> None:
    root = guests.linux(tmp_path, PAIR)
    run(suite, "render", root=str(root), config=guests.v2(), renderer="sysconfig")
    files = {path: text for path, (text, _) in guests.written(root).items()}
    assert "primary=ens17" in files[f"{SYSCONFIG}bond0"]
    assert "BOOTPROTO=dhcp" in files[f"{SYSCONFIG}bond0"]
    for member in ("eth0", "ens17"):
        assert "MASTER=bond0" in files[f"{SYSCONFIG}{member}"]
    rules = files["etc/udev/rules.d/70-persistent-net.rules"]
    assert 'DRIVERS=="hv_netvsc"' in rules


@pytest.mark.parametrize("suite", SUITES)
def test_what_the_stock_renderer_cannot_do_with_it_ends_in_the_stock_config(
    suite: str, tmp_path: Path
) -> None:
    results = []
    for fault in ("", "hyperv_net.sources.stand_in:_try_out"):
        root = guests.linux(tmp_path / str(bool(fault)), PAIR)
        job = {"root": str(root), "config": guests.v2(), "renderer": "sysconfig"}
        run(suite, "render", **job, plugin=bool(fault), broken=fault)
        results.append(guests.written(root))
    assert results[0] == results[1]
