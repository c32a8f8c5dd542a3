"""Systems that are known and not written: refused by name, with the way on, and never half-read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.model import System
from hyperv_net.renderers.known import KNOWN, WORKS, known
from tests.commands.calling import Capture, error_of
from tests.files import put
from tests.paths import EXAMPLES

LINUX = ("--inventory", str(EXAMPLES / "linux-netplan/inventory.json"))
FREEBSD = ("--inventory", str(EXAMPLES / "azure-freebsd-mce/inventory.json"))
VIRTIO = (*LINUX, "--synthetic-driver", "virtio_net")
CONFIG = "version: 2\nethernets: {eth0: {match: {macaddress: '00:0d:3a:11:22:33'}, dhcp4: true}}\n"

ALPINE = {
    "etc/network/interfaces": "auto eth0\niface eth0\n\tuse dhcp\n",
    "sbin/ifup": "",
    "sbin/mdev": "",
}
SUSE = {
    "usr/sbin/wicked": "",
    "etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
}
RHEL = {
    "etc/sysconfig/network-scripts/ifcfg-lo": "DEVICE=lo\n",
    "etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n",
    "usr/sbin/NetworkManager": "",
}
OPNSENSE = {"usr/local/opnsense/version/core": "", "conf/config.xml": "", "etc/rc.conf": ""}
PFSENSE = {"etc/inc/interfaces.inc": "", "cf/conf/config.xml": "<pfsense/>", "etc/rc.conf": ""}
NUAGEINIT = {"usr/libexec/nuageinit": "", "firstboot": "", "etc/rc.conf": 'ifconfig_hn0="DHCP"\n'}
ROOTS = {
    "ifupdown-ng and mdev (Alpine)": (ALPINE, VIRTIO),
    "wicked and sysconfig (SUSE)": (SUSE, VIRTIO),
    "ifcfg (RHEL 7 and 8)": (RHEL, VIRTIO),
    "OPNsense": (OPNSENSE, FREEBSD),
    "pfSense": (PFSENSE, FREEBSD),
}


def made(root: Path, files: dict[str, str]) -> tuple[str, str]:
    for path, text in files.items():
        put(root, path, text)
    return ("--root", str(root))


def test_each_has_a_root_here() -> None:
    assert {*ROOTS, "nuageinit"} == {one.name for one in KNOWN}


@pytest.mark.parametrize("name", ROOTS)
@pytest.mark.parametrize("verb", ["plan", "render", "apply"])
def test_an_aggregate_is_refused_by_name_and_nothing_is_written(
    name: str, verb: str, tmp_path: Path, capsys: Capture
) -> None:
    files, options = ROOTS[name]
    # A machine of FreeBSD has something to adopt as well, which is not what configures it.
    more = {"etc/rc.conf": 'ifconfig_hn0="DHCP"\n'} if "etc/rc.conf" in files else {}
    root = made(tmp_path / "root", {**files, **more})
    before = sorted(tmp_path.rglob("*"))
    line = error_of([verb, *options, *root], capsys)
    one = next(one for one in KNOWN if one.name == name)
    assert f"{one.files} are neither adopted nor written" in line
    assert one.configured_in in line and one.way_on in line and WORKS[one.system] in line
    assert "traceback" not in line.lower()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["OPNsense", "pfSense", "ifupdown-ng and mdev (Alpine)"])
def test_a_network_config_is_no_way_round_where_nobody_would_write_it(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    files, options = ROOTS[name]
    mac = "00:0d:3a:11:22:33" if options is VIRTIO else "00:0d:3a:04:75:98"
    config = CONFIG.replace("00:0d:3a:11:22:33", mac)
    given = ("--network-config", str(put(tmp_path, "config", config)))
    line = error_of(["plan", *options, *given, *made(tmp_path / "root", files)], capsys)
    assert "neither adopted nor written" in line


@pytest.mark.parametrize("name", ["ifcfg (RHEL 7 and 8)", "wicked and sysconfig (SUSE)"])
def test_what_cloud_init_writes_at_a_first_boot_is_planned_from_its_config(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    files, options = ROOTS[name]
    given = ("--network-config", str(put(tmp_path, "config", CONFIG)))
    # Where NetworkManager is there too it is asked first.
    alone = {path: text for path, text in files.items() if "NetworkManager" not in path}
    root = made(tmp_path / "root", alone)
    assert main(["plan", *options, *given, *root]) == 0
    assert "Changes for sysconfig" in capsys.readouterr().out


def test_another_target_is_taken_where_it_is_named(tmp_path: Path, capsys: Capture) -> None:
    netplan = "network:\n  " + CONFIG.replace("\neth", "\n  eth")
    root = made(tmp_path / "root", {**RHEL, "etc/netplan/1.yaml": netplan})
    assert main(["plan", *VIRTIO, *root, "--target", "netplan"]) == 0
    assert "bond0" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["ifupdown-ng and mdev (Alpine)", "ifcfg (RHEL 7 and 8)"])
def test_a_transparent_pair_is_planned_and_the_system_named(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    inventory = ("--inventory", str(EXAMPLES / "linux-transparent/inventory.json"))
    assert main(["plan", *inventory, *made(tmp_path, ROOTS[name][0])]) == 0
    told = capsys.readouterr().out
    assert "transparent" in told and "[known-system]" in told
    assert next(one for one in KNOWN if one.name == name).files in told


def test_wicked_is_known_by_its_program_before_any_nic_has_a_file(
    tmp_path: Path, capsys: Capture
) -> None:
    files = {"usr/sbin/wicked": "", "etc/sysconfig/network/ifcfg-lo": ""}
    line = error_of(["plan", *VIRTIO, *made(tmp_path, files)], capsys)
    assert "ifcfg files of SUSE are neither adopted nor written" in line


def test_nuageinit_is_named_and_rc_conf_is_planned_beside_it(
    tmp_path: Path, capsys: Capture
) -> None:
    assert main(["plan", *FREEBSD, *made(tmp_path, NUAGEINIT)]) == 0
    told = capsys.readouterr().out
    assert "warning: etc/rc.conf.d/network: nuageinit is here" in told
    assert "ifconfig_lagg0=" in told
    # After the first boot it does nothing more.
    (tmp_path / "firstboot").unlink()
    assert main(["plan", *FREEBSD, "--root", str(tmp_path)]) == 0
    assert "nuageinit" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "system"),
    [
        ({"etc/sysconfig/network-scripts/ifcfg-lo": ""}, System.LINUX),
        ({"etc/sysconfig/network/ifcfg-lo": ""}, System.LINUX),
        ({**ALPINE, "sbin/udevd": ""}, System.LINUX),
        ({"sbin/mdev": "", "etc/netplan/1.yaml": ""}, System.LINUX),
        ({"usr/libexec/nuageinit": ""}, System.FREEBSD),
        ({"etc/rc.conf": ""}, System.FREEBSD),
    ],
)
def test_what_is_not_one_is_not_taken_for_one(
    files: dict[str, str], system: System, tmp_path: Path
) -> None:
    """Loopback's file is everywhere, and Alpine with eudev is a machine like others."""
    made(tmp_path, files)
    assert known(tmp_path, system) is None


@pytest.mark.parametrize("name", ["lan0", "lo1", "eth0", "bond0", "p1p1"])
@pytest.mark.parametrize("folder", ["network-scripts", "network"])
def test_an_ifcfg_file_of_any_other_nic_counts(name: str, folder: str, tmp_path: Path) -> None:
    put(tmp_path, f"etc/sysconfig/{folder}/ifcfg-{name}")
    assert known(tmp_path, System.LINUX) is not None
