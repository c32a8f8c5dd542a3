"""Cards that Hyper-V gave to a Linux machine and that are no network devices there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.gathering import gather
from hyperv_net.model import Severity
from tests.commands.calling import Capture
from tests.files import put

NETVSC = "{f8615163-df3e-46c5-913f-f2d2f965ed0e}"
VMBUS = "sys/devices/LNXSYSTM:00/ACPI0004:00/VMBUS:00"
SYNTHETIC = f"{VMBUS}/000d3a11-2233-000d-3a11-2233000d3a11"
VF = f"{VMBUS}/2be94203-89a5/pci7870:00/7870:00:00.0"


def device(root: Path, bus: str, path: str, driver: str | None, **files: str) -> None:
    """A device of a bus; one with `net` has a network device."""
    for name, text in files.items():
        put(root, f"{path}/net/eth0/address" if name == "net" else f"{path}/{name}", text)
    if driver is not None:
        (root / path / "driver").symlink_to(f"../../bus/{bus}/drivers/{driver}")
    listed = root / "sys/bus" / bus / "devices"
    listed.mkdir(parents=True, exist_ok=True)
    (listed / Path(path).name).symlink_to(os.path.relpath(root / path, listed))


def rules(root: Path) -> list[tuple[str, Severity]]:
    (root / "sys/class/net").mkdir(parents=True, exist_ok=True)
    return [(one.rule, one.severity) for one in gather(root).findings]


@pytest.mark.parametrize("driver", ["mana", "mlx5_core", None])
def test_a_vf_whose_driver_gave_no_network_device_is_a_warning(
    driver: str | None, tmp_path: Path, capsys: Capture
) -> None:
    """All goes over the synthetic NIC then, and nothing else says so."""
    device(tmp_path, "pci", VF, driver, **{"class": "0x020000\n"})
    assert rules(tmp_path) == [("vf-without-netdev", Severity.WARNING)]
    assert main(["inventory", "--root", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "/sys/bus/pci/devices/7870:00:00.0: a VF has" in shown and "slow path" in shown
    assert (driver or "no driver") in shown


def test_a_vf_that_another_program_has_is_a_note(tmp_path: Path) -> None:
    device(tmp_path, "pci", VF, "vfio-pci", **{"class": "0x020000\n"})
    assert rules(tmp_path) == [("vf-taken", Severity.NOTE)]


@pytest.mark.parametrize("driver", ["uio_hv_generic", None])
def test_a_synthetic_nic_that_dpdk_has_is_a_warning(driver: str | None, tmp_path: Path) -> None:
    device(tmp_path, "vmbus", SYNTHETIC, driver, class_id=f"{NETVSC}\n")
    assert rules(tmp_path) == [("synthetic-nic-taken", Severity.WARNING)]


def test_cards_with_a_network_device_and_other_devices_are_nothing(tmp_path: Path) -> None:
    device(tmp_path, "vmbus", SYNTHETIC, "hv_netvsc", class_id=f"{NETVSC}\n", net="x")
    device(tmp_path, "pci", VF, "mana", **{"class": "0x020000\n", "net": "x"})
    # An NVMe disk, which Hyper-V hands out in the same way, and a card of an ordinary PCI bus.
    disk = f"{VMBUS}/5be94203-89a5/pci1111:00/1111:00:00.0"
    device(tmp_path, "pci", disk, "nvme", **{"class": "0x010802\n"})
    device(tmp_path, "pci", "sys/devices/pci0000:00/0000:00:05.0", None, **{"class": "0x020000\n"})
    device(tmp_path, "vmbus", f"{VMBUS}/1eccfd72", "hv_utils", class_id="{57164f39}\n")
    assert rules(tmp_path) == []


def test_a_device_that_leads_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = put(tmp_path, "card/class_id", f"{NETVSC}\n").parent
    listed = root / "sys/bus/vmbus/devices"
    listed.mkdir(parents=True)
    (listed / "x").symlink_to(outside)
    (listed / "y").symlink_to("../../../../../card")
    assert rules(root) == []
