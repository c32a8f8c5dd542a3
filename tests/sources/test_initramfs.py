"""What the initramfs says of a pair is said of its synthetic NIC, for the aggregate to take up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.model import Decision, Mode, Nic, Pair
from hyperv_net.sources.initramfs import of_synthetic_nics
from tests.sources import guests
from tests.sources.cloud import SUITES, run

VIRTIO = "synthetic_drivers: [virtio_net]"
DHCP = {"type": "dhcp", "control": "manual", "netmask": "255.255.255.0"}
STATIC = {"type": "static", "control": "manual", "address": "10.0.0.4"}
WANTED_DHCP, WANTED_STATIC = (
    {key: value for key, value in subnet.items() if key != "control"} for subnet in (DHCP, STATIC)
)
NICS = Nic("eth0", mac=guests.MAC), Nic("ens17", mac=guests.MAC)
PAIR = Decision(Pair(guests.MAC, *NICS), Mode.AGGREGATE, "reason")
OTHER = {"type": "physical", "name": "eth7", "subnets": [DHCP]}


def entry(name: str, *subnets: Any) -> dict[str, Any]:
    """An entry as cloud-init makes it of a file."""
    return {"type": "physical", "name": name, "mac_address": guests.MAC, "subnets": list(subnets)}


@pytest.mark.parametrize("name", ["eth0", "ens17"])
def test_either_nic_stands_for_the_pair(name: str) -> None:
    """The entry bears the synthetic NIC's name, so that nobody is renamed."""
    config = {"version": 1, "config": [entry(name, DHCP)]}
    assert of_synthetic_nics(config, [PAIR]) == {
        "version": 1,
        "config": [entry("eth0", WANTED_DHCP)],
    }


def test_what_is_said_of_both_is_said_once() -> None:
    config = {"version": 1, "config": [entry("ens17", DHCP, STATIC), entry("eth0", DHCP)]}
    made = of_synthetic_nics(config, [PAIR])
    assert made["config"] == [entry("eth0", WANTED_DHCP, WANTED_STATIC)]


def test_other_nics_keep_theirs() -> None:
    """In their order, with whatever cloud-init says of them."""
    config = {"version": 1, "config": [OTHER, entry("ens17", DHCP)]}
    assert of_synthetic_nics(config, [PAIR])["config"] == [OTHER, entry("eth0", WANTED_DHCP)]


@pytest.mark.parametrize(
    "decisions",
    [
        [],
        [Decision(Pair(guests.MAC, None, NICS[1]), Mode.VF_ONLY, "reason")],
        [Decision(Pair(guests.MAC, *NICS), Mode.TRANSPARENT, "reason")],
    ],
    ids=["no pair", "VF alone", "the kernel's"],
)
def test_without_an_aggregate_it_is_as_it_was(decisions: list[Decision]) -> None:
    config = {"version": 1, "config": [entry("ens17", DHCP), OTHER]}
    assert of_synthetic_nics(config, decisions) == config


def test_what_was_given_is_not_changed() -> None:
    """cloud-init keeps it, and may ask again."""
    config = {"version": 1, "config": [entry("eth0", DHCP), entry("ens17", STATIC)]}
    before = repr(config)
    of_synthetic_nics(config, [PAIR])
    assert repr(config) == before


def told(root: Path, *nics: str) -> list[str]:
    """The files that klibc's ipconfig leaves of these NICs."""
    paths = []
    for nic in nics:
        path = root / f"net-{nic}.conf"
        path.write_text(f"DEVICE={nic}\nPROTO=dhcp\nIPV4PROTO=dhcp\nIPV4ADDR=10.0.0.4\n")
        paths.append(str(path))
    return paths


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_cloud_init_is_told_so(suite: str, tmp_path: Path) -> None:
    root = str(guests.linux(tmp_path, "virtio-bare", VIRTIO))
    found = run(suite, "initramfs", root=root, files=told(tmp_path, "ens17", "eth0"))
    assert found["config"]["config"] == [entry("eth0", {"type": "dhcp"})]
    assert found["log"] == []


@pytest.mark.debian
@pytest.mark.parametrize(
    ("name", "settings", "broken"),
    [
        ("azure-vf-absent", "", ""),
        ("azure-transparent-mlx5", "", ""),
        ("virtio-bare", "", ""),
        ("virtio-bare", f"{VIRTIO}, enabled: false", ""),
        ("virtio-bare", f"{VIRTIO}, aggregate: never", ""),
        ("virtio-bare", VIRTIO, "hyperv_net.sources.initramfs:of_synthetic_nics"),
        ("virtio-bare", VIRTIO, "hyperv_net.sources.machine:pairs_to_keep_up"),
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_without_an_aggregate_and_whatever_fails_it_is_as_in_stock(
    suite: str, tmp_path: Path, name: str, settings: str, broken: str
) -> None:
    root = str(guests.linux(tmp_path, name, settings))
    job = {"root": root, "files": told(tmp_path, "eth0", "ens17")}
    stock = run(suite, "initramfs", plugin=False, **job)
    found = run(suite, "initramfs", broken=broken, **job)
    assert found["config"] == stock["config"]
    assert ["INFO"] * bool(broken) == [level for level, _ in found["log"]]
