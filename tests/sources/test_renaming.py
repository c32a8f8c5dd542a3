"""A VF that bears the name which the config gives to the synthetic NIC."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

VIRTIO = "synthetic_drivers: [virtio_net]"


def vf_first(root: Path, vf_is_up: bool = False) -> str:
    """A machine where the VF is eth0 and the synthetic NIC eth1."""
    guests.linux(root, "virtio-bare", VIRTIO)
    nics = root / "sys/class/net"
    for before, after in (("eth0", "eth1"), ("ens17", "eth0")):
        (nics / before).rename(nics / after)
    (nics / "eth0/operstate").write_text("up\n" if vf_is_up else "down\n")
    return str(root)


def renames(suite: str, root: str, **job: Any) -> Any:
    """What is run for a config that wants the card to be eth0."""
    return run(suite, "rename", root=root, config=guests.v2(), **job)


def test_it_makes_way(suite: str, tmp_path: Path) -> None:
    """Stock cannot: of the two NICs with the MAC it would take any."""
    root = vf_first(tmp_path)
    assert renames(suite, root, plugin=False)["ran"] == []
    assert renames(suite, root)["ran"] == [
        "ip link set eth0 name cirename0",
        "ip link set eth1 name eth0",
    ]


def test_one_that_is_up_is_taken_down_for_it(suite: str, tmp_path: Path) -> None:
    """A name cannot be changed otherwise; and it is up again afterwards, as it was."""
    assert renames(suite, vf_first(tmp_path, vf_is_up=True))["ran"] == [
        "ip link set eth0 down",
        "ip link set eth0 name cirename0",
        "ip link set eth1 name eth0",
        "ip link set cirename0 up",
    ]


def test_one_that_is_in_use_stays(suite: str, tmp_path: Path) -> None:
    """It may carry the root file system."""
    found = renames(suite, vf_first(tmp_path, vf_is_up=True), **{"with an address": "eth0"})
    assert found["ran"] == []
    assert "[busy-target]" in found["error"]


def test_a_config_that_names_the_driver_finds_its_nic_as_well(suite: str, tmp_path: Path) -> None:
    config = guests.v2()
    config["ethernets"]["eth0"]["match"]["driver"] = "virtio_net"
    found = run(suite, "rename", root=vf_first(tmp_path), config=config)
    assert found["ran"] == ["ip link set eth0 name cirename0", "ip link set eth1 name eth0"]


def test_another_nic_may_want_the_name_too(suite: str, tmp_path: Path) -> None:
    """The VF is in the way of any that the config calls so."""
    root = vf_first(tmp_path)
    nics = tmp_path / "sys/class/net"
    copy_of(nics / "eth1", tmp_path / "sys/devices/other", "52:54:00:00:00:09")
    (nics / "ens9").symlink_to(tmp_path / "sys/devices/other")
    found = run(suite, "rename", root=root, config=guests.v2("52:54:00:00:00:09"))
    assert found["ran"] == ["ip link set eth0 name cirename0", "ip link set ens9 name eth0"]


def copy_of(nic: Path, folder: Path, mac: str) -> None:
    """A folder with the attributes of a NIC, and another MAC."""
    folder.mkdir(parents=True)
    for attribute in nic.resolve().iterdir():
        if attribute.is_file():
            (folder / attribute.name).write_bytes(attribute.read_bytes())
    (folder / "address").write_text(f"{mac}\n")


@pytest.mark.parametrize("name", ["virtio-bare", "hv-netvsc-on-virtio"])
def test_where_no_vf_is_in_the_way_nothing_else_is_asked(
    suite: str, tmp_path: Path, name: str
) -> None:
    root = str(guests.linux(tmp_path, name, "synthetic_drivers: [hv_netvsc, virtio_net]"))
    assert renames(suite, root) == {"ran": [], "log": []}


@pytest.mark.parametrize(
    "broken",
    [
        "hyperv_net.sources.renaming:with_vfs_in_the_way",
        "hyperv_net.sources.renaming:_without_address",
        "hyperv_net.sources.renaming:_without_facts_of",
        "hyperv_net.sources.machine:vfs_now",
    ],
)
def test_whatever_fails_the_names_stay_as_stock_leaves_them(
    suite: str, tmp_path: Path, broken: str
) -> None:
    root = vf_first(tmp_path)
    found = renames(suite, root, broken=broken)
    assert found["ran"] == []
    ((level, line),) = (one for one in found["log"] if "hyperv-net" in one[1])
    assert (level, "broken on purpose" in line) == ("INFO", True)
