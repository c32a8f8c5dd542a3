"""Two NICs of one address that are no pair: stock stops there, and ours boots with a network."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.firstboot.cases import (
    MAC,
    SHORT,
    SYNTHETIC,
    V1,
    V2,
    VF,
    install,
    seeded,
    stock_boot,
    virtio_pair,
)
from tests.firstboot.machine import NETWORK
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

NETPLAN = "etc/netplan/50-cloud-init.yaml"


def two_functions() -> Any:
    """Two functions of one card with one address, as of canonical/cloud-init issue 5794."""
    machine = deepcopy(virtio_pair())
    for nic, driver in ((SYNTHETIC, "mlx5_core"), (VF, "mlx5_core")):
        links = machine["net"][nic]["links"]
        links["device/driver"] = links["device/driver"].rpartition("/")[0] + f"/{driver}"
        files = machine["net"][nic]["files"]
        files["device/uevent"] = f"DRIVER={driver}"
    return machine


CASES = {
    "two functions, v2": (two_functions(), V2),
    "two functions, v1": (two_functions(), V1),
    "a pair of a driver that nobody named": (virtio_pair(), V2),
}


@pytest.mark.parametrize("case", [pytest.param("two functions, v2", marks=SHORT), *list(CASES)[1:]])
@pytest.mark.parametrize("suite", SUITES)
def test_it_boots_with_a_network_where_stock_has_none(
    suite: str, case: str, tmp_path: Path
) -> None:
    """All stages end well, the config is written as it is, and one line says what was done."""
    nics, config = CASES[case]
    stock = stock_boot(suite, json.dumps(nics), "netplan", "nocloud", config)
    assert stock["init-local"].status == 1 and stock.network() == {}
    machine = seeded(suite, tmp_path, nics, "netplan", "nocloud", config)
    install(machine)
    machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", "hyperv_net: {}\n")
    boot = machine.boot()
    assert not boot.troubles
    assert {outcome.status for outcome in boot.outcomes.values()} == {0}, boot["status"].out
    assert MAC in boot.text(NETPLAN)
    said = f"{VF} and {SYNTHETIC} have one MAC address ({MAC}), at which cloud-init would stop"
    assert said in boot.log
    # No pair was invented of them.
    assert not [path for path in boot.network() if "hyperv-net" in path]


@pytest.mark.parametrize("suite", SUITES)
def test_turned_off_it_stops_as_stock_does(suite: str, tmp_path: Path) -> None:
    machine = seeded(suite, tmp_path, two_functions(), "netplan", "nocloud", V2)
    install(machine)
    machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", "hyperv_net: {enabled: false}\n")
    boot = machine.boot(NETWORK)
    assert boot["init-local"].status == 1
    assert "duplicate mac found" in boot.log
