"""Whatever the kernel called the two NICs of a pair, each ends with the name it should have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.firstboot.cases import (
    SHORT,
    SYNTHETIC,
    V1,
    V2,
    VF,
    netvsc_pair,
    renamed,
    virtio_pair,
)
from tests.firstboot.checks import (
    TARGETS,
    assert_is_the_plan,
    assert_vf_left_alone,
    assert_went_well,
    pair_with_plugin,
    planned,
    render,
)
from tests.firstboot.machine import BOOT, NETWORK, Boot
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]


@pytest.mark.parametrize("suite", SUITES)
def test_azure_gives_its_address_to_the_synthetic_nic(suite: str, tmp_path: Path) -> None:
    """Of a pair whose driver is not hv_netvsc, too: the fallback NIC is never the VF."""
    nics = renamed(virtio_pair(), SYNTHETIC, "ens18")  # sorts after the VF
    boot = pair_with_plugin(suite, tmp_path, "netplan", "azure", "", nics).boot(NETWORK)
    assert_went_well(boot)
    assert boot.asked[0] == "DHCP ens18 discover"
    assert_vf_left_alone(boot)


@pytest.mark.parametrize("suite", SUITES)
def test_the_synthetic_nic_gets_the_name_that_the_config_asks_for(
    suite: str, tmp_path: Path
) -> None:
    """Where the kernel called it eth1; stock 22.4.2 cannot, as two NICs have the MAC."""
    nics = renamed(netvsc_pair(), SYNTHETIC, "eth1")
    boot = pair_with_plugin(suite, tmp_path, "netplan", "nocloud", V2, nics).boot(NETWORK)
    assert_went_well(boot)
    assert "ip link set eth1 name eth0" in boot.calls
    assert_vf_left_alone(boot)
    assert (tmp_path / "sys/class/net/eth0/device/driver").readlink().name == "hv_netvsc"


def vf_first(nics: Any) -> Any:
    """The machine where the VF was found first: it is eth0, and the synthetic NIC is eth1."""
    return renamed(renamed(nics, SYNTHETIC, "eth1"), VF, "eth0")


def drivers(boot: Boot) -> dict[str, str]:
    """The driver of each NIC that has one, by the name it has after the boot."""
    nics = (boot.files / "sys/class/net").iterdir()
    links = {nic.name: nic / "device/driver" for nic in nics}
    return {name: link.readlink().name for name, link in links.items() if link.is_symlink()}


@pytest.mark.parametrize(
    ("nics", "driver", "config", "renderer"),
    [
        pytest.param(virtio_pair, "virtio_net", V2, "netplan", id="virtio, netplan", marks=SHORT),
        pytest.param(virtio_pair, "virtio_net", V1, "eni", id="virtio, eni"),
        pytest.param(netvsc_pair, "hv_netvsc", V1, "netplan", id="netvsc, netplan"),
        pytest.param(netvsc_pair, "hv_netvsc", V2, "eni", id="netvsc, eni"),
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_bears_the_name_of_the_synthetic_nic_makes_way(
    suite: str, nics: Any, driver: str, config: str, renderer: str, tmp_path: Path
) -> None:
    """As it must, at every boot: the files name the synthetic NIC, which has to bear that name.

    They are what was planned while the names were still wrong.
    """
    machine = pair_with_plugin(suite, tmp_path, renderer, "nocloud", config, vf_first(nics()))
    boot = machine.boot({"plan": render(TARGETS[renderer], "/planned"), **BOOT})
    assert_went_well(boot)
    assert drivers(boot) == {"eth0": driver, "cirename0": "e1000e"}
    assert_is_the_plan(boot, planned(tmp_path / "planned"), renderer)
    second = machine.boot(NETWORK)
    assert_went_well(second)
    assert drivers(second) == drivers(boot)
    assert_is_the_plan(second, planned(tmp_path / "planned"), renderer)


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_makes_way_is_neither_raised_nor_asked_for_an_address(
    suite: str, tmp_path: Path
) -> None:
    """It was down before it was renamed, and stays so."""
    nics = vf_first(virtio_pair())
    boot = pair_with_plugin(suite, tmp_path, "netplan", "azure", "", nics).boot(NETWORK)
    assert_went_well(boot)
    assert {line.split()[1] for line in boot.asked if "DHCP" in line} == {"eth1"}
    renames = ["ip link set eth0 name cirename0", "ip link set eth1 name eth0"]
    before = boot.calls[: boot.calls.index(renames[0])]
    assert not [call for call in before if call.startswith("ip ") and "eth0" in call.split()]
    assert [call for call in boot.calls if call in renames or "cirename0" in call] == renames
