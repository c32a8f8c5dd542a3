"""What is said of a capture is what is said of the machine it was made on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from hyperv_net.capture import looking
from hyperv_net.capture.archive import packed
from hyperv_net.capture.tree import Tree
from hyperv_net.cli import main
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.inventory import rooted, sysfs
from hyperv_net.inventory.driver_statistics import counts_vf
from hyperv_net.inventory.freebsd import IFCONFIG_WITH_DRIVERS, SYSCTL, inventory_from
from hyperv_net.inventory.gathering import gather
from hyperv_net.inventory.snapshot import from_json
from hyperv_net.inventory.unbound import with_unbound_cards
from hyperv_net.model import Inventory, System
from hyperv_net.renderers import targets
from hyperv_net.renderers.known import known
from hyperv_net.root.system import system_of
from tests.capture.made import captured, texts, unpacked
from tests.files import put
from tests.inventory.captured import CAPTURES, FREEBSD, capture, changed_eth0, materialise, output
from tests.inventory.machines import made as machine
from tests.inventory.test_unbound import NETVSC, SYNTHETIC, VF, device
from tests.paths import EXAMPLES
from tests.status.scenes import MAC, NOW, Scene

SYSFS = sorted(path.stem for path in CAPTURES.glob("*.json"))
OF_FREEBSD = sorted(path.stem for path in FREEBSD.glob("*.ifconfig"))
WITH_ROOT = sorted(
    path.parent.name
    for path in EXAMPLES.glob("*/root")
    if path.with_name("inventory.json").exists()
)

KNOWN_ROOTS = {
    "OPNsense": (
        {"usr/local/opnsense/version/core": "", "bin/freebsd-version": ""},
        System.FREEBSD,
    ),
    "nuageinit": ({"usr/libexec/nuageinit": "", "firstboot": ""}, System.FREEBSD),
    "wicked and sysconfig (SUSE)": ({"usr/sbin/wicked": ""}, System.LINUX),
}

Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.mark.parametrize("name", SYSFS)
def test_the_inventory_of_a_linux_machine_is_the_same(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    """By way of --root, of --inventory, and of a folder that tar(1) has made of it."""
    root = materialise(capture(name), tmp_path / "root")
    put(root, "etc/cloud/cloud.cfg.d/9.cfg", "hyperv_net:\n  synthetic_drivers: [virtio_net]\n")
    file = captured(root, tmp_path / "machine.tar.gz")
    for form in ("text", "json"):
        there = said(capsys, "inventory", "--root", str(root), "--format", form)
        assert said(capsys, "inventory", "--root", str(file), "--format", form) == there
        assert said(capsys, "inventory", "--inventory", str(file), "--format", form) == there
    assert gather(unpacked(file, tmp_path / "again")) == gather(root)


def test_cards_without_a_network_device_are_in_it(tmp_path: Path) -> None:
    root = materialise(capture("azure-vf-absent"), tmp_path / "root")
    device(root, "vmbus", SYNTHETIC, "uio_hv_generic", class_id=f"{NETVSC}\n")
    device(root, "pci", VF, "vfio-pci", **{"class": "0x020000\n"})
    device(root, "pci", "sys/devices/pci0000:00/0000:00:02.0", None, **{"class": "0x030000\n"})
    other = f"{VF.rpartition('/')[0]}/7870:00:01.0"
    device(root, "pci", other, "mana", **{"class": "0x020000\n", "net": "x\n"})
    found = gather(root)
    assert {one.rule for one in found.findings} == {"synthetic-nic-taken", "vf-taken"}
    again = gather(unpacked(captured(root, tmp_path / "c.tar.gz"), tmp_path / "again"))
    assert again == found
    assert not any("0000:00:02.0" in path for path in texts(tmp_path / "c.tar.gz"))


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is looked at is the running machine."""
    monkeypatch.setattr(os.path, "realpath", lambda path, **_: "/")


def test_what_the_running_kernel_answers_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_home: None
) -> None:
    """Permanent addresses that /sys does not show, and what hv_netvsc counts."""
    root = changed_eth0("azure-vf-absent", tmp_path / "root", addr_assign_type="3")
    burnt_in = {"eth0": "00:0d:3a:00:00:01"}
    counted = {"eth0": {"tx_busy": 0, "vf_rx_packets": 2**63}}
    there = with_unbound_cards(
        sysfs.read_sysfs(root, burnt_in.get, lambda name: counts_vf(counted.get(name))), root
    )
    eth0 = next(nic for nic in there.nics if nic.name == "eth0")
    assert (eth0.permanent_mac, eth0.counts_vf) == ("00:0d:3a:00:00:01", True)
    monkeypatch.setattr(looking, "permanent_address", burnt_in.__getitem__)
    monkeypatch.setattr(looking, "driver_statistics", counted.get)
    file = captured(root, tmp_path / "c.tar.gz", there)
    monkeypatch.undo()
    assert gather(unpacked(file, tmp_path / "again")) == there
    # And that of a capture is the same once more.
    twice = captured(tmp_path / "again", tmp_path / "twice.tar.gz")
    assert twice.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", OF_FREEBSD)
def test_the_inventory_of_a_freebsd_machine_is_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_home: None, capsys: Capture
) -> None:
    told = {IFCONFIG_WITH_DRIVERS: output(f"{name}.ifconfig"), SYSCTL: output(f"{name}.sysctl")}

    def run(command: Sequence[str]) -> str | None:
        return told[tuple(command)]

    known = {"lo0": None, "mce7": "00:0d:3a:00:00:07"}
    monkeypatch.setattr(looking, "run_tool", run)
    monkeypatch.setattr(looking, "netifaces_link_addresses", lambda: known)
    there = inventory_from(told[IFCONFIG_WITH_DRIVERS], told[SYSCTL], known)
    put(tmp_path, "root/etc/rc.conf", 'ifconfig_hn0="DHCP"\n')
    file = captured(tmp_path / "root", tmp_path / "c.tar.gz", there)
    monkeypatch.undo()
    again = unpacked(file, tmp_path / "again")
    assert gather(again) == there
    assert (again / "etc/rc.conf").read_text() == 'ifconfig_hn0="DHCP"\n'
    assert texts(file)["hyperv-net-capture/ifconfig.txt"] == told[IFCONFIG_WITH_DRIVERS]


@pytest.mark.parametrize("name", WITH_ROOT)
@pytest.mark.parametrize("is_given", [True, False])
def test_the_plan_is_the_same_for_every_target(
    name: str, is_given: bool, tmp_path: Path, capsys: Capture
) -> None:
    root, inventory = EXAMPLES / name / "root", EXAMPLES / name / "inventory.json"
    assert main(["inventory", "--inventory", str(inventory), "--format", "json"]) in (0, 1)
    system = System.FREEBSD if '"freebsd"' in capsys.readouterr().out else System.LINUX
    file = tmp_path / "c.tar.gz"
    command = ("inventory", "--inventory", str(inventory), "--root", str(root))
    assert main([*command, "--capture", str(file)]) in (0, 1)
    capsys.readouterr()
    config = ("--network-config", str(EXAMPLES / name / "network-config.yaml")) if is_given else ()
    for target in ("auto", *(one.name for one in targets(system))):
        options = ("plan", "--inventory", str(inventory), "--target", target, *config)
        there = said(capsys, *options, "--root", str(root))
        of_capture = said(capsys, *options, "--root", str(file))
        assert of_capture == tuple(
            part.replace(str(root), str(file)) if isinstance(part, str) else part for part in there
        )


NOCLOUD = "version: 2\nethernets: {eth0: {dhcp4: true, match: {macaddress: '00:0d:3a:11:22:33'}}}\n"
CLOUD_INIT = {
    "usr/bin/cloud-init": "#!/usr/bin/python3\n",
    "usr/bin/python3.11": "",
    "usr/lib/python3/dist-packages/cloudinit/__init__.py": "",
}
#: What decides by being there, or is found by way of another file.
ROOTS: dict[str, dict[str, str]] = {
    "a seed, and a whole system without ifenslave": {
        "var/lib/cloud/seed/nocloud/network-config": NOCLOUD,
        "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
        "sbin/init": "",
        "sbin/ifup": "",
    },
    "what cloud-init kept, for NetworkManager": {
        "var/lib/cloud/instance/network-config.json": NOCLOUD,
        "usr/sbin/NetworkManager": "",
    },
    "cloud-init that writes again": {
        **CLOUD_INIT,
        "etc/netplan/50-cloud-init.yaml": f"network:\n  {NOCLOUD.replace(chr(10), chr(10) + '  ')}",
    },
    "cloud-init that is turned off": {
        **CLOUD_INIT,
        "etc/cloud/cloud-init.disabled": "",
        "etc/netplan/50-cloud-init.yaml": f"network:\n  {NOCLOUD.replace(chr(10), chr(10) + '  ')}",
    },
    "a file that another one includes": {
        "etc/network/interfaces": "source /etc/more/*\n",
        "etc/more/eth0": "auto eth0\niface eth0 inet dhcp\n",
    },
    "a known system": {
        "usr/sbin/wicked": "",
        "etc/sysconfig/network/ifcfg-lo": "",
    },
    "nothing": {"etc/hostname": "x"},
}

FAILING = ("nothing", "a known system", "a seed, and a whole system without ifenslave")


@pytest.mark.parametrize("name", ROOTS)
def test_what_decides_by_being_there_decides_in_a_capture_too(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    root, file = tmp_path / "root", tmp_path / "c.tar.gz"
    for path, text in ROOTS[name].items():
        put(root, path, text)
    inventory = ("--inventory", str(EXAMPLES / "linux-netplan/inventory.json"))
    captured(root, file, from_json(Path(inventory[1]).read_text(), "it"))
    options = (*inventory, "--synthetic-driver", "virtio_net")
    told = [said(capsys, "plan", *options, "--root", str(one)) for one in (root, file)]
    assert told[1] == tuple(
        one.replace(str(root), str(file)) if isinstance(one, str) else one for one in told[0]
    )
    assert (told[0][0] == 1) == (name in FAILING)


def test_a_root_of_freebsd_is_one_in_a_capture_too(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root, "bin/freebsd-version")
    file = captured(root, tmp_path / "c.tar.gz", Inventory(System.FREEBSD, "", ()))
    assert system_of(unpacked(file, tmp_path / "again")) is System.FREEBSD


def test_the_order_in_which_things_were_found_does_not_show() -> None:
    one = Tree({"a": "1", "b": "2"}, {"c": "a", "d": "b"}, {"e", "f"}, {})
    other = Tree({"b": "2", "a": "1"}, {"d": "b", "c": "a"}, {"f", "e"}, {})
    assert packed(one) == packed(other)


def test_the_same_machine_gives_the_same_bytes_in_whatever_order_it_is_read(
    tmp_path: Path,
) -> None:
    made = capture("azure-mana-two-ports")
    backwards = dict([*made["net"].items()][::-1])
    turned = {**made, "class_net": made["class_net"][::-1], "net": backwards}
    one = captured(materialise(made, tmp_path / "1"), tmp_path / "1.tar.gz")
    other = captured(materialise(turned, tmp_path / "2"), tmp_path / "2.tar.gz")
    assert one.read_bytes() == other.read_bytes()


def test_the_status_of_a_machine_is_told_of_its_capture_but_for_addresses_and_routes(
    tmp_path: Path, capsys: Capture
) -> None:
    """Who manages each NIC, what its driver counts, what was drained and what the last run did."""
    root = tmp_path / "root"
    root.mkdir()
    scene = Scene(root)
    scene.counted("eth0", 20, 10)
    scene.counted("ens17", 989, 990)
    scene.networkd(3, "run/systemd/network/10-netplan-vf.network", "[Network]\nBond=bond0\n")
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW))
    file = captured(root, tmp_path / "c.tar.gz")
    there = said(capsys, "status", "--root", str(root))
    assert "drained  since" in there[1] and "networkd (10-netplan-vf.network)" in there[1]
    assert said(capsys, "status", "--root", str(file)) == there


def test_the_status_of_a_capture_counts_by_the_answers_that_are_kept(
    tmp_path: Path, capsys: Capture
) -> None:
    root = machine("azure-docs-mlx5", tmp_path / "root")
    for name, packets in (("eth0", "9218843"), ("enP53091s1np0", "9218843")):
        folder = rooted.nic_directory(rooted.open_root(root), name)[1:]
        for way in ("rx_packets", "tx_packets"):
            put(root, f"{folder}/statistics/{way}", packets)
    there = said(capsys, "status", "--root", str(root))
    # hv_netvsc's vf_* counters, and not those of the VF.
    assert "1 % of packets received and 98 % of packets sent went over the VF" in there[1]
    assert said(capsys, "status", "--root", str(captured(root, tmp_path / "c.tar.gz"))) == there


@pytest.mark.parametrize("name", KNOWN_ROOTS)
def test_a_known_system_is_known_by_its_capture(name: str, tmp_path: Path) -> None:
    files, system = KNOWN_ROOTS[name]
    for path, text in files.items():
        put(tmp_path, f"root/{path}", text)
    file = captured(tmp_path / "root", tmp_path / "c.tar.gz", Inventory(system, "", ()))
    found = known(unpacked(file, tmp_path / "again"), system)
    assert found is not None and found.name == name
