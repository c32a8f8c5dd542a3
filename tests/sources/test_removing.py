"""What an earlier boot has left behind goes at the next first boot that does not make it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.applying.writing import apply_files
from hyperv_net.marks import FROM_CONFIG, FROM_PAIRS
from hyperv_net.model import Change, RenderedFile, Settings, Severity
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.sources.removing import remove_left_behind
from tests.building import linux, synthetic
from tests.files import put
from tests.sources import guests
from tests.sources.cloud import SUITES, run

E = "etc/systemd/network"
NM = "etc/NetworkManager/system-connections"
OURS = {
    "networkd": (f"{E}/06-hyperv-net-bond0.netdev", f"{E}/06-hyperv-net-eth9.network"),
    "network-manager": (f"{NM}/cloud-init-bond0.nmconnection", f"{NM}/cloud-init-x.nmconnection"),
    "netplan": ("etc/netplan/99-hyperv-net.yaml",),
}
THEIRS = {
    "networkd": f"{E}/10-lan.network",
    "network-manager": f"{NM}/lan.nmconnection",
    "netplan": "etc/netplan/10-lan.yaml",
}
with_each = pytest.mark.parametrize("target", OURS)
PAIR = "hv-netvsc-on-virtio"


def left(root: Path, target: str) -> None:
    for path in OURS[target]:
        put(root, path, f"{FROM_CONFIG}\n[NetDev]\nName=x\n")
    put(root, THEIRS[target], "# by hand\n")


@with_each
def test_what_is_ours_and_made_no_more_is_removed(target: str, tmp_path: Path) -> None:
    left(tmp_path, target)
    first, *others = OURS[target]
    assert remove_left_behind(tmp_path, load(target), [first]) == tuple(sorted(others))
    assert (tmp_path / first).exists() and (tmp_path / THEIRS[target]).exists()
    assert remove_left_behind(tmp_path, load(target), ()) == (first,)
    assert remove_left_behind(tmp_path, load(target), ()) == ()


def test_what_keeps_networkd_off_vfs_and_what_cloud_init_writes_again_stay(
    tmp_path: Path,
) -> None:
    put(tmp_path, f"{E}/05-hyperv-net-vf.network", f"{FROM_PAIRS}[Match]\n")
    put(tmp_path, "usr/lib/systemd/network/06-x.network", f"{FROM_CONFIG}[Match]\n")
    assert remove_left_behind(tmp_path, load("networkd"), ()) == ()
    put(tmp_path, "etc/netplan/50-cloud-init.yaml", FROM_CONFIG)
    assert remove_left_behind(tmp_path, load("netplan"), ()) == ()


def test_what_apply_has_recorded_stays(tmp_path: Path) -> None:
    first, other = OURS["networkd"]
    put(tmp_path, other, f"{FROM_CONFIG}[Match]\n")
    target = load("networkd")
    change = Change(RenderedFile(first, f"{FROM_CONFIG}[NetDev]\n"), None)
    apply_files(tmp_path, target.system, [change])
    assert remove_left_behind(tmp_path, target, ()) == (other,)
    assert (tmp_path / first).exists()


@pytest.mark.parametrize("is_first_boot", [True, False])
@with_each
def test_the_plan_of_a_first_boot_tells_it_and_another_is_in_error(
    target: str, is_first_boot: bool
) -> None:
    existing = dict.fromkeys(OURS[target], f"{FROM_CONFIG}[Match]\n")
    config = read_network_config("version: 2\nethernets:\n  eth0: {dhcp4: true}\n", "config")
    machine, settings = linux(synthetic(1)), Settings()
    plan = make_plan(machine, config, settings, load(target), existing, is_first_boot=is_first_boot)
    told = {(one.rule, one.severity, str(one.where)) for one in plan.findings}
    expected: Any = ("left-behind", Severity.NOTE)
    if not is_first_boot:
        expected = ("leftover", Severity.ERROR)
    assert {(*expected, path) for path in existing} <= told
    assert plan.failed is not is_first_boot


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("renderer", ["networkd", "network-manager"])
@pytest.mark.parametrize("needs_aggregate", [True, False])
def test_a_captured_image_boots_without_the_bond_of_another_machine(
    suite: str, renderer: str, needs_aggregate: bool, tmp_path: Path
) -> None:
    root = guests.linux(tmp_path, PAIR, "" if needs_aggregate else "aggregate: never")
    left(root, renderer)
    result = run(suite, "render", root=str(root), config=guests.v2(), renderer=renderer)
    after = guests.written(root)
    of_bond, other = OURS[renderer]
    assert THEIRS[renderer] in after and other not in after
    assert (of_bond in after) is needs_aggregate
    gone = [line for _, line in result["log"] if "is gone" in line]
    assert len(gone) == (1 if needs_aggregate else 2)
