"""Oracle's cloud, whose virtual machines have net_failover: stock cloud-init knows it by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.firstboot.cases import MAC, SETTINGS, install, result
from tests.firstboot.machine import Boot, new_machine
from tests.firstboot.root import SUITES
from tests.firstboot.seeds import on_oracle
from tests.inventory.captured import capture

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]


def booted(suite: str, files: Path, *, with_plugin: bool) -> Boot:
    """The first boot of a machine whose virtio NIC has a VF that the kernel has joined to it."""
    machine = on_oracle(new_machine(suite, files, capture("net-failover"), "netplan"), MAC)
    if with_plugin:
        install(machine)
    else:
        machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", SETTINGS)
    return machine.boot()


@pytest.mark.parametrize("suite", SUITES)
def test_the_first_boot_is_stocks(suite: str, tmp_path: Path) -> None:
    """Byte for byte, warnings included; the metadata was asked over the failover NIC alone."""
    stock = booted(suite, tmp_path / "stock", with_plugin=False)
    ours = booted(suite, tmp_path / "ours", with_plugin=True)
    assert result(ours) == result(stock)
    assert ours.calls == stock.calls
    assert not [call for call in ours.calls if "enp2s0" in call.split()]
    assert "DataSourceOracle" in ours["status"].out
    assert {line.split()[1] for line in ours.asked if line.startswith("DHCP")} == {"enp1s0"}
