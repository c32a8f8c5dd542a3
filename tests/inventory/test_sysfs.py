"""Linux: what is read from real captures of /sys."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.driver_statistics import counts_vf
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.model import Inventory, Kind, Nic, Severity, System
from tests.files import put
from tests.inventory.captured import AZURE, CAPTURES, capture, changed_eth0, materialise, nics

CLASS_ID = "{f8615163-df3e-46c5-913f-f2d2f965ed0e}"


def read(name: str, tmp_path: Path) -> Inventory:
    return read_sysfs(materialise(capture(name), tmp_path))


def test_every_fact_of_a_transparent_azure_pair_is_read(tmp_path: Path) -> None:
    inventory = read("azure-transparent-mlx5", tmp_path)
    assert inventory == Inventory(
        System.LINUX,
        "6.1.5-200.fc37.x86_64",
        (
            Nic(
                name="enP35237s1",
                kind=Kind.ETHERNET,
                mac="60:45:bd:9d:ea:9c",
                permanent_mac="60:45:bd:9d:ea:9c",
                driver="mlx5_core",
                bus="pci",
                device=f"{AZURE}/2be94203-89a5-4c73-b9a9-06ee28f2ba7a/pci89a5:00/89a5:00:02.0",
                master="eth0",
                state="up",
                mtu=1500,
            ),
            Nic(
                name="eth0",
                kind=Kind.ETHERNET,
                mac="60:45:bd:9d:ea:9c",
                permanent_mac="60:45:bd:9d:ea:9c",
                driver="hv_netvsc",
                bus="vmbus",
                device=f"{AZURE}/6045bd9d-ea9c-6045-bd9d-ea9c6045bd9d",
                vmbus_class_id=CLASS_ID,
                lowers=("enP35237s1",),
                state="up",
                mtu=1500,
            ),
            Nic(name="lo", kind=Kind.LOOPBACK, state="unknown", mtu=65536),
        ),
    )


def test_a_synthetic_nic_without_its_vf_is_an_ethernet_device_on_vmbus(tmp_path: Path) -> None:
    eth0 = nics(read("azure-vf-absent", tmp_path))["eth0"]
    assert (eth0.kind, eth0.bus, eth0.lowers) == (Kind.ETHERNET, "vmbus", ())


def test_two_mana_ports_share_one_pci_function_and_are_two_nics(tmp_path: Path) -> None:
    found = nics(read("azure-mana-two-ports", tmp_path))
    ports = [nic for nic in found.values() if nic.driver == "mana"]
    assert len(ports) == 2
    assert len({port.device for port in ports}) == 1
    assert len({port.permanent_mac for port in ports}) == 2
    assert {port.kind for port in ports} == {Kind.ETHERNET}


@pytest.mark.parametrize("name", ["virtio-bond", "virtio-bond-trixie"])
def test_members_of_a_real_bond_have_it_as_master_and_it_has_them_below(
    name: str, tmp_path: Path
) -> None:
    found = nics(read(name, tmp_path))
    assert found["bond0"].kind is Kind.BOND
    assert found["bond0"].lowers == ("ens17", "eth0")
    assert {found["eth0"].master, found["ens17"].master} == {"bond0"}
    assert (found["eth0"].bus, found["ens17"].bus) == ("virtio", "pci")


def test_files_of_class_net_that_are_no_nic_are_passed_over(tmp_path: Path) -> None:
    inventory = read("virtio-bond-vf-absent", tmp_path)
    assert (tmp_path / "sys/class/net/bonding_masters").is_file()
    assert [nic.name for nic in inventory.nics] == ["bond0", "eth0", "lo"]
    assert inventory.findings == ()


@pytest.mark.parametrize("name", ["net-failover", "net-failover-vf-absent"])
def test_the_master_that_net_failover_makes_is_no_ethernet_device(
    name: str, tmp_path: Path
) -> None:
    found = nics(read(name, tmp_path))
    assert found["enp1s0"].kind is Kind.FAILOVER
    assert found["enp1s0nsby"].kind is Kind.ETHERNET
    assert found["enp1s0nsby"].master == "enp1s0"


def test_the_driver_is_the_kernels_name_even_on_another_bus(tmp_path: Path) -> None:
    eth0 = nics(read("hv-netvsc-on-virtio", tmp_path))["eth0"]
    assert (eth0.driver, eth0.bus, eth0.vmbus_class_id) == ("hv_netvsc", "virtio", None)


def test_devices_that_share_the_mac_are_told_apart_by_kind(tmp_path: Path) -> None:
    found = nics(read("stacked-same-mac", tmp_path))
    assert {name: nic.kind for name, nic in found.items()} == {
        "br0": Kind.BRIDGE,
        "dummy0": Kind.OTHER,
        "enP1s1": Kind.ETHERNET,
        "eth0": Kind.ETHERNET,
        "eth0.10": Kind.VLAN,
        "ipv0": Kind.MACVLAN,
        "lo": Kind.LOOPBACK,
        "mac0": Kind.MACVLAN,
        "sit0": Kind.TUNNEL,
        "tap0": Kind.TUNNEL,
        "veth0": Kind.OTHER,
        "vrf-blue": Kind.VRF,
        "vx0": Kind.TUNNEL,
        "wg0": Kind.TUNNEL,
        "wlan0": Kind.OTHER,
    }
    assert found["eth0.10"].lowers == ("eth0",)
    assert found["br0"].master == "vrf-blue"


def test_a_bond_and_a_bridge_are_told_by_their_directories_too(tmp_path: Path) -> None:
    made = capture("stacked-same-mac")
    made["net"]["bond7"] = {"self": "../../devices/virtual/net/bond7", "files": {}, "links": {}}
    made["net"]["bond7"]["files"] = {"type": "1", "bonding/mode": "active-backup 1"}
    made["class_net"].append("bond7")
    del made["net"]["br0"]["files"]["uevent"]
    found = nics(read_sysfs(materialise(made, tmp_path)))
    assert (found["bond7"].kind, found["br0"].kind) == (Kind.BOND, Kind.BRIDGE)


def test_only_a_device_on_vmbus_has_a_class_id(tmp_path: Path) -> None:
    root = changed_eth0("virtio-bare", tmp_path, device__class_id=CLASS_ID)
    assert nics(read_sysfs(root))["eth0"].vmbus_class_id is None


def test_an_address_that_is_not_six_bytes_is_none(tmp_path: Path) -> None:
    found = nics(read("stacked-same-mac", tmp_path))
    assert (found["wg0"].mac, found["sit0"].mac, found["lo"].mac) == (None, None, None)


def test_operstates_other_than_up_and_unknown_are_down(tmp_path: Path) -> None:
    found = nics(read("stacked-same-mac", tmp_path))
    states = [found[name].state for name in ("eth0", "dummy0", "tap0", "wlan0")]
    assert states == ["up", "unknown", "down", "down"]


def test_nics_stand_in_natural_order(tmp_path: Path) -> None:
    made = capture("azure-vf-absent")
    for name in ("eth10", "eth2"):
        made["net"][name] = {**made["net"]["lo"], "self": f"../../devices/virtual/net/{name}"}
    made["class_net"] += ["eth10", "eth2"]
    found = read_sysfs(materialise(made, tmp_path))
    assert [nic.name for nic in found.nics] == ["eth0", "eth2", "eth10", "lo"]


def test_every_capture_is_read_without_a_finding(tmp_path: Path) -> None:
    names = sorted(path.stem for path in CAPTURES.glob("*.json"))
    assert len(names) >= 10
    for name in names:
        inventory = read_sysfs(materialise(capture(name), tmp_path / name))
        assert inventory.findings == ()
        assert {nic.name for nic in inventory.nics} == set(capture(name)["net"])


def test_hv_netvsc_of_vmbus_alone_is_asked_for_counters_of_a_vf(tmp_path: Path) -> None:
    """Another driver that borrows the name has none, and says nothing of a VF."""
    asked = []

    def counts(name: str) -> bool:
        asked.append(name)
        return True

    root = materialise(capture("azure-transparent-mlx5"), tmp_path / "azure")
    found = nics(read_sysfs(root, None, counts))
    assert asked == ["eth0"]
    assert {name: one.counts_vf for name, one in found.items() if one.counts_vf is not None} == {
        "eth0": True
    }
    read_sysfs(materialise(capture("hv-netvsc-on-virtio"), tmp_path / "kvm"), None, counts)
    assert asked == ["eth0"]
    assert nics(read_sysfs(root))["eth0"].counts_vf is None


@pytest.mark.parametrize(
    ("statistics", "counts"),
    [({"tx_busy": 0, "vf_rx_packets": 0}, True), ({"tx_busy": 0}, False), (None, None)],
)
def test_counters_of_a_vf_are_told_by_their_names(
    statistics: dict[str, int] | None, counts: bool | None
) -> None:
    assert counts_vf(statistics) is counts


def test_a_copy_that_has_lost_its_links_is_not_a_machine_without_nics(tmp_path: Path) -> None:
    """git and zip may leave a link's text in a file; bonding_masters is a file by itself."""
    put(tmp_path, "sys/class/net/eth0", "../../devices/vmbus/net/eth0\n")
    put(tmp_path, "sys/class/net/bonding_masters", "bond0\n")
    (finding,) = read_sysfs(tmp_path).findings
    assert (finding.rule, str(finding.where)) == ("nic-unreadable", "/sys/class/net/eth0")
    assert "has lost its links" in finding.message
    assert finding.severity is Severity.ERROR
    assert main(["status", "--root", str(tmp_path)]) == 1
