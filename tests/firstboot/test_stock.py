"""What cloud-init does alone: the ground the plugin stands on, and proof that machines are real.

Each of these is a fact about the unmodified program; where Debian's next one
behaves otherwise, the test says which fact is gone.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.firstboot.cases import (
    MAC,
    NETWORK_DATA,
    SYNTHETIC,
    V1,
    V2,
    VF,
    netvsc_pair,
    no_pair,
    renamed,
    seeded,
    stock_boot,
    virtio_pair,
)
from tests.firstboot.machine import NETWORK, without
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

SEEDS = {
    "nocloud, version 1": ("nocloud", V1),
    "nocloud, version 2": ("nocloud", V2),
    "config drive": ("config_drive", NETWORK_DATA),
    "azure": ("azure", ""),
}
NETPLAN = "etc/netplan/50-cloud-init.yaml"
ENI = "etc/network/interfaces.d/50-cloud-init"


@pytest.mark.parametrize("suite", SUITES)
def test_a_pair_of_another_driver_leaves_the_machine_without_network(suite: str) -> None:
    """Two NICs with one MAC, none of them hv_netvsc's: init-local fails and writes nothing."""
    boot = stock_boot(suite, json.dumps(virtio_pair()), "netplan", "nocloud", V2)
    assert boot["init-local"].status == 1
    assert "RuntimeError: duplicate mac found! both " in boot.log
    assert boot["status"].status == 1
    assert "status: error" in boot["status"].out
    assert boot.network() == {}


@pytest.mark.parametrize(
    ("seed", "renderer"), [*((seed, "netplan") for seed in SEEDS), ("nocloud, version 2", "eni")]
)
@pytest.mark.parametrize("suite", SUITES)
def test_a_pair_of_hv_netvsc_boots_on_its_synthetic_nic(
    suite: str, seed: str, renderer: str
) -> None:
    """The settings are on the synthetic NIC alone, and every stage has run."""
    boot = stock_boot(suite, json.dumps(netvsc_pair()), renderer, *SEEDS[seed])
    assert all(outcome.status == 0 for outcome in boot.outcomes.values()), boot["status"].out
    assert "status: done" in boot["status"].out
    assert "Traceback" not in boot.log
    text = boot.text({"netplan": NETPLAN, "eni": ENI}[renderer])
    assert SYNTHETIC in text
    assert VF not in text
    if seed.startswith("nocloud"):
        assert (boot.files / "var/log/ran").exists()


@pytest.mark.parametrize("suite", SUITES)
def test_azure_is_asked_for_an_address_and_for_its_metadata(suite: str) -> None:
    """DHCP on the synthetic NIC, the metadata service, the goal state and the report of health."""
    boot = stock_boot(suite, json.dumps(netvsc_pair()), "netplan", "azure", "")
    assert [one.split("?")[0] for one in boot.asked] == [
        "DHCP eth0 discover",
        "DHCP eth0 request",
        "GET 169.254.169.254/metadata/instance",
        "GET 168.63.129.16/machine/",
        "POST 168.63.129.16/machine",
    ]
    assert "DataSourceAzure" in boot["status"].out


@pytest.mark.parametrize(("suite", "renames"), [*zip(SUITES, (False, True, True))])
def test_a_synthetic_nic_of_another_name_is_renamed_since_23_2(
    suite: str, renames: bool, tmp_path: Path
) -> None:
    """22.4.2 finds two NICs for the MAC, and leaves the name as it is."""
    nics = renamed(netvsc_pair(), SYNTHETIC, "eth1")
    boot = seeded(suite, tmp_path, nics, "netplan", "nocloud", V2).boot(NETWORK)
    asked = [call for call in boot.calls if "name" in call.split()]
    assert asked == (["ip link set eth1 name eth0"] if renames else [])
    assert ("Failed to match a single device" in boot.log) is not renames
    assert (tmp_path / "sys/class/net/eth0").exists() is renames


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_bears_the_name_of_the_synthetic_nic_keeps_it(suite: str, tmp_path: Path) -> None:
    """Nobody is renamed: 22.4.2 believes that all is well, and later ones end degraded."""
    nics = renamed(renamed(netvsc_pair(), SYNTHETIC, "eth1"), VF, "eth0")
    boot = seeded(suite, tmp_path, nics, "netplan", "nocloud", V2).boot(NETWORK)
    assert not [call for call in boot.calls if "name" in call.split()]
    assert ("[nic not present] Cannot rename" in boot.log) is (suite != "bookworm")
    assert bool(boot.troubles) is (suite != "bookworm")


@pytest.mark.parametrize("suite", SUITES)
def test_machines_without_a_pair_boot(suite: str) -> None:
    """Two NICs with a MAC each, and a synthetic NIC whose VF is away."""
    for nics in (no_pair(), without(virtio_pair(), VF)):
        boot = stock_boot(suite, json.dumps(nics), "netplan", "nocloud", V2)
        assert "status: done" in boot["status"].out
        assert MAC in boot.text(NETPLAN)
