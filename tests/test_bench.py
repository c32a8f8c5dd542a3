"""What is measured is the real thing: the machines have pairs, and both sides find them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import bench
from bench.machines import network_config, write_machine
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.netconfig import read_network_config

SCRIPT = Path(bench.__file__).with_name("bondvf_way.sh")


def pairs_of(root: Path) -> set[tuple[str, str]]:
    """The pairs that hyperv-net finds: names of synthetic NIC and VF."""
    found = find_pairs(read_sysfs(root), ("hv_netvsc",)).pairs
    return {(pair.synthetic.name, pair.vf.name) for pair in found if pair.synthetic and pair.vf}


def test_a_machine_has_as_many_pairs_as_asked_for(tmp_path: Path) -> None:
    write_machine(tmp_path, 3)
    assert pairs_of(tmp_path) == {("eth0", "enP1s2"), ("eth1", "enP2s2"), ("eth2", "enP3s2")}


def test_the_network_config_has_an_entry_for_every_synthetic_nic() -> None:
    config = read_network_config(network_config(3), "network-config.yaml")
    ethernets = config.tree.get("ethernets")
    assert ethernets and [key for key, _ in ethernets.items()] == ["eth0", "eth1", "eth2"]


def test_the_way_of_bondvf_finds_the_same_pairs(tmp_path: Path) -> None:
    write_machine(tmp_path, 3)
    for attributes in ("", "all"):
        subprocess.run(["bash", SCRIPT, tmp_path, tmp_path / "out", attributes], check=True)
        text = (tmp_path / "out").read_text()
        members = re.findall(r"^iface (e\w+) inet manual$", text, re.MULTILINE)
        assert set(zip(members[::2], members[1::2])) == pairs_of(tmp_path)
