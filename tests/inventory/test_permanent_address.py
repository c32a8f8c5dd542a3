"""Linux: the address that a card was made with, whatever it has now."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.inventory.sysfs import read_sysfs
from tests.inventory.captured import capture, changed_eth0, materialise, nics


def test_an_address_somebody_set_is_not_the_permanent_one(tmp_path: Path) -> None:
    root = changed_eth0("virtio-bare", tmp_path, addr_assign_type="3")
    eth0 = nics(read_sysfs(root))["eth0"]
    assert (eth0.mac, eth0.permanent_mac) == ("00:0d:3a:11:22:33", None)


@pytest.mark.parametrize("assigned", ["0", "3"])
def test_a_bonds_member_has_the_address_that_the_bond_keeps_for_it(
    assigned: str, tmp_path: Path
) -> None:
    root = changed_eth0(
        "virtio-bond",
        tmp_path,
        bonding_slave__perm_hwaddr="00:0d:3a:44:55:66",
        addr_assign_type=assigned,
    )
    assert nics(read_sysfs(root))["eth0"].permanent_mac == "00:0d:3a:44:55:66"


def test_the_running_kernel_is_asked_only_for_cards_that_sysfs_does_not_tell_of(
    tmp_path: Path,
) -> None:
    asked = []

    def permanent_address(name: str) -> str:
        asked.append(name)
        return "00:0d:3a:77:77:77"

    root = materialise(capture("virtio-bond"), tmp_path / "bond")
    found = nics(read_sysfs(root, permanent_address))
    assert asked == ["ens17", "eth0"]  # not bond0, which has no bus device
    assert found["eth0"].permanent_mac == "00:0d:3a:77:77:77"
    asked.clear()
    read_sysfs(materialise(capture("virtio-bare"), tmp_path / "bare"), permanent_address)
    assert asked == []


def test_where_the_kernel_does_not_answer_the_captured_facts_stand(tmp_path: Path) -> None:
    root = materialise(capture("virtio-bond"), tmp_path)
    found = nics(read_sysfs(root, lambda name: None))
    assert found["eth0"].permanent_mac == "00:0d:3a:11:22:33"
