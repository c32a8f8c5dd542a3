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


def test_turned_off_every_look_is_as_in_stock(suite: str, tmp_path: Path) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare", f"enabled: false, {VIRTIO}"))
    looks = [
        run(suite, "look", root=root, config=guests.v2(), plugin=plugin) for plugin in (False, True)
    ]
    assert looks[0] == looks[1]


#: What a look at two NICs of one address raises in stock.
RAISES = ("by mac", "wait")


@pytest.mark.parametrize("driver", ["virtio_net", "mlx5_core"])
def test_two_nics_of_one_address_that_are_no_pair_stop_stock_alone(
    driver: str, suite: str, tmp_path: Path
) -> None:
    """A virtio pair that nobody was told of, and two functions of one card; all else is stock's."""
    root = guests.linux(tmp_path, "virtio-bare")
    if driver != "virtio_net":
        device = (root / "sys/class/net/eth0/device").resolve()
        for link, bus in (("driver", f"pci/drivers/{driver}"), ("subsystem", "pci")):
            target = root / "sys/bus" / bus
            target.mkdir(parents=True, exist_ok=True)
            (device / link).unlink()
            (device / link).symlink_to(target)
    jobs = {"root": str(root), "config": guests.v2()}
    stock = run(suite, "look", plugin=False, **jobs)
    assert all(stock[one].startswith(DUPLICATE) for one in RAISES)
    found = run(suite, "look", **jobs)
    assert (found["by mac"][guests.MAC], found["wait"]) == ("eth0", None)
    ((level, line),) = found["log"]
    assert level == "INFO" and "ens17 and eth0 have one MAC address" in line
    assert "it is shown eth0 alone" in line
    same = found.keys() - {*RAISES, "log"}
    assert {key: found[key] for key in same} == {key: stock[key] for key in same}


def test_which_of_two_is_shown_depends_on_its_place_and_not_on_its_name(
    suite: str, tmp_path: Path
) -> None:
    """The hypervisor's own before one that may be unplugged, whichever was probed first."""
    root = guests.linux(tmp_path, "virtio-bare")
    for before, after in (("eth0", "zzz0"), ("ens17", "eth0")):
        (root / "sys/class/net" / before).rename(root / "sys/class/net" / after)
    found = run(suite, "look", root=str(root), config=guests.v2())
    assert found["by mac"][guests.MAC] == "zzz0"


def test_the_one_that_is_shown_gets_the_name_of_the_config(suite: str, tmp_path: Path) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare"))
    config = guests.v2()
    config["ethernets"]["eth0"]["set-name"] = "front"
    assert run(suite, "rename", root=root, config=config)["ran"] == ["ip link set eth0 name front"]


def test_one_failure_in_this_leaves_stocks_own(suite: str, tmp_path: Path) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare"))
    broken = "hyperv_net.sources.alike:one_of_each"
    found = run(suite, "look", root=root, config=guests.v2(), broken=broken)
    assert found["by mac"].startswith(DUPLICATE)
    assert [level for level, _ in found["log"]] == ["INFO"]


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
    """But for the mapping by MAC: of a pair that is not known one NIC is shown, as of any two."""
    root = str(guests.linux(tmp_path, "virtio-bare", VIRTIO))
    stock = run(suite, "look", root=root, config=guests.v2(), plugin=False)
    found = run(suite, "look", root=root, config=guests.v2(), broken=broken)
    (level, line), *rest = found.pop("log")
    assert (level, "broken on purpose" in line) == ("INFO", True)
    if "_settings" in broken:
        assert not rest
    else:
        assert found["by mac"] == {guests.MAC: "eth0"} | found["by mac"]
        assert "it is shown eth0 alone" in rest[0][1] and len(rest) == 1
        found, stock = ({k: v for k, v in one.items() if k not in RAISES} for one in (found, stock))
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
