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


@pytest.mark.parametrize(
    ("guid", "taken"),
    [
        ("000d3a11-2233-000d-3a11-2233000d3a11", ("00:0d:3a:11:22:33",)),
        ("6045BD9D-EA9C-6045-BD9D-EA9C6045BD9D", ("60:45:bd:9d:ea:9c",)),
        ("2be94203-89a5-4c73-b9a9-06ee28f2ba7a", ()),
        ("000d3a11-2233-000d-3a11-2233000d3a12", ()),
        ("000d3a11-2233", ()),
    ],
)
def test_the_address_of_a_taken_nic_is_in_its_id_on_azure(
    guid: str, taken: tuple[str, ...], tmp_path: Path
) -> None:
    device(tmp_path, "vmbus", f"{VMBUS}/{guid}", "uio_hv_generic", class_id=f"{NETVSC}\n")
    (tmp_path / "sys/class/net").mkdir(parents=True)
    assert gather(tmp_path).taken_macs == taken


def dpdk_machine(root: Path) -> Path:
    """A machine of Azure whose synthetic NIC DPDK has taken, with a VF and a NIC of its own."""
    device(root, "vmbus", SYNTHETIC, "uio_hv_generic", class_id=f"{NETVSC}\n")
    put(root, f"{VF}/net/enP1s1/address", "00:0d:3a:11:22:33\n")
    put(root, f"{VF}/net/enP1s1/type", "1\n")
    put(root, f"{VF}/net/enP1s1/ifindex", "3\n")
    put(root, f"{VF}/net/enP1s1/flags", "0x1003\n")
    for link, target in (("driver", "drivers/mlx5_core"), ("subsystem", "")):
        (root / VF / link).symlink_to(f"../../../../../../bus/pci/{target}".rstrip("/"))
    (root / VF / "net/enP1s1/device").symlink_to("../..")
    class_net = root / "sys/class/net"
    class_net.mkdir(parents=True)
    (class_net / "enP1s1").symlink_to(os.path.relpath(root / VF / "net/enP1s1", class_net))
    put(root, "proc/sys/kernel/osrelease", "6.1.0\n")
    return root


def test_the_vf_of_a_taken_nic_is_kept_from_everybody(tmp_path: Path, capsys: Capture) -> None:
    """It was called an ordinary NIC, and whoever configures those would have had it."""
    root = str(dpdk_machine(tmp_path))
    assert main(["inventory", "--root", root]) == 0
    shown = capsys.readouterr().out
    assert "another program (DPDK?) has the synthetic NIC of 00:0d:3a:11:22:33" in shown
    assert "so its VF enP1s1 is left alone" in shown
    assert main(["apply", "--root", root, "--target", "networkd"]) == 0
    rules = (tmp_path / "etc/udev/rules.d/70-hyperv-net-vf.rules").read_text()
    assert 'ATTR{address}=="00:0d:3a:11:22:33", ENV{HYPERV_NET_VF}="transparent"' in rules
    unmanaged = (tmp_path / "etc/systemd/network/05-hyperv-net-vf.network").read_text()
    assert "MACAddress=00:0d:3a:11:22:33" in unmanaged
    capsys.readouterr()
    assert main(["status", "--root", root]) == 0
    assert "vf-not-joined" not in capsys.readouterr().out


def test_who_manages_the_vf_of_a_taken_nic_is_told(tmp_path: Path, capsys: Capture) -> None:
    root = dpdk_machine(tmp_path)
    put(root, "run/NetworkManager/devices/3", "[device]\nmanaged=true\nconnection-uuid=b\n")
    assert main(["status", "--root", str(root)]) == 1
    shown = capsys.readouterr().out
    assert "manages enP1s1, which belongs to the program that has its synthetic NIC" in shown


def test_a_vf_of_another_address_stays_an_ordinary_nic(tmp_path: Path, capsys: Capture) -> None:
    root = dpdk_machine(tmp_path)
    put(root, f"{VF}/net/enP1s1/address", "00:0d:3a:44:44:44\n")
    assert main(["inventory", "--root", str(root)]) == 0
    assert "so it is an ordinary NIC" in capsys.readouterr().out
