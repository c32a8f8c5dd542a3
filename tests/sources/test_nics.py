"""What cloud-init sees of a machine's NICs: never a VF that a synthetic NIC stands beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

VIRTIO = "synthetic_drivers: [virtio_net]"
DUPLICATE = "RuntimeError: duplicate mac found!"


def test_a_pair_of_another_driver_stops_stock_cloud_init_and_not_the_extended_one(
    suite: str, tmp_path: Path
) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare", VIRTIO))
    stock = run(suite, "look", root=root, config=guests.v2(), plugin=False)
    assert stock["by mac"].startswith(DUPLICATE)
    assert stock["wait"].startswith(DUPLICATE)
    found = run(suite, "look", root=root, config=guests.v2())
    assert found["by mac"][guests.MAC] == "eth0"
    assert found["wait"] is None
    assert found["candidates"] == ["eth0"]
    assert "ens17" not in found["devices"]
    assert found["log"] == []


def test_the_synthetic_nic_is_renamed_and_the_vf_is_not(suite: str, tmp_path: Path) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare", VIRTIO))
    config = guests.v2()
    config["ethernets"]["eth0"]["set-name"] = "front"
    assert "Failed to match a single device" in str(
        run(suite, "rename", root=root, config=config, plugin=False)
    )
    assert run(suite, "rename", root=root, config=config)["ran"] == ["ip link set eth0 name front"]


def test_the_fallback_nic_is_the_synthetic_one_whatever_the_vfs_name(
    suite: str, tmp_path: Path
) -> None:
    root = guests.linux(tmp_path, "virtio-bare", VIRTIO)
    for before, after in (("eth0", "zzz0"), ("ens17", "eth0")):
        (root / "sys/class/net" / before).rename(root / "sys/class/net" / after)
    found = run(suite, "look", root=str(root), config=guests.v2())
    assert found["fallback"] == "zzz0"
    assert list(found["fallback config"]["ethernets"]) == ["zzz0"]


@pytest.mark.parametrize("name", ["azure-vf-absent", "net-failover-vf-absent"])
def test_without_a_visible_pair_every_look_is_as_in_stock(
    suite: str, tmp_path: Path, name: str
) -> None:
    root = str(guests.linux(tmp_path, name))
    config = {"version": 2, "ethernets": {}}
    looks = [
        run(suite, "look", root=root, config=config, plugin=plugin) for plugin in (False, True)
    ]
    assert looks[0] == looks[1]


@pytest.mark.parametrize("settings", ["enabled: false, synthetic_drivers: [virtio_net]", ""])
def test_turned_off_or_not_told_of_the_driver_every_look_is_as_in_stock(
    suite: str, tmp_path: Path, settings: str
) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare", settings))
    looks = [
        run(suite, "look", root=root, config=guests.v2(), plugin=plugin) for plugin in (False, True)
    ]
    assert looks[0] == looks[1]


@pytest.mark.parametrize(
    "broken",
    [
        "hyperv_net.sources.machine:hidden_vfs",
        "hyperv_net.sources.machine:pairs",
        "hyperv_net.sources.machine:_settings",
        "hyperv_net.inventory.gathering:gather",
        "hyperv_net.decision.pairing:find_pairs",
    ],
)
def test_whatever_fails_every_look_is_as_in_stock_and_one_line_says_why(
    suite: str, tmp_path: Path, broken: str
) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare", VIRTIO))
    stock = run(suite, "look", root=root, config=guests.v2(), plugin=False)
    found = run(suite, "look", root=root, config=guests.v2(), broken=broken)
    ((level, line),) = found.pop("log")
    assert (level, "broken on purpose" in line) == ("INFO", True)
    assert found == {key: value for key, value in stock.items() if key != "log"}


def test_on_freebsd_the_hn_stands_for_its_address_and_the_vf_is_no_candidate(
    suite: str, tmp_path: Path
) -> None:
    guest = guests.freebsd(tmp_path)
    config = {"version": 2, "ethernets": {}}
    stock = run(suite, "look", config=config, plugin=False, **guest)
    assert list(stock["by mac"].values()) == ["mce0"]
    assert stock["fallback"] == "mce0"
    found = run(suite, "look", config=config, **guest)
    assert list(found["by mac"].values()) == ["hn0"]
    assert found["candidates"] == ["hn0"]
    assert found["fallback"] == "hn0"


@pytest.mark.parametrize(
    "broken", ["hyperv_net.sources.machine:pairs", "hyperv_net.sources.machine:_inventory"]
)
def test_on_freebsd_too_a_failure_leaves_what_stock_sees(
    suite: str, tmp_path: Path, broken: str
) -> None:
    guest = guests.freebsd(tmp_path)
    config = {"version": 2, "ethernets": {}}
    stock = run(suite, "look", config=config, plugin=False, **guest)
    found = run(suite, "look", config=config, broken=broken, **guest)
    assert found["by mac"] == stock["by mac"]
    assert found["candidates"] == stock["candidates"]
