"""Linux: trees of /sys that lack something, and hostile ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.model import Kind, Severity
from tests.inventory.captured import AZURE, capture, materialise, nics


def test_without_class_net_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(HypervNetError) as caught:
        read_sysfs(tmp_path)
    assert str(tmp_path / "sys/class/net") in str(caught.value)
    assert "--inventory" in caught.value.hint


def test_every_file_and_link_may_be_missing(tmp_path: Path) -> None:
    """Whichever one is taken away, the NICs are the same by name and nothing is raised."""
    root = materialise(capture("virtio-bond"), tmp_path / "root")
    whole = {nic.name for nic in read_sysfs(root).nics}
    paths = [path for path in (root / "sys/devices").rglob("*") if not path.is_dir()]
    for path in [*paths, *(path for path in root.rglob("*") if path.is_symlink())]:
        if path.parent.name == "net" and path.parent.parent.name == "class":
            continue
        path.rename(tmp_path / "aside")
        assert {nic.name for nic in read_sysfs(root).nics} == whole, path
        (tmp_path / "aside").rename(path)
    assert len(paths) > 40


@pytest.mark.parametrize("text", ["", "\n", "banana", "\xff" * 9000, "-1", "9" * 5000, "0x"])
def test_odd_texts_in_files_are_unknown_facts(text: str, tmp_path: Path) -> None:
    made = capture("azure-transparent-mlx5")
    for path in made["net"]["eth0"]["files"]:
        made["net"]["eth0"]["files"][path] = text
    eth0 = nics(read_sysfs(materialise(made, tmp_path)))["eth0"]
    assert (eth0.mac, eth0.permanent_mac, eth0.mtu, eth0.vmbus_class_id) == (None,) * 4


def test_bytes_that_are_no_text_are_unknown_facts(tmp_path: Path) -> None:
    root = materialise(capture("azure-vf-absent"), tmp_path)
    for path in [*(root / "sys/devices").rglob("*"), root / "proc/sys/kernel/osrelease"]:
        if path.is_file() and not path.is_symlink():
            path.write_bytes(b"\xff\x00\xfe\n")
    inventory = read_sysfs(root)
    assert [nic.mac for nic in inventory.nics] == [None, None]
    assert inventory.kernel == ""


@pytest.mark.parametrize("name", ["$(reboot)", "a b", "eth0;id", "-f", "ε0", "a" * 16, "a\nb"])
def test_a_nic_with_an_odd_name_is_left_out_with_a_finding_and_the_rest_go_on(
    name: str, tmp_path: Path
) -> None:
    made = capture("azure-vf-absent")
    made["net"][name] = {**made["net"]["lo"], "self": f"../../devices/virtual/net/{name}"}
    made["class_net"].append(name)
    inventory = read_sysfs(materialise(made, tmp_path))
    assert [nic.name for nic in inventory.nics] == ["eth0", "lo"]
    (finding,) = inventory.findings
    assert (finding.rule, finding.severity) == ("nic-name", Severity.WARNING)
    assert ascii(name) in finding.message
    assert finding.message.isascii() and finding.message.isprintable()


def test_a_name_that_is_not_utf8_is_left_out_with_a_finding(tmp_path: Path) -> None:
    root = materialise(capture("azure-vf-absent"), tmp_path)
    name = os.fsdecode(b"\xff0")
    (root / "sys/class/net" / name).symlink_to("../../devices/virtual/net/lo")
    (finding,) = read_sysfs(root).findings
    assert finding.message.isascii()


def test_odd_names_of_masters_lowers_drivers_and_buses_are_unknown_facts(tmp_path: Path) -> None:
    made = capture("virtio-bond")
    links = made["net"]["eth0"]["links"]
    links["master"] = "../$(reboot)"
    links["device/driver"] = "../x y"
    links["device/subsystem"] = "../bus/`id`"
    made["net"]["bond0"]["links"]["lower_$(reboot)"] = "../eth0"
    found = nics(read_sysfs(materialise(made, tmp_path)))
    assert (found["eth0"].master, found["eth0"].driver, found["eth0"].bus) == (None, None, None)
    assert found["bond0"].lowers == ("ens17", "eth0")


def outside(tmp_path: Path) -> Path:
    """A NIC's directory beside the root, which must never be read."""
    directory = tmp_path / "outside/net/eth0"
    directory.mkdir(parents=True)
    (directory / "address").write_text("de:ad:de:ad:de:ad\n")
    (directory / "type").write_text("1\n")
    (directory / "operstate").write_text("up\n")
    return directory


def hostile(tmp_path: Path) -> tuple[Path, Any]:
    return tmp_path / "root", capture("azure-vf-absent")


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_of_class_net_that_leaves_the_root_is_not_followed(
    absolute: bool, tmp_path: Path
) -> None:
    root, made = hostile(tmp_path)
    materialise(made, root)
    link = root / "sys/class/net/evil"
    target = outside(tmp_path)
    link.symlink_to(target if absolute else os.path.relpath(target, link.parent))
    assert (link / "address").exists()  # the kernel would follow it
    inventory = read_sysfs(root)
    assert [nic.name for nic in inventory.nics] == ["eth0", "lo"]
    assert [finding.rule for finding in inventory.findings] == ["nic-unreadable"]


def test_a_directory_on_the_way_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    root, made = hostile(tmp_path)
    materialise(made, root)
    outside(tmp_path)
    (root / "sys/devices/trap").symlink_to(tmp_path / "outside")
    (root / "sys/class/net/evil").symlink_to("../../devices/trap/net/eth0")
    assert (root / "sys/class/net/evil/address").exists()
    inventory = read_sysfs(root)
    assert [nic.name for nic in inventory.nics] == ["eth0", "lo"]


def test_an_attribute_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    root, made = hostile(tmp_path)
    materialise(made, root)
    secret = tmp_path / "secret"
    secret.write_text("de:ad:de:ad:de:ad\n")
    for path in (root / "sys/devices").rglob("net/eth0/address"):
        path.unlink()
        path.symlink_to(secret)
    for path in (root / "sys/devices").rglob("class_id"):
        path.unlink()
        path.symlink_to(secret)
    (root / "proc/sys/kernel/osrelease").unlink()
    (root / "proc/sys/kernel/osrelease").symlink_to(secret)
    inventory = read_sysfs(root)
    eth0 = nics(inventory)["eth0"]
    assert (eth0.mac, eth0.vmbus_class_id, inventory.kernel) == (None, None, "")


def test_a_device_outside_the_root_is_no_device(tmp_path: Path) -> None:
    root, made = hostile(tmp_path)
    materialise(made, root)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/driver").symlink_to("drivers/evil")
    (device,) = (root / "sys/devices").rglob("net/eth0/device")
    device.unlink()
    device.symlink_to(tmp_path / "outside")
    assert (device / "driver").is_symlink()
    eth0 = nics(read_sysfs(root))["eth0"]
    assert (eth0.device, eth0.driver, eth0.kind) == (None, None, Kind.OTHER)


def test_a_device_that_is_not_there_is_no_device(tmp_path: Path) -> None:
    made = capture("azure-vf-absent")
    made["net"]["eth0"]["links"] = {"device": "../../../gone"}
    made["net"]["eth0"]["files"] = {"type": "1"}
    eth0 = nics(read_sysfs(materialise(made, tmp_path)))["eth0"]
    assert (eth0.device, eth0.kind) == (None, Kind.OTHER)


def test_a_link_of_class_net_that_leaves_sys_is_not_followed(tmp_path: Path) -> None:
    root = materialise(capture("azure-vf-absent"), tmp_path)
    (root / "home/eth9").mkdir(parents=True)
    (root / "sys/class/net/eth9").symlink_to("../../../home/eth9")
    inventory = read_sysfs(root)
    assert [nic.name for nic in inventory.nics] == ["eth0", "lo"]
    assert [finding.rule for finding in inventory.findings] == ["nic-unreadable"]


def test_a_class_net_that_is_a_link_out_of_the_root_is_an_error(tmp_path: Path) -> None:
    materialise(capture("azure-vf-absent"), tmp_path / "other")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/sys").symlink_to(tmp_path / "other/sys")
    with pytest.raises(HypervNetError):
        read_sysfs(tmp_path / "root")


def test_a_pipe_in_place_of_an_attribute_is_not_waited_for(tmp_path: Path) -> None:
    root, made = hostile(tmp_path)
    materialise(made, root)
    for path in (root / "sys/devices").rglob("net/eth0/mtu"):
        path.unlink()
        os.mkfifo(path)
    (root / "proc/sys/kernel/osrelease").unlink()
    os.mkfifo(root / "proc/sys/kernel/osrelease")
    assert nics(read_sysfs(root))["eth0"].mtu is None


def test_links_that_lead_in_a_circle_or_very_deep_are_unreadable_nics(tmp_path: Path) -> None:
    root, made = hostile(tmp_path)
    materialise(made, root)
    (root / "sys/class/net/ring").symlink_to("ring")
    (root / "sys/class/net/deep").symlink_to("../../" + "d/" * 2000)
    inventory = read_sysfs(root)
    assert [nic.name for nic in inventory.nics] == ["eth0", "lo"]
    assert len(inventory.findings) == 2


def test_an_absolute_link_is_read_as_the_machine_itself_would(tmp_path: Path) -> None:
    made = capture("azure-vf-absent")
    root = materialise(made, tmp_path)
    link = root / "sys/class/net/eth0"
    link.unlink()
    link.symlink_to(f"{AZURE}/6045bd9d-ea9c-6045-bd9d-ea9c6045bd9d/net/eth0")
    assert nics(read_sysfs(root))["eth0"].driver == "hv_netvsc"


def test_the_root_itself_may_be_reached_through_a_link(tmp_path: Path) -> None:
    materialise(capture("azure-vf-absent"), tmp_path / "real")
    (tmp_path / "linked").symlink_to("real")
    assert len(read_sysfs(tmp_path / "linked").nics) == 2


def test_a_bus_device_with_an_unreadable_path_makes_no_failover_master(tmp_path: Path) -> None:
    """Two devices that are both unknown are not the same device."""
    made = capture("azure-transparent-mlx5")
    for nic in made["net"].values():
        nic["self"] = nic["self"].replace("VMBUS:00", "VM BUS")
    found = nics(read_sysfs(materialise(made, tmp_path)))
    assert (found["eth0"].device, found["eth0"].kind) == (None, Kind.ETHERNET)
