"""Targets without a renderer here: cloud-init's own gets the rewritten config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = pytest.mark.debian

PAIR = "hv-netvsc-on-virtio"
SYSCONFIG = "etc/sysconfig/network-scripts/ifcfg-"


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


def in_version_1() -> dict[str, Any]:
    """A pair below a bond and a bridge, with parameters that only version 1 has in cloud-init."""
    nic: dict[str, Any] = {"type": "physical", "name": "eth0", "mac_address": guests.MAC}
    ports = {"bridge_gcint": 2, "bridge_waitport": ["eth0 5"], "bridge_maxwait": 3}
    watched = {"bond-mode": "active-backup", "bond-arp-interval": 100}
    other = {"bond-arp-ip-target": ["10.0.0.1"], "bond-resend-igmp": 2}
    bridge: dict[str, Any] = {"type": "bridge", "name": "br0", "bridge_interfaces": ["bond0"]}
    bond: dict[str, Any] = {"type": "bond", "name": "bond0", "bond_interfaces": ["eth0"]}
    dhcp = {"subnets": [{"type": "dhcp4"}]}
    config = [
        nic,
        {**bond, "params": {**watched, **other}},
        {**bridge, "params": {"bridge_stp": True, "bridge_fd": 4, **ports}, **dhcp},
    ]
    return {"version": 1, "config": config}


@pytest.mark.parametrize("suite", SUITES)
def test_what_cloud_init_would_raise_for_is_not_passed_on(suite: str, tmp_path: Path) -> None:
    """Version 1's words for version 2's tables: what the plan shows is what the boot writes."""
    root = guests.linux(tmp_path, PAIR)
    result = run(suite, "render", root=str(root), config=in_version_1(), renderer="sysconfig")
    assert "ens17" in result["interfaces"], result["log"]
    written = "\n".join(text for text, _ in guests.written(root).values())
    assert "br0" in written
    assert "arp_ip_target=10.0.0.1" in written
